"""Earlier deals that an entry names in passing."""

from __future__ import annotations

from bot.deals.recognise import recognise
from tests.deals.reading_cases import entry, feed


def mentioned(title: str, body: str) -> list[tuple[str, ...]]:
    return [mention.parties for mention in recognise(entry(title, body), feed()).mentions]


def test_it_means_whoever_the_sentence_is_about() -> None:
    told = (
        "Google and Mayo Clinic announced a 10-year partnership on Tuesday. Google has been busy: NTT Data struck a "
        "deal with it in August, and in June Sanofi agreed to set up an innovation lab with the company."
    )

    assert mentioned("Google and Mayo Clinic agree on a decade", told) == [("NTT Data", "Google"), ("Sanofi", "Google")]


def test_helpers_named_beside_the_parties_are_no_deal_of_their_own() -> None:
    told = "NHS England has awarded Palantir and its partners Accenture, PwC and NECS a seven-year contract."

    assert mentioned("NHS England picks Palantir for its data platform", told) == []


def test_the_deal_that_ends_is_a_mention_of_the_entry_that_says_so() -> None:
    told = "Amazon, Berkshire Hathaway and JPMorgan formed a partnership in 2018 and close it next month."

    assert mentioned("Haven, the health venture of three giants, shuts down", told) == [
        ("Amazon", "Berkshire Hathaway", "JPMorgan")
    ]
