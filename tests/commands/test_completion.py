"""What commands offer while somebody types."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.feeds.model import Feed
from bot.platforms.base import Request
from tests.builders import announced
from tests.desk import HERE, Desk


async def offered(desk: Desk, command: str, option: str, typed: str) -> Sequence[str]:
    found = next(each for each in desk.commands if each.name == command)
    complete = next(each for each in found.options if each.name == option).complete
    assert complete is not None
    return await complete(Request(HERE, "u1", may_manage=False), typed)


@pytest.mark.parametrize(
    ("command", "option", "typed", "values"),
    [
        ("deal", "id", "", ["1"]),
        ("deal", "id", "#1", ["1"]),
        ("deal", "id", "2", []),
        ("search", "words", "health", ["Acme Health"]),
        ("search", "words", "Bor", ["Borealis Cloud"]),
        ("feeds remove", "feed", "bet", ["Beta News"]),
        ("feeds remove", "feed", "news", ["Beta News"]),
        ("subscribe", "days", "week", ["weekdays", "weekends"]),
        ("deal", "id", "borealis", ["1"]),
        ("subscribe", "times", "8", ["08:00", "08:30"]),
        ("subscribe", "times", "08:00,17", ["08:00,17:00", "08:00,17:30"]),
        ("subscribe", "zone", "lond", ["Europe/London"]),
        ("settings", "zone", "new york", ["America/New_York"]),
        ("settings", "sectors", "pa", ["payer"]),
        ("settings", "sectors", "payer, ph", ["payer,pharma"]),
        ("help", "command", "feeds a", ["feeds add"]),
    ],
)
async def test_what_fits_is_offered(desk: Desk, command: str, option: str, typed: str, values: list[str]) -> None:
    await desk.tell(announced())
    await desk.storage.feeds.add(HERE, Feed("https://beta.example/feed", "Beta News"), desk.now)
    assert list(await offered(desk, command, option, typed)) == values


async def test_no_list_is_longer_than_a_platform_can_show(desk: Desk) -> None:
    assert len(await offered(desk, "subscribe", "zone", "")) == 20
