from __future__ import annotations

import time

import pytest

from bot.deals.model import Announcement, Rejected, Role
from bot.deals.recognise import recognise
from bot.feeds.model import Register
from tests.deals.reading_cases import entry, feed, headlines, tellings


@pytest.mark.parametrize(("headline", "parties"), headlines(), ids=[headline for headline, _ in headlines()])
def test_a_headline_is_judged_as_its_file_says(headline: str, parties: tuple[str, ...]) -> None:
    verdict = recognise(entry(headline), feed())
    found = {party.name for party in verdict.parties} if isinstance(verdict, Announcement) else set()
    assert found == set(parties)


@pytest.mark.parametrize(("title", "lead", "parties"), tellings(), ids=[title for title, _, _ in tellings()])
def test_news_in_brief_is_judged_as_its_file_says(title: str, lead: str, parties: tuple[str, ...]) -> None:
    verdict = recognise(entry(title, lead), feed())
    found = {party.name for party in verdict.parties} if isinstance(verdict, Announcement) else set()
    assert found == set(parties)


def test_what_ended_is_no_announcement() -> None:
    rejected(
        "News from two clinics", "Acme Health and Globex end their partnership on care at home, they said on Monday."
    )


def test_a_text_of_a_megabyte_is_judged_by_its_opening() -> None:
    news = "Acme Health and Globex announced a ten-year partnership today. "
    begun = time.process_time()
    verdict = announced("Acme Health and Globex form a partnership", news + "The clinic is open every day. " * 35_000)
    assert {party.name for party in verdict.parties} == {"Acme Health", "Globex"}
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("body", ["", "x", "?", "<p></p>", "1 2 3"])
def test_next_to_nothing_is_turned_away(body: str) -> None:
    assert any("no text" in each.text for each in rejected("", body).reasons)


def announced(title: str, body: str = "", owner: str | None = None) -> Announcement:
    register = Register.VENDOR_BLOG if owner else Register.TRADE_NEWS
    verdict = recognise(entry(title, body), feed(owner, register))
    assert isinstance(verdict, Announcement), verdict
    return verdict


def rejected(title: str, body: str = "", owner: str | None = None) -> Rejected:
    verdict = recognise(entry(title, body), feed(owner))
    assert isinstance(verdict, Rejected), verdict
    return verdict


def test_a_name_is_printed_as_the_text_has_it_and_never_widened() -> None:
    verdict = announced("Mayo Clinic signs on with Google for ten years")
    assert [party.name for party in verdict.parties] == ["Mayo Clinic", "Google"]
    assert [party.organisation for party in verdict.parties] == ["mayo-clinic", "google"]
    assert [verdict.quote(party.evidence) for party in verdict.parties] == ["Mayo Clinic", "Google"]


def test_a_vendor_that_says_we_is_a_party_with_its_we_as_evidence() -> None:
    verdict = announced("A new chapter", "Today we are announcing a partnership with Globex Health.", owner="Acme")
    assert [(party.name, verdict.quote(party.evidence)) for party in verdict.parties] == [
        ("Acme", "we"),
        ("Globex Health", "Globex Health"),
    ]
    assert verdict.first_party


def test_a_vendors_headline_may_leave_the_vendor_unsaid() -> None:
    verdict = announced("New research partnership with Globex Health", owner="Acme")
    assert {party.name for party in verdict.parties} == {"Acme", "Globex Health"}


def test_the_same_headline_of_a_news_desk_has_one_party_and_is_no_deal() -> None:
    rejected("New research partnership with Globex Health")


def test_who_chose_whom_becomes_their_roles() -> None:
    roles = {party.name: party.role for party in announced("Acme Health selects Globex to run its cloud").parties}
    assert roles == {"Acme Health": Role.CUSTOMER, "Globex": Role.SUPPLIER}


def test_a_symmetric_sentence_gives_nobody_a_direction() -> None:
    assert {party.role for party in announced("Acme Health and Globex team up on care").parties} == {Role.PARTNER}


def test_earlier_deals_named_in_passing_are_mentions_and_no_parties() -> None:
    verdict = announced(
        "Acme Health and Globex team up on care",
        "Acme Health and Globex are partnering on care at home. "
        "It is not the first: in May Initech signed a contract with Umbra Labs.",
    )
    assert {party.name for party in verdict.parties} == {"Acme Health", "Globex"}
    assert [mention.parties for mention in verdict.mentions] == [("Initech", "Umbra Labs")]


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Acme to buy Globex for $3 billion", "acquisition"),
        ("Acme Health ends its alliance with Globex", "ends"),
        ("Acme Health in talks with Globex on a cloud deal", "talks"),
        ("Weekly roundup: Acme partners and Globex grows", "round-up"),
    ],
)
def test_a_rejection_says_why(title: str, reason: str) -> None:
    assert any(reason in each.text for each in rejected(title, title + ". Acme and Globex said so.").reasons)


def test_the_reasons_of_an_announcement_come_with_the_most_telling_first() -> None:
    weights = [abs(reason.weight) for reason in announced("Acme Health and Globex team up on care").reasons]
    assert weights == sorted(weights, reverse=True)
    assert 0 < len(weights) <= 8


def test_two_promising_lines_ask_for_the_whole_page() -> None:
    assert rejected("Health giant announces new alliance", "A well known clinic has found a partner.").promising


@pytest.mark.parametrize("title", ["Acme raises $30 million in Series B with partner funds", "Weather is fine"])
def test_a_text_about_something_else_asks_for_nothing(title: str) -> None:
    assert not rejected(title, title).promising


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "there is no text"),
        ("1 2 3 4 5 6 7 8 9 | 10 11 12 13 14 | a b c d e f g h i j k l m 15 16 17 18 19 20 21 22 23 24", "not prose"),
        (
            "Google und die Klinik haben sich auf eine Zusammenarbeit geeinigt und werden mit der Cloud arbeiten.",
            "English",
        ),
        ("谷歌与诊所宣布合作伙伴关系，谷歌与诊所宣布合作伙伴关系，谷歌与诊所宣布合作伙伴关系", "English"),
    ],
)
def test_what_is_no_english_prose_is_turned_away_with_the_reason(body: str, reason: str) -> None:
    assert any(reason in each.text for each in rejected("", body).reasons)


def test_a_long_german_text_is_told_by_the_language_model() -> None:
    text = "Die Klinik hat am Montag bekannt gegeben, dass sie in Zukunft mit Acme zusammenarbeiten will. " * 8
    assert any("English" in each.text for each in rejected("Neue Zusammenarbeit", text + " for the in").reasons)
