"""Instants as people write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digests.moments import ago, moment, parse_since
from bot.errors import UserError

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(hours=24), "Mon 09:00"),
        (timedelta(hours=-24), "Wed 09:00"),
        (timedelta(days=6), "Wed 09:00"),
        (timedelta(days=7), "17 Nov 09:00"),
        (timedelta(days=-7), "1 Dec 09:00"),
        (timedelta(days=365), "24 Nov 2025 09:00"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_and_cannot_be_mistaken(back: timedelta, words: str) -> None:
    assert moment(NOW - back, NOW, ZoneInfo("Europe/Paris")) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=12), "12 days ago"),
    ],
)
def test_how_long_ago_it_was_is_told_roughly(back: timedelta, words: str) -> None:
    assert ago(NOW - back, NOW) == words


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("12h", NOW - timedelta(hours=12)),
        ("30d", NOW - timedelta(days=30)),
        ("30 days", NOW - timedelta(days=30)),
        ("6W", NOW - timedelta(weeks=6)),
        ("3m", NOW - timedelta(days=90)),
        ("999999w", NOW - timedelta(days=36500)),
        ("2026-09-01", datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_one_can_look_back_by_an_age_or_to_a_date(text: str, since: datetime) -> None:
    assert parse_since(text, NOW) == since


@pytest.mark.parametrize("text", ["", "soon", "30", "d", "2026-13-01", "01/09/2026", "-3d"])
def test_what_is_no_time_is_answered_with_what_would_be(text: str) -> None:
    with pytest.raises(UserError, match="since:30d"):
        parse_since(text, NOW)
