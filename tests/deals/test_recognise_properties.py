"""What holds for any text at all."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.deals.model import Announcement, Evidence
from bot.deals.recognise import recognise
from bot.feeds.model import Entry
from tests.deals.reading_cases import feed

WORDS = Path(__file__).with_name("fragments.txt").read_text(encoding="utf-8").splitlines()
PROSE = st.lists(st.sampled_from([*WORDS, "\n"]), max_size=60).map(" ".join)
TEXT = st.one_of(PROSE, st.text(max_size=300))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT, st.sampled_from([None, "Acme Health", "Google", "ß"]))
def test_any_text_is_judged_and_every_span_lies_in_it(title: str, body: str, owner: str | None) -> None:
    entry = Entry("e1", ("e1",), title, body)
    verdict = recognise(entry, feed(owner))
    assert 0.0 <= verdict.score <= 1.0
    assert all(_lies_in(entry.text, mention.evidence) for mention in verdict.mentions)
    if isinstance(verdict, Announcement):
        assert len(verdict.parties) >= 2
        assert len({party.name for party in verdict.parties}) == len(verdict.parties)
        for party in verdict.parties:
            assert _lies_in(entry.text, party.evidence)
            assert verdict.quote(party.evidence) == party.name or party.name == owner
        spans = [fact.evidence for fact in verdict.facts] + [sentence.evidence for sentence in verdict.summary]
        assert all(_lies_in(entry.text, span) for span in spans)


@settings(max_examples=25, deadline=None)
@given(PROSE)
def test_judging_twice_gives_one_verdict(body: str) -> None:
    entry = Entry("e1", ("e1",), "Acme Health and Globex team up", body)
    assert recognise(entry, feed()) == recognise(entry, feed())


def test_a_megabyte_of_text_is_no_more_work_than_its_beginning() -> None:
    body = "Acme Health announced a partnership with Globex, a maker of scanners, and others. " * 12_500
    verdict = recognise(Entry("e1", ("e1",), "Acme Health partners with Globex", body), feed())
    assert isinstance(verdict, Announcement)


def _lies_in(text: str, span: Evidence) -> bool:
    return span.entry == "e1" and 0 <= span.start < span.end <= len(text)
