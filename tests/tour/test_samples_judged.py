"""What the recogniser makes of the samples: every deal is told once, and what only sounds like one is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.deals.model import Announcement, Judged, Rejected, Status
from bot.deals.recognise import recognise
from bot.deals.triage import triage
from bot.feeds.article import article_text
from bot.feeds.model import Entry, Feed, ParsedFeed
from bot.feeds.parse import parse
from bot.tour.samples import HOST, samples

DEALS = {
    "/articles/highmark-google-cloud.html": {"highmark-health", "google-cloud"},
    "/articles/ten-years-with-mayo-clinic.html": {"google-cloud", "mayo-clinic"},
    "/articles/mayo-names-google.html": {"google", "mayo-clinic"},
    "/articles/google-mayo.html": {"google", "mayo-clinic"},
    "/articles/best-buy-mass-general-brigham.html": {"best-buy-health", "mass-general-brigham"},
    "/articles/nhs-palantir.html": {"nhs-england", "palantir"},
    "/articles/moderna-lonza.html": {"moderna", "lonza"},
    "/articles/astrazeneca-daiichi.html": {"astrazeneca", "daiichi-sankyo"},
    "/articles/cleveland-clinic-ibm.html": {"cleveland-clinic", "ibm"},
    "/articles/mercy-microsoft.html": {"mercy", "microsoft"},
    "/articles/epic-microsoft.html": {"epic", "microsoft"},
    "/articles/novartis-microsoft.html": {"novartis", "microsoft"},
}
OTHERS = (
    "/articles/fhir-bigquery.html",
    "/articles/oracle-cerner.html",
    "/articles/cerner-feinberg.html",
    "/articles/microsoft-2019.html",
    "/articles/chicago-lawsuit.html",
    "/articles/aws-healthscribe.html",
    "/articles/enhertu-approval.html",
    "/articles/mayo-ranking.html",
    "/articles/alphabet-results.html",
)
ENDED = "/articles/haven-ends.html"
EVERY = (*DEALS, *OTHERS, ENDED)
PAGES = {sample.path: sample for sample in samples() if not sample.is_feed}


def test_the_tables_name_every_entry_once() -> None:
    assert sorted(starts(entry.url) for entry, _ in entries()) == sorted(EVERY)


@pytest.mark.parametrize("start", DEALS)
def test_a_deal_is_recognised_with_its_parties(start: str) -> None:
    verdict = judged(start).verdict

    assert isinstance(verdict, Announcement), verdict
    assert {party.organisation for party in verdict.parties} >= DEALS[start]


@pytest.mark.parametrize("start", OTHERS)
def test_what_only_sounds_like_a_deal_is_left_out_with_a_reason(start: str) -> None:
    verdict = judged(start).verdict

    assert isinstance(verdict, Rejected), verdict
    assert verdict.reasons


def test_an_alliance_that_ends_is_never_told_as_a_new_one() -> None:
    verdict = judged(ENDED).verdict

    assert isinstance(verdict, Rejected) or verdict.status is Status.ENDED


def test_the_three_tellings_of_google_and_mayo_clinic_make_one_deal() -> None:
    everything = [judged(start) for start in EVERY]

    new = triage(everything, ()).new

    tellings = [len(deal.announcements) for deal in new if deal.announcements[0].status is not Status.ENDED]
    assert sorted(tellings) == [1] * 9 + [3]


def judged(start: str) -> Judged:
    entry, feed = next((entry, feed) for entry, feed in entries() if starts(entry.url) == start)
    page = PAGES.get(start)
    if page and len(entry.body) < 200:
        entry = replace(entry, body=article_text(page.body, page.content_type) or "")
    return Judged(entry, recognise(entry, feed))


def starts(url: str | None) -> str:
    """An entry's address in the short form of the tables."""
    own = (url or "").removeprefix(f"http://{HOST}").partition("?")[0]
    return next((start for start in EVERY if own.startswith(start)), own)


def entries() -> list[tuple[Entry, Feed]]:
    found = []
    for sample in samples():
        if sample.register is not None:
            feed = Feed(f"http://{HOST}{sample.path}", sample.title, None, sample.owner, sample.sector, sample.register)
            parsed = parse(sample.body, feed_url=feed.url, content_type=sample.content_type)
            assert isinstance(parsed, ParsedFeed)
            found += [(entry, feed) for entry in parsed.entries]
    return found
