"""Values survive the way through JSON; anything else is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.deals.model import Announcement, Kind, Reason, Rejected
from bot.feeds.model import Entry, NotAFeed, ParsedFeed, Rhythm
from bot.workers.jobs import ANSWERS, JudgeJob, ParseJob
from bot.workers.plain import from_plain, to_plain
from tests.builders import announcement

ENTRY = Entry("e1", ("link:x", "title:y"), "Título", "Body\n👍", None, datetime(2026, 11, 23, 8, 30, 1, 5, tzinfo=UTC))
PARSED = ParsedFeed(
    "rss20", "T", None, (ENTRY,), Rhythm(timedelta(hours=2), frozenset([0, 23])), "The feed is not well-formed XML", 7
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ParsedFeed | NotAFeed, PARSED),
        (ParsedFeed | NotAFeed, NotAFeed("This is a web page, not a feed")),
        (ANSWERS[JudgeJob][0], (announcement(), Rejected(0.1, (Reason("a round-up", -2.0),), promising=True))),
        (ANSWERS[JudgeJob][0], ()),
        (str | None, None),
        (str | None, "text"),
        (Kind, Kind.JOINT_VENTURE),
        (tuple[Announcement, ...], (announcement(),)),
    ],
)
def test_a_value_comes_back_equal(kind: Any, value: object) -> None:
    assert from_plain(kind, json.loads(json.dumps(to_plain(value)))) == value


@pytest.mark.parametrize(
    "plain",
    [
        None,
        7,
        "NotAFeed",
        [],
        {},
        {"is": "NotAFeed"},
        {"is": "NotAFeed", "reason": 7},
        {"is": "NotAFeed", "reason": None},
        {"is": "NotAFeed", "reason": "x", "more": 1},
        {"is": "Entry", "reason": "x"},
        {"is": "system", "reason": "x"},
        {"is": ["NotAFeed"], "reason": "x"},
        to_plain(PARSED) | {"dropped": True},  # type: ignore[operator]
        to_plain(PARSED) | {"dropped": "7"},  # type: ignore[operator]
        to_plain(PARSED) | {"wish": "long"},  # type: ignore[operator]
        to_plain(PARSED) | {"entries": [{"is": "Entry"}]},  # type: ignore[operator]
        to_plain(PARSED) | {"entries": {"0": 1}},  # type: ignore[operator]
    ],
)
def test_anything_else_is_refused(plain: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any text will do, as nobody sees it
        from_plain(ANSWERS[ParseJob][0], plain)


def test_an_unknown_member_of_an_enumeration_is_refused() -> None:
    with pytest.raises(ValueError, match="takeover"):
        from_plain(Kind, "takeover")
