"""Which deals a channel wants."""

from __future__ import annotations

import pytest

from bot.digests.model import Topics
from bot.digests.topics import mentions_any, wants
from bot.feeds.model import Sector
from tests.builders import announcement, known, party


@pytest.mark.parametrize(
    ("topics", "wanted"),
    [
        (Topics(), True),
        (Topics(minimum_score=0.95), False),
        (Topics(minimum_score=0.9), True),
        (Topics(sectors=frozenset((Sector.HEALTH_SYSTEM,))), True),  # the deal's own
        (Topics(sectors=frozenset((Sector.CLOUD, Sector.PAYER))), True),  # a party's
        (Topics(sectors=frozenset((Sector.PAYER,))), False),
        (Topics(include=("borealis",)), True),  # a party
        (Topics(include=("PARTNERSHIP",)), True),  # the headline
        (Topics(include=("store its data",)), True),  # the summary
        (Topics(include=("imaging suite",)), True),  # a title
        (Topics(include=("partner",)), False),  # not whole
        (Topics(include=("oncology", "cloud")), True),  # any of them
        (Topics(exclude=("cloud",)), False),
        (Topics(include=("acme",), exclude=("borealis",)), False),  # excluding wins
        (Topics(exclude=("clou",)), True),
    ],
)
def test_a_deal_is_wanted_by_score_sector_and_whole_words(topics: Topics, wanted: bool) -> None:
    deal = known(
        parties=(party(), party("Borealis Cloud", sector=Sector.CLOUD)),
        announcements=(announcement(title="An imaging suite for all"),),
    )
    assert wants(topics, deal) is wanted


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("staff training", "ai", False),
        ("an AI-powered tool", "ai", True),
        ("written in C++ today", "c++", True),
        ("data  platform", "data platform", True),
        ("big data\nplatform", "data platform", False),  # two pieces are no phrase
        ("Société Générale", "société générale", True),
        ("Straße", "STRASSE", False),
        ("anything", "  ", False),
        ("cost (net)", "(net)", True),
    ],
)
def test_a_word_is_found_whole_and_without_case(text: str, word: str, found: bool) -> None:
    assert mentions_any(text, (word,)) is found
