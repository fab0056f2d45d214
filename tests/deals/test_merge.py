"""Which announcements tell one deal, and what they tell together."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.merge import Follows, Match, Same, Unrelated, are_same, combine, match, party_keys
from bot.deals.model import (
    Announcement,
    FactName,
    Kind,
    KnownDeal,
    Mention,
    Role,
    Sentence,
)
from bot.feeds.model import Register, Sector
from tests.builders import evidence
from tests.deals.tellings import FIRST_DAY, organisation, telling

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "mergers.toml").read_text(encoding="utf-8")
)["pair"]


def known_as(id: int, *announcements: Announcement) -> KnownDeal:
    return KnownDeal(id, combine(announcements), FIRST_DAY)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_two_tellings_are_what_their_case_says(case: dict[str, Any]) -> None:
    expected: dict[str, Match] = {"same": Same(7), "follows": Follows(7), "unrelated": Unrelated()}

    found = match(telling(case["second"], "e2"), [known_as(7, telling(case["first"]))])

    assert found == expected[case["expected"]]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_being_one_deal_goes_both_ways(case: dict[str, Any]) -> None:
    first, second = telling(case["first"]), telling(case["second"], "e2")

    assert are_same(first, second) is are_same(second, first)


def test_the_order_of_what_is_known_does_not_matter() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract for records"}
    other = {"parties": ["Acme Health", "Beta Cloud"], "title": "Sensors for nurses"}
    known = [known_as(1, telling(other)), known_as(2, telling(told)), known_as(3, telling(other, "e3"))]

    assert match(telling(told, "e9"), known) == match(telling(told, "e9"), known[::-1]) == Same(2)


def test_an_expansion_follows_the_latest_deal_before_it() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"}
    known = [
        known_as(1, telling(told)),
        known_as(2, telling({**told, "day": 300})),
        known_as(3, telling({**told, "day": 900})),
    ]

    assert match(telling({**told, "day": 500, "status": "expanded"}, "e9"), known) == Follows(2)


def test_the_end_of_a_deal_is_not_its_beginning() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"}

    assert match(telling({**told, "status": "ended", "day": 9}, "e2"), [known_as(1, telling(told))]) == Follows(1)


def test_a_party_is_known_under_its_own_key_and_its_owners() -> None:
    cloud, google = party_keys(organisation("Google Cloud")), party_keys(organisation("Google"))

    assert google < cloud
    assert party_keys(organisation("Acme Health Inc.")) == party_keys(organisation("acme health"))


GOOGLE_MAYO: list[tuple[dict[str, Any], str]] = [
    (
        {"parties": ["Mayo Clinic", "Google"], "title": "Ten years of cloud for Mayo Clinic", "term": "10 years"},
        "Example News",
    ),
    (
        {"parties": ["Google", "Mayo Clinic"], "title": "Google moves to Rochester", "region": "Rochester", "day": 1},
        "Example Post",
    ),
    (
        {
            "parties": ["Google Cloud", "Mayo Clinic"],
            "title": "A partnership",
            "kind": "customer_selection",
            "term": "multi-year",
            "region": "Rochester, Minnesota",
            "day": 2,
        },
        "Example Wire",
    ),
    (
        {"parties": ["Mayo Clinic", "Google"], "title": "Why the clinic went digital", "term": "10 years", "day": 3},
        "Example Daily",
    ),
]


def stories() -> list[Announcement]:
    return [telling(told, f"e{number}", publisher=name) for number, (told, name) in enumerate(GOOGLE_MAYO)]


def test_what_four_sources_tell_is_one_deal() -> None:
    deal = combine(stories())

    assert deal.headline == "Mayo Clinic × Google: 10-year strategic partnership"
    assert [(fact.name, fact.value) for fact in deal.facts] == [
        (FactName.TERM, "10 years"),
        (FactName.REGION, "Rochester, Minnesota"),
    ]
    assert deal.published == FIRST_DAY
    assert deal.sector is Sector.HEALTH_SYSTEM
    assert [each.entry for each in deal.announcements] == ["e0", "e1", "e2", "e3"]


@given(st.permutations(stories()))
def test_no_order_of_arrival_changes_a_deal(announcements: list[Announcement]) -> None:
    assert combine(announcements) == combine(stories())


def test_sources_that_disagree_are_both_shown_the_better_supported_first() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"}
    terms = ["5 years", "6 years", "6 years"]

    deal = combine([telling({**told, "term": term}, f"e{number}") for number, term in enumerate(terms)])

    assert [fact.value for fact in deal.facts] == ["6 years", "5 years"]


def test_a_name_is_printed_as_most_sources_print_it() -> None:
    told: dict[str, Any] = {"title": "A contract"}
    printed = [["Alphabet", "Acme Health"], ["Google", "Acme Health"], ["Google", "Acme Health"]]

    deal = combine([telling({**told, "parties": names}, f"e{number}") for number, names in enumerate(printed)])

    assert {party.name for party in deal.parties} == {"Google", "Acme Health"}


def test_a_name_that_one_of_many_sources_adds_is_dropped() -> None:
    told: dict[str, Any] = {"title": "A contract"}
    printed = [
        ["Beta Cloud", "Acme Health"],
        ["Beta Cloud", "Acme Health"],
        ["Beta Cloud", "Acme Health", "Example Hotel"],
    ]

    deal = combine([telling({**told, "parties": names}, f"e{number}") for number, names in enumerate(printed)])

    assert {party.name for party in deal.parties} == {"Beta Cloud", "Acme Health"}


def test_the_parties_own_word_names_the_deal() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"}
    own = telling({**told, "kind": "licensing"}, "e2", first_party=True, summary=(Sentence("Own.", evidence("Acme")),))
    news = telling({**told, "kind": "manufacturing_supply"}, "e1", summary=(Sentence("News.", evidence("Acme")),))

    deal = combine([news, own])

    assert (deal.kind, deal.summary[0].text) == (Kind.LICENSING, "Own.")


def test_a_role_that_sources_dispute_is_no_role() -> None:
    buyer, seller = organisation("Acme Health", role=Role.CUSTOMER), organisation("Acme Health", role=Role.SUPPLIER)
    told = telling({"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"})
    other = organisation("Beta Cloud")

    deal = combine([replace(told, parties=(buyer, other)), replace(told, entry="e2", parties=(seller, other))])

    assert {party.role for party in deal.parties} == {Role.PARTNER}


def test_a_deal_keeps_the_best_score_and_every_mention_once() -> None:
    told = {"parties": ["Acme Health", "Beta Cloud"], "title": "A contract"}
    mention = Mention(("Gamma", "Delta"), evidence("Acme"))
    other = Mention(("Delta", "Gamma"), evidence("Oslo"))

    deal = combine(
        [telling(told, "e1", score=0.6, mentions=(mention,)), telling(told, "e2", score=0.8, mentions=(other,))]
    )

    assert (deal.score, deal.mentions) == (0.8, (mention,))


def test_a_press_release_is_trusted_with_a_name_that_news_leave_out() -> None:
    told: dict[str, Any] = {"title": "A contract", "parties": ["Beta Cloud", "Acme Health"]}
    release = telling(
        {**told, "parties": ["Beta Cloud", "Acme Health", "Gamma"]}, "e9", register=Register.PRESS_RELEASE
    )

    deal = combine([telling(told, "e1"), telling(told, "e2"), release])

    assert {party.name for party in deal.parties} == {"Beta Cloud", "Acme Health", "Gamma"}
