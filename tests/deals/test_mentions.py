"""Earlier deals that an entry names in passing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("title", "body", "told"),
    [
        (
            "Moderna and Samsung Biologics agree on bottling",
            "Moderna and Samsung Biologics today announced a manufacturing agreement. "
            "Moderna also has fill-finish agreements with Catalent, ROVI and Recipharm.",
            [("Moderna", "Catalent"), ("Moderna", "ROVI"), ("Moderna", "Recipharm")],
        ),
        (
            "Apple buys into Didi",
            "The maker of phones puts $1 billion into it. Didi is worth more than ever. "
            "Didi takes part in an alliance with Lyft, Ola and Uber.",
            [("Didi", "Lyft", "Ola", "Uber")],
        ),
        (
            "Aetna and Ascension sign up for an alliance on provider data",
            "They join Humana, Optum and UnitedHealthcare in what is now called by another name.",
            [("Humana", "Optum", "UnitedHealthcare")],
        ),
    ],
)
def test_many_who_are_named_have_a_deal_each_or_one_together(
    title: str, body: str, told: list[tuple[str, ...]]
) -> None:
    assert mentioned(title, body) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Sanofi and Exscientia signed a pact. The two have worked together since 2016.", [("Sanofi", "Exscientia")]),
        ("Sanofi and Exscientia signed a pact. They already sell a drug.", [("Sanofi", "Exscientia")]),
        ("Sanofi and Exscientia signed a pact. The two will work on it from 2023.", []),
        ("Sanofi and Exscientia signed a pact. Pfizer has worked on the like since 2016.", []),
    ],
)
def test_an_earlier_deal_of_the_same_two_is_a_mention_where_its_time_is_told(
    body: str, told: list[tuple[str, ...]]
) -> None:
    assert mentioned("Sanofi and Exscientia sign a research pact", body) == told


@pytest.mark.parametrize(
    ("title", "body", "told"),
    [
        (
            "Nektar and Pfizer call it quits on a cancer drug",
            "All studies end, the companies said.",
            [("Nektar", "Pfizer")],
        ),
        ("Pfizer and Allergan call off their merger", "The boards agreed to end it.", []),
        (
            "Walgreens sues Theranos",
            "The chain says that the laboratory broke their contract.",
            [("Walgreens", "Theranos")],
        ),
        ("Elastic sues Amazon over a trademark", "Its customers get the two mixed up.", []),
    ],
)
def test_what_is_over_between_the_two_of_a_title_is_a_mention_unless_it_was_a_purchase(
    title: str, body: str, told: list[tuple[str, ...]]
) -> None:
    assert mentioned(title, body) == told


def test_its_partner_is_that_of_whom_the_text_is_about() -> None:
    told = "It has 74 satellites in space. Airbus, its partner in building them, is among those hit."

    assert ("OneWeb", "Airbus") in mentioned("OneWeb runs out of cash in orbit", told)


def test_who_reports_a_deal_or_rules_on_it_has_none() -> None:
    told = "Pfizer told Reuters that it works with the FDA. Pfizer has long worked with Reuters on a prize."

    assert mentioned("Pfizer reports results for the quarter", told) == []


def test_a_deal_that_is_only_talked_of_is_no_mention() -> None:
    told = "Pfizer sold more. It is said to have sounded out Novartis about a partnership with Sanofi."

    assert mentioned("Pfizer reports results for the quarter", told) == []


@given(st.text(max_size=300), st.text(max_size=1_500))
def test_every_mention_has_two_parties_and_a_line_that_tells_it(title: str, body: str) -> None:
    verdict = recognise(entry(title, body), feed())

    for mention in verdict.mentions:
        assert len(set(mention.parties)) > 1
        assert 0 <= mention.evidence.start < mention.evidence.end


@pytest.mark.parametrize(
    ("title", "body", "told"),
    [
        (
            "Abbott takes Bigfoot under its roof",
            "They have worked on insulin pens since 2017. The price was not given.",
            [("Abbott", "Bigfoot")],
        ),
        (
            "CureVac sheds two vaccine makers",
            "Demand has fallen, so CureVac is ending contracts with Wacker and Celonic.",
            [("CureVac", "Wacker"), ("CureVac", "Celonic")],
        ),
        ("Comcast drops Netflix bid", "It had become clear that nobody would let the purchase through.", []),
        ("Nokia hands its maps to Daimler for 2.8 billion euros", "The Finns now live from networks alone.", []),
    ],
)
def test_a_purchase_has_no_mention_but_the_work_before_it(title: str, body: str, told: list[tuple[str, ...]]) -> None:
    assert mentioned(title, body) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "A 15-year accord lets Roche make kits for Illumina. Illumina wants more hospitals to run tests. "
            "In October it signed the like with Qiagen.",
            [("Illumina", "Qiagen")],
        ),
        (
            "A 15-year accord lets Roche make kits for Illumina. Roche and Illumina are glad of it. "
            "In October it signed the like with Qiagen.",
            [],
        ),
        (
            "A 15-year accord lets Roche make kits for Illumina. Roche is glad of it. "
            "A similar accord between Pfizer and Qiagen dates from May.",
            [("Pfizer", "Qiagen")],
        ),
    ],
)
def test_it_is_the_party_that_the_line_before_names_and_nobody_where_it_names_both(
    body: str, told: list[tuple[str, ...]]
) -> None:
    assert mentioned("Roche and Illumina sign a 15-year agreement on tests", body) == told


def test_a_project_and_who_owns_it_are_one_side_of_a_deal() -> None:
    told = "The outcry was over Project Nightingale, Google's partnership with Ascension, and records of patients."

    assert mentioned("Patient sues over shared records", told) == [("Google", "Ascension")]


def test_a_party_in_short_is_still_the_party() -> None:
    told = "Siebel Systems and EDS signed an agreement. It widens the relationship between EDS and Siebel."

    assert mentioned("Siebel Systems and EDS sign an agreement", told) == []


def test_what_is_only_said_to_end_is_no_mention() -> None:
    assert mentioned("Epic said to consider ending its work with Google", "People close to it say so.") == []
