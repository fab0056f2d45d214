"""How a feed does, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.health import following, state, suggestions
from bot.feeds.model import Feed
from bot.storage.model import KeptFeed, Origin
from tests.builders import PUBLISHED as NOW
from tests.desk import Desk, shown

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kept(**changes: object) -> KeptFeed:
    fields: dict[str, object] = {
        "id": 7,
        "feed": Feed("https://example.com/feed", "Example News"),
        "origin": Origin.COMMAND,
        "next_poll": NOW + HOUR,
        "first_read": NOW - 400 * DAY,
        "last_success": NOW - HOUR,
        "newest": NOW - DAY,
        "entries": 500,
        "deals": 3,
    }
    return KeptFeed(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "read 1 h ago"),
        ({"last_success": None}, "not asked yet"),
        ({"left_out": 2_500}, "read 1 h ago; 2,500 of its entries are too many and left out"),
        (
            {"failing_since": NOW - 3 * HOUR, "last_error": "HTTP 500"},
            "failing since 3 h ago: HTTP 500; last read 1 h ago",
        ),
        ({"stopped": NOW - DAY}, "stopped 24 h ago: its site says that it is gone for good"),
    ],
)
def test_the_state_is_told(changes: dict[str, object], words: str) -> None:
    assert state(kept(**changes), NOW).startswith(words)


@pytest.mark.parametrize(
    ("at", "why", "words"),
    [
        (NOW + timedelta(minutes=48), "as usual", "in 48 min, as usual"),
        (NOW + 6 * HOUR, "as its publisher asks", "in 6 h, as its publisher asks"),
        (NOW + 7 * DAY, "as the site told us to wait", "in 7 days, as the site told us to wait"),
        (NOW - timedelta(minutes=59), None, "any moment"),
        (NOW - 3 * HOUR, "as usual", "should have been asked 3 h ago"),
        (None, None, "never"),
    ],
)
def test_the_next_poll_is_told_with_its_reason(at: object, why: str | None, words: str) -> None:
    assert following(kept(next_poll=at, why=why), NOW) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"newest": NOW - 200 * DAY}, "has brought nothing new since 7 May 2026"),
        ({"deals": 0}, "brought 500 entries and no deal since 19 Oct 2025"),
        ({"deals": 0, "entries": 50}, None),
        ({"deals": 0, "first_read": NOW - 20 * DAY}, None),
        ({"failing_since": NOW - 40 * DAY}, "could not be read since 14 Oct 2026"),
        ({"failing_since": NOW - 20 * DAY}, None),
        ({"stopped": NOW}, "is gone for good"),
    ],
)
def test_a_feed_that_brings_nothing_is_suggested_for_removal(changes: dict[str, object], words: str | None) -> None:
    expected = [f"Example News {words}: /deals feeds remove 7"] if words else []
    assert list(suggestions([kept(**changes)], NOW, "deals")) == expected


def test_of_many_that_bring_nothing_some_are_named() -> None:
    assert list(suggestions([kept(stopped=NOW)] * 9, NOW, "deals"))[-1] == "4 more bring nothing either"


async def test_status_says_that_it_is_our_own_network_that_is_away(desk: Desk) -> None:
    await desk.storage.outages.goes_on(desk.now - 3 * HOUR)
    reply = await desk.ask("status")
    assert reply.title == "To be looked at: no network"
    assert "not one site could be reached since 3 h ago" in shown(reply)
    await desk.storage.outages.is_over(desk.now)
    assert "no network" not in (await desk.ask("status")).title


async def test_status_says_which_feed_is_asked_next_and_why(desk: Desk) -> None:
    await desk.fail("alpha", "HTTP 403", since=3 * HOUR)
    assert "Next | Alpha, in 60 min" in shown(await desk.ask("status"))
