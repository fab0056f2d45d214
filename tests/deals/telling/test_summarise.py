"""Summaries made of the source's own words, and headlines made of facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.model import Announcement, Fact, FactName, Kind, Party, Role, Sentence, Status
from bot.deals.recognise import recognise
from bot.deals.telling.clean import cut_to_stand_alone, shortened
from bot.deals.telling.headline import LONGEST as LONGEST_HEADLINE
from bot.deals.telling.headline import headline
from bot.deals.telling.summarise import LONGEST, summarise
from bot.deals.texts.reading import Reading
from bot.feeds.model import Entry, Feed
from bot.feeds.text import clean
from tests.builders import fact, party, reading

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "sentences.toml").read_text(encoding="utf-8")
)
NAMES = ("Acme Health", "Beta Cloud")


@pytest.mark.parametrize("case", CASES["cut"])
def test_a_sentence_is_cut_to_what_stands_alone(case: dict[str, str]) -> None:
    assert cut_to_stand_alone(case["text"])[0] == case["found"]


@pytest.mark.parametrize("case", CASES["short"])
def test_a_long_sentence_ends_at_a_border_or_not_at_all(case: dict[str, str]) -> None:
    assert shortened(case["text"], 100) == case.get("found")


def summary(*lines: str, weights: Sequence[float] = ()) -> list[str]:
    told = reading(lines[0], *lines[1:], names=NAMES)
    strength = weights or [0.5, 0.9, *[0.2] * (len(lines) - 2)]
    return [sentence.text for sentence in summarise(told, strength, [party(name) for name in NAMES], ())]


def test_what_is_announced_comes_first_and_then_what_they_will_do() -> None:
    assert summary(
        "Acme Health goes with Beta Cloud",
        "OSLO, Nov. 23, 2026 /PRNewswire/ -- Acme Health and Beta Cloud today announced a ten-year partnership.",
        "Nurses have asked for better tools.",
        "Beta Cloud will store the records of Acme Health and build tools for its nurses.",
    ) == [
        "Acme Health and Beta Cloud announced a ten-year partnership.",
        "Beta Cloud will store the records of Acme Health and build tools for its nurses.",
    ]


def test_the_line_that_announces_most_is_taken_wherever_it_stands() -> None:
    told = summary(
        "A new era of care at Acme Health",
        "Hospitals everywhere look for ways to keep their data safe.",
        "Acme Health and Beta Cloud have signed a five-year partnership.",
        weights=(0.1, 0.1, 0.9),
    )

    assert told == ["Acme Health and Beta Cloud have signed a five-year partnership."]


@pytest.mark.parametrize(
    "line",
    [
        "“Acme Health and Beta Cloud will change care for ever,” the chief executive said.",
        "He brings together Acme Health and Beta Cloud in a ten-year partnership.",
        "Acme Health is thrilled about its partnership with Beta Cloud, which runs for ten years.",
        "About Acme Health: Acme Health is a partner of Beta Cloud and others.",
        "Home | News | Acme Health and Beta Cloud announce a partnership",
        "The post Acme Health and Beta Cloud announce a partnership appeared first on Example News.",
        "For more information on the partnership of Acme Health visit www.example.com.",
    ],
)
def test_what_cannot_stand_alone_gives_way_to_the_title(line: str) -> None:
    assert summary("Acme Health and Beta Cloud announce a partnership", line) == [
        "Acme Health and Beta Cloud announce a partnership."
    ]


@pytest.mark.parametrize(
    "line",
    [
        "It brings the nurses of both new tools under a ten-year agreement.",
        "The two will build tools for nurses over ten years.",
        "In return it gets rights to the tools that they build for ten years.",
    ],
)
def test_a_pronoun_is_told_right_behind_the_sentence_that_says_who_is_meant(line: str) -> None:
    opening = "Acme Health and Beta Cloud announce a partnership"
    assert summary(opening, line) == [f"{opening}.", line]
    assert summary(opening, "“We are glad,” the head of Beta Cloud said.", "It was a long day for the pair.") == [
        f"{opening}."
    ]


def test_a_pronoun_whose_sentence_is_not_told_is_not_told_either() -> None:
    told = summary(
        "Acme Health and Beta Cloud announce a partnership",
        "Acme Health and Beta Cloud announced a partnership for nurses.",
        "“Gamma is our friend,” the head of Beta Cloud said.",
        "It will build a hospital in Oslo for $40 million.",
    )

    assert told == ["Acme Health and Beta Cloud announced a partnership for nurses."]


def test_gladness_goes_and_what_is_announced_stays() -> None:
    assert summary("News", "Acme Health is thrilled to announce its ten-year partnership with Beta Cloud.") == [
        "Acme Health [announces] its ten-year partnership with Beta Cloud."
    ]


def test_a_title_that_is_only_a_name_is_no_summary() -> None:
    assert summary("Acme Health", "It works well.") == []


def test_we_speak_only_where_nobody_else_does() -> None:
    assert summary(
        "Acme Health goes with Beta Cloud",
        "Today we at Acme Health announce our partnership with Beta Cloud.",
        "Acme Health has chosen Beta Cloud to store its records.",
        weights=(0.5, 0.9, 0.8),
    ) == ["Acme Health has chosen Beta Cloud to store its records."]


def test_a_sentence_about_others_is_not_told() -> None:
    told = reading(
        "Acme Health and Beta Cloud partner",
        "Acme Health and Beta Cloud have announced a partnership for cloud computing.",
        "Gamma Pharma will build a lab with Delta under a ten-year contract.",
        names=(*NAMES, "Gamma Pharma", "Delta"),
    )

    sentences = summarise(told, (0.5, 0.9, 0.7), [party(name) for name in NAMES], ())

    assert [sentence.text for sentence in sentences] == [
        "Acme Health and Beta Cloud have announced a partnership for cloud computing."
    ]


PIECES = st.sampled_from(
    [
        "Acme Health and Beta Cloud announced a ten-year partnership",
        "Acme Health (NYSE: ACME) will use the platform of Beta Cloud, which stores the records of patients safely",
        "However, Beta Cloud plans to open an office in Oslo, they said Monday",
        "OSLO, Nov. 23, 2026 /PRNewswire/ -- Acme Health (“Acme”) today announced an alliance with Beta Cloud",
        "The agreement is worth $40 million",
        "“We are proud,” said the head of Beta Cloud",
        "Beta Cloud will help Acme Health to find patients, to train nurses and to plan hospitals for years to come",
        "This is it",
        "Acme Health and Beta Cloud, including all of their units, have agreed to share tools to...",
    ]
)


@given(lines=st.lists(PIECES, min_size=1, max_size=7), weights=st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_every_summary_is_short_and_made_of_the_words_of_its_span(lines: list[str], weights: list[float]) -> None:
    told = reading("Acme Health and Beta Cloud partner", *(f"{line}." for line in lines), names=NAMES)

    sentences = summarise(told, weights[: len(told.lines)], [party(name) for name in NAMES], ())

    assert len(" ".join(sentence.text for sentence in sentences)) <= LONGEST
    assert len(sentences) <= 3
    assert all(_is_taken_from(told, sentence) for sentence in sentences)


@given(st.text(max_size=300))
def test_cutting_only_leaves_out(text: str) -> None:
    cut, _ = cut_to_stand_alone(text)

    assert _is_subsequence(re.findall(r"\w+", cut), re.findall(r"\w+", text))


def _is_taken_from(told: Reading, sentence: Sentence) -> bool:
    span = told.entry.text[sentence.evidence.start : sentence.evidence.end]
    return _is_subsequence(re.findall(r"\w+", sentence.text), re.findall(r"\w+", span))


def _is_subsequence(words: Sequence[str], source: Sequence[str]) -> bool:
    rest = iter(source)
    return all(word in rest for word in words)


def line(*parties: Party, kind: Kind = Kind.STRATEGIC_PARTNERSHIP, facts: Sequence[Fact] = ()) -> str:
    return headline(parties, kind, Status.ANNOUNCED, facts)


def test_a_headline_says_who_how_long_and_what() -> None:
    term = fact(FactName.TERM, "10 years")

    assert (
        line(party("Google"), party("Mayo Clinic"), facts=[term])
        == "Google × Mayo Clinic: 10-year strategic partnership"
    )


def test_a_headline_says_where_a_deal_stands() -> None:
    parties = [party("Acme"), party("Beta")]

    assert headline(parties, Kind.RESEARCH_COLLABORATION, Status.EXPANDED, ()) == (
        "Acme × Beta: expanded research collaboration"
    )


def test_a_headline_gives_a_direction_only_where_the_roles_do() -> None:
    customer, supplier = party("Acme", role=Role.CUSTOMER), party("Beta", role=Role.SUPPLIER)
    term = fact(FactName.TERM, "5 years")

    assert line(supplier, customer, kind=Kind.CUSTOMER_SELECTION, facts=[term]) == "Acme chooses Beta: 5-year agreement"
    assert line(party("Beta"), customer, kind=Kind.CUSTOMER_SELECTION) == "Beta × Acme: agreement"


def test_many_parties_are_counted() -> None:
    parties = [party(name) for name in ("Acme", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")]

    assert line(*parties, kind=Kind.CONSORTIUM_MEMBERSHIP) == "Acme, Beta and 4 others: consortium"


def test_a_disputed_term_stays_out_of_the_headline() -> None:
    terms = [fact(FactName.TERM, "10 years"), fact(FactName.TERM, "8 years")]

    assert line(party("Acme"), party("Beta"), facts=terms) == "Acme × Beta: strategic partnership"


def test_a_sum_and_an_end_stand_in_the_headline() -> None:
    value, term = fact(FactName.VALUE, "$200 million"), fact(FactName.TERM, "through 2030")

    assert line(party("Acme"), party("Beta"), facts=[value, term]) == (
        "Acme × Beta: $200 million strategic partnership through 2030"
    )


@given(
    st.lists(st.text(min_size=1, max_size=150), min_size=1, max_size=6), st.sampled_from(Kind), st.sampled_from(Status)
)
def test_no_headline_is_too_long(names: list[str], kind: Kind, status: Status) -> None:
    said = headline([party(name) for name in names], kind, status, [fact(FactName.TERM, "10 years")])

    assert 0 < len(said) <= LONGEST_HEADLINE


def test_a_pixel_a_breadcrumb_and_a_share_bar_never_reach_a_summary() -> None:
    body = clean(
        "<nav>Home &gt; News &gt; Partners</nav><p>Home &gt; News &gt; Acme Health and Globex partner</p>"
        "<img src='https://track.example/p.gif' width='1' height='1' alt='pixel'>"
        "<div class='social-share'>Share on Facebook Tweet LinkedIn</div>"
        "<p>Acme Health and Globex have signed a five-year partnership to run a data platform for nurses.</p>"
        "<p>Share this article: Facebook | Twitter | LinkedIn</p>"
    )
    verdict = recognise(
        Entry("e1", ("e1",), "Acme Health and Globex partner on data", body), Feed("https://example.com/feed", "News")
    )
    assert isinstance(verdict, Announcement)
    said = " ".join(sentence.text for sentence in verdict.summary)
    assert said == "Acme Health and Globex have signed a five-year partnership to run a data platform for nurses."
