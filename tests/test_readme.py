"""The README shows what the program says now."""

from __future__ import annotations

import re

from tests.readme import commands, deal, part, tour


def steady(text: str) -> str:
    """Without what depends on the day, and on which feed was read first."""
    return re.sub(r" *#\d+|deal \d+", "#", re.sub(r"Partnership news · \w+ \d+ \w+", "Partnership news", text))


def test_the_readme_lists_every_command() -> None:
    assert part("commands") == commands(), "run: python -m tests.readme"


def test_the_readme_shows_the_tour_as_it_is() -> None:
    assert steady(part("tour")) == steady(tour()), "run: python -m tests.readme"


def test_the_readme_shows_a_deal_as_it_is() -> None:
    assert steady(part("deal")) == steady(deal()), "run: python -m tests.readme"
