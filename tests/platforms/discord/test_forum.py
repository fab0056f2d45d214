from __future__ import annotations

from bot.feeds.model import Sector
from bot.platforms.discord.forum import MOST_TAGS, deals_of, fitting
from tests.platforms.discord import messages


def test_each_deal_stands_under_its_heading() -> None:
    found = deals_of(messages.digest(("One", Sector.PAYER), ("Two", Sector.CLOUD)))
    assert [(card.headline, heading) for card, heading in found] == [("One", "PAYERS"), ("Two", "CLOUD & TECHNOLOGY")]


def test_tags_are_found_by_name_whatever_their_case() -> None:
    assert fitting(["Other", "payers", "NEW"], ("PAYERS", "new")) == [1, 2]
    assert fitting(["Other"], ("PAYERS", "new")) == []
    card, heading = deals_of(messages.digest(("One", Sector.PAYER)))[0]
    assert fitting(["Payers", "Strategic Partnership", "New"], (heading, card.kind, card.badge)) == [0, 1, 2]


def test_at_most_five_tags_are_set() -> None:
    names = [f"tag {number}" for number in range(9)]
    assert len(fitting(names, names)) == MOST_TAGS
