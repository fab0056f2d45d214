"""What one sentence states, and what a whole reading states with the spans that prove it."""

from __future__ import annotations

import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.facts.amounts import find_undisclosed, find_values
from bot.deals.facts.find import find_facts
from bot.deals.facts.places import place_key, places
from bot.deals.facts.purposes import find_purpose
from bot.deals.facts.regions import find_region
from bot.deals.facts.starts import find_start
from bot.deals.facts.terms import find_term
from bot.deals.model import Fact, FactName
from bot.deals.texts.read import read
from bot.deals.texts.reading import Reading
from bot.feeds.model import Entry, Feed
from tests.builders import PUBLISHED, party, reading

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "facts.toml").read_text(encoding="utf-8")
)
FINDERS = {
    "term": lambda words: find_term(words, PUBLISHED.year),
    "undisclosed": find_undisclosed,
    "region": find_region,
    "start": lambda words: find_start(words, PUBLISHED),
    "purpose": find_purpose,
}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in FINDERS for case in CASES[name]])
def test_a_sentence_states_what_its_case_says(name: str, case: dict[str, Any]) -> None:
    stated = FINDERS[name](case["text"])

    assert (stated and stated.value) == case.get("found")


@pytest.mark.parametrize("case", CASES["value"])
def test_a_sentence_gives_the_sums_of_the_deal_and_no_others(case: dict[str, Any]) -> None:
    assert [stated.value for stated in find_values(case["text"])] == case["found"]


def facts(told: Reading, lines: tuple[int, ...], *names: str) -> dict[FactName, list[str]]:
    found = find_facts(told, lines, [party(name) for name in names])
    return {name: [fact.value for fact in found if fact.name is name] for name in {fact.name for fact in found}}


def test_facts_come_only_from_the_lines_of_the_deal() -> None:
    told = reading(
        "Acme Health and Beta Cloud partner",
        "Acme Health and Beta Cloud announced a five-year partnership.",
        "Analysts like Acme Health.",
        "Gamma Pharma signed a $90 million deal with Delta for 10 years in Kenya.",
        names=["Acme Health", "Beta Cloud", "Gamma Pharma", "Delta"],
    )

    assert facts(told, (0, 1), "Acme Health", "Beta Cloud") == {FactName.TERM: ["5 years"]}


def test_a_line_that_goes_on_about_the_deal_counts() -> None:
    told = reading(
        "Acme Health and Beta Cloud partner",
        "Acme Health and Beta Cloud announced a partnership.",
        "The agreement runs for seven years.",
        "Financial terms were not disclosed.",
        names=["Acme Health", "Beta Cloud"],
    )

    assert facts(told, (0, 1), "Acme Health", "Beta Cloud") == {
        FactName.TERM: ["7 years"],
        FactName.VALUE: ["undisclosed"],
    }


def test_a_sum_that_is_given_outdoes_that_terms_are_private() -> None:
    told = reading("Acme and Beta sign a $5 million deal", "Other terms of the deal were not disclosed.")

    assert facts(told, (0, 1)) == {FactName.VALUE: ["$5 million"]}


def test_a_dateline_is_no_region() -> None:
    told = reading(
        "Acme Health chooses Beta Cloud",
        "ROCHESTER, Minn. - Acme Health has chosen Beta Cloud.",
        names=["Acme Health", "Beta Cloud"],
    )

    assert FactName.REGION not in facts(told, (0, 1), "Acme Health", "Beta Cloud")


def test_the_text_itself_tells_which_city_is_meant() -> None:
    told = reading(
        "Acme Health chooses Beta Cloud",
        "The Rochester, Minnesota hospital and Beta Cloud begin a partnership.",
        "Beta Cloud will open an office in Rochester.",
        names=["Acme Health", "Beta Cloud"],
    )

    assert facts(told, (0, 1), "Acme Health", "Beta Cloud")[FactName.REGION] == ["Rochester, Minnesota"]


def test_what_another_organisation_plans_is_no_fact_of_the_deal() -> None:
    told = reading(
        "Acme Health chooses Beta Cloud",
        "Acme Health has chosen Beta Cloud.",
        "Gamma Pharma will open an office in Nairobi.",
        names=["Acme Health", "Beta Cloud", "Gamma Pharma"],
    )

    assert facts(told, (0, 1), "Acme Health", "Beta Cloud") == {}


def test_the_evidence_is_the_span_that_states_the_fact() -> None:
    told = reading(
        "Acme Health and Beta Cloud partner",
        "Acme Health and Beta Cloud announced a five-year, $40 million partnership to bring care to Kenya.",
        names=["Acme Health", "Beta Cloud"],
    )
    found = find_facts(told, (0, 1), [party("Acme Health"), party("Beta Cloud")])

    assert {fact.name: _quoted(told, fact) for fact in found} == {
        FactName.TERM: "five-year",
        FactName.VALUE: "$40 million",
        FactName.REGION: "Kenya",
        FactName.PURPOSE: "bring care to Kenya",
    }


def test_ten_years_and_rochester_are_found_in_a_text_as_it_comes() -> None:
    entry = Entry(
        "e1",
        ("e1",),
        "Mayo Clinic and Google join hands",
        "Mayo Clinic and Google have announced a ten-year strategic partnership. Google Cloud will store the data of "
        "the clinic. Google will also open an office in Rochester, Minnesota.",
        published=datetime(2019, 9, 10, tzinfo=UTC),
    )
    told = read(entry, Feed("https://example.com/feed", "Example News"))

    found = facts(told, (0, 1), "Mayo Clinic", "Google")

    assert (found[FactName.TERM], found[FactName.REGION]) == (["10 years"], ["Rochester, Minnesota"])


def test_no_deal_lines_mean_no_facts() -> None:
    assert find_facts(reading("A ten-year partnership of Acme and Beta"), (), ()) == ()


def test_places_are_one_however_they_are_spelt() -> None:
    assert place_key("Rochester, Minn.") == place_key("Rochester, Minnesota")
    assert place_key("U.K.") == place_key("United Kingdom") != place_key("Kenya")


def _quoted(told: Reading, fact: Fact) -> str:
    return told.entry.text[fact.evidence.start : fact.evidence.end]


def test_there_is_no_place_in_a_name() -> None:
    told = reading(
        "Acme Health and Bank of America partner to bring loans to farmers in Kenya", names=["Bank of America"]
    )

    assert facts(told, (0,))[FactName.REGION] == ["Kenya"]


@given(st.text(max_size=400), st.text(max_size=2_000))
def test_any_text_can_be_read_for_facts(title: str, body: str) -> None:
    told = read(Entry("e1", ("e1",), title, body), Feed("https://example.com/feed", "Example News"))

    found = find_facts(told, range(len(told.lines)), [party()])

    assert all(0 <= fact.evidence.start < fact.evidence.end <= len(told.entry.text) for fact in found)


def test_a_hostile_line_is_read_to_its_end() -> None:
    lines = ["9" * 1_200, "$1 million in " * 80, "to build a, " * 100, "open office in A " * 70]
    told = reading("Acme and Beta partner", *lines, "The agreement of Acme and Beta spans four years.")

    assert facts(told, (0, 1, 2, 3, 4, 5))[FactName.TERM] == ["4 years"]


@pytest.mark.parametrize(
    "filler",
    [
        "all of ",
        "the north of the ",
        "in parts of all the ",
        "hospitals in ",
        "five years of ",
        "Kenya, ",
        "$5 million, ",
    ],
)
def test_a_hostile_line_costs_little(filler: str) -> None:
    line = f"Acme signed in {filler * 200} nowhere near Kenya foo Kenya"

    begun = time.process_time()
    find_region(line, line)
    find_term(line)
    find_values(line)
    assert time.process_time() - begun < 1.0


def test_the_title_of_a_deal_gives_its_sum_without_a_tie() -> None:
    told = reading(
        "Acme goes all in on sleep with Beta for $1.5B", "Acme and Beta sign a pact.", names=["Acme", "Beta"]
    )

    assert facts(told, (0, 1), "Acme", "Beta")[FactName.VALUE] == ["$1.5 billion"]


def test_a_size_in_the_title_is_no_value() -> None:
    told = reading("Acme joins $3 billion firm Beta", "Acme and Beta sign a pact.", names=["Acme", "Beta"])

    assert FactName.VALUE not in facts(told, (0, 1), "Acme", "Beta")


def test_a_brief_telling_speaks_of_its_deal_though_a_town_looks_like_a_name() -> None:
    told = reading(
        "Acme picks up a job for Beta",
        "The contract maker will fill vials at its site in Bloomington, Indiana.",
        names=["Acme", "Beta", "Bloomington"],
    )

    assert facts(told, (0,), "Acme", "Beta")[FactName.REGION] == ["Bloomington, Indiana"]


def test_a_currency_and_its_figure_are_no_name() -> None:
    told = read(
        Entry("1", ("1",), "Biogenix goes for $1.5B Sagelab pact", "Novabio receives CHF 60 million upfront."),
        Feed("u", "U"),
    )

    assert not [name.name for line in told.lines for name in line.names if any(map(str.isdigit, name.name))]


def test_a_deal_that_no_pattern_tells_has_the_facts_of_its_title_and_of_the_lines_that_name_a_party() -> None:
    told = reading(
        "Acme puts its wells on Beta for seven years",
        "Acme names Beta its main cloud in Texas.",
        "Gamma Pharma pays Delta $90 million.",
        names=["Acme", "Beta", "Gamma Pharma", "Delta"],
    )

    assert facts(told, (), "Acme", "Beta") == {FactName.TERM: ["7 years"], FactName.REGION: ["Texas"]}


def test_a_line_further_down_about_a_party_alone_counts_under_a_short_form_of_its_name() -> None:
    told = reading(
        "Acme Therapeutics and Beta hunt together",
        "Acme Therapeutics entered into a collaboration with Beta.",
        "Acme looks for small molecules.",
        "Acme is to receive $55 million upfront.",
        names=["Acme Therapeutics", "Acme", "Beta"],
    )

    assert facts(told, (0, 1), "Acme Therapeutics", "Beta")[FactName.VALUE] == ["$55 million upfront"]


def test_what_was_so_before_is_no_fact_of_the_deal() -> None:
    told = reading(
        "Acme Health and Beta begin visits at home",
        "Acme Health and Beta announced a partnership.",
        "Beta has so far worked in Nairobi and will say more.",
        "About Acme Health",
        "Acme Health will build a clinic in Kenya.",
        names=["Acme Health", "Beta"],
    )

    assert FactName.REGION not in facts(told, (0, 1), "Acme Health", "Beta")


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("Acme keeps an Illinois reactor alive for Beta", "Illinois"),
        ("New York to tap in with Acme and Beta", "New York"),
        ("Small Colorado hospital trades Acme for Beta", None),
        ("Baltimore hospital and Acme open an incubator", "Baltimore"),
        ("Acme gets blindness therapy of Beta outside US", "outside the United States"),
        ("Acme wins a contract from a New York hospital network", None),
        ("Acme buys into Beta, and they make a Japanese model", None),
        ("Japan's Acme takes the place of Beta", None),
        ("Acme (NYSE American: ACME) partners with Beta", None),
    ],
)
def test_a_place_in_a_title_is_its_region_unless_it_tells_whence_somebody_is(title: str, region: str | None) -> None:
    stated = find_region(title, title=True)

    assert (stated and stated.value) == region


def test_a_shop_is_no_place_though_a_site_is_opened_in_it() -> None:
    told = reading("Acme to Open Wellness Centers in Beta Stores", names=["Acme", "Beta"])

    assert FactName.REGION not in facts(told, (0,), "Acme", "Beta")


def test_every_spelling_is_found_whole_and_the_longest_first() -> None:
    text = "In Guinea, South San Francisco, the Southwest U.S. and Washington, D.C., not in Texassian"

    assert [found.group() for found in places().named.finditer(text)] == [
        "Guinea",
        "South San Francisco",
        "Southwest U.S.",
        "Washington, D.C.",
    ]
