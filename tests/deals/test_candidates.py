"""Tellings that may be about one deal, without comparing all with all."""

from __future__ import annotations

from bot.deals.candidates import candidates, index
from bot.deals.merge import are_same
from tests.deals.tellings import organisation, telling

NAMES = ("Google", "Google Cloud", "Mayo Clinic", "Acme Health", "Globex", "AWS", "Amazon")


def test_one_shared_party_makes_no_candidate() -> None:
    known = index([[organisation("Google"), organisation("Mayo Clinic")]])

    assert candidates([organisation("Google"), organisation("Acme Health")], known) == []


def test_a_unit_meets_its_owner() -> None:
    known = index([[organisation("Google"), organisation("Mayo Clinic")]])

    assert candidates([organisation("Google Cloud"), organisation("Mayo Clinic")], known) == [0]


def test_whoever_tells_the_same_deal_is_a_candidate() -> None:
    pairs = [(one, other) for one in NAMES for other in NAMES if one != other]
    tellings = [telling({"parties": pair, "title": "They partner"}, f"e{at}") for at, pair in enumerate(pairs)]
    known = index(each.parties for each in tellings)

    missed = [
        (one.entry, other.entry)
        for one in tellings
        for at, other in enumerate(tellings)
        if are_same(one, other) and at not in candidates(one.parties, known)
    ]

    assert missed == []
