"""Earlier deals that an entry names in passing."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("title", "body", "parties"),
    [
        ("Walgreens cuts the cord with Theranos", "The chain closes 40 sites in Arizona.", ("Walgreens", "Theranos")),
        (
            "Patient sues over shared records",
            "It is about the project of Google and Ascension.",
            ("Google", "Ascension"),
        ),
        ("Inquiry opened into Google's project with Ascension", "It wants to know more.", ("Google", "Ascension")),
        (
            "Microsoft to buy a speech company",
            "Nuance has been a partner of Microsoft for years.",
            ("Nuance", "Microsoft"),
        ),
    ],
)
def test_a_deal_told_by_a_noun_alone_is_a_mention_of_a_rejected_entry(
    title: str, body: str, parties: tuple[str, ...]
) -> None:
    assert mentioned(title, body) == [parties]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Invitae and ArcherDX to combine",
            "Invitae signed a definitive agreement to acquire ArcherDX for $1.4 billion.",
        ),
        ("Microsoft opens an office near Google in Zurich", "Microsoft has 300 people there, and Google has 4,000."),
        ("Cerner and Epic report results", "Cerner grew by 3 percent, and Epic does not say."),
    ],
)
def test_a_purchase_or_two_names_in_one_sentence_are_no_mention(title: str, body: str) -> None:
    assert mentioned(title, body) == []
