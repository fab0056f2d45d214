"""A feed is asked no more often than its publisher likes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import Why, next_poll
from bot.feeds.model import Rhythm

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("wish", "interval", "expected"),
    [
        (None, HOUR, HOUR),
        (5 * MINUTE, HOUR, HOUR),
        (6 * HOUR, HOUR, 6 * HOUR),
        (30 * DAY, HOUR, 7 * DAY),
        (None, 15 * MINUTE, HOUR),
        (30 * MINUTE, 15 * MINUTE, 30 * MINUTE),
        (MINUTE, 15 * MINUTE, 15 * MINUTE),
        (MINUTE, MINUTE, 15 * MINUTE),
        (timedelta(), 15 * MINUTE, HOUR),
        (None, 3 * HOUR, 3 * HOUR),
        (HOUR, 3 * HOUR, 3 * HOUR),
    ],
)
def test_after_a_good_answer_interval_and_wish_decide(
    wish: timedelta | None, interval: timedelta, expected: timedelta
) -> None:
    assert next_poll(now=NOW, jitter=0, wish=wish, interval=interval).at - NOW == expected


def test_jitter_adds_up_to_a_tenth() -> None:
    assert next_poll(now=NOW, jitter=0.5).at - NOW == 63 * MINUTE
    assert next_poll(now=NOW, jitter=1).at - NOW == 66 * MINUTE
    assert next_poll(now=NOW, jitter=7).at - NOW == 66 * MINUTE
    assert next_poll(now=NOW, jitter=-7).at - NOW == 60 * MINUTE


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (7, 24), (9999, 24)])
def test_failures_double_the_wait_up_to_a_day(failures: int, hours: int) -> None:
    assert next_poll(now=NOW, jitter=0, failures=failures).at - NOW == hours * HOUR


def test_retry_after_is_never_undercut() -> None:
    assert next_poll(now=NOW, jitter=0, failures=1, retry_after=5 * HOUR).at - NOW == 5 * HOUR
    assert next_poll(now=NOW, jitter=0, failures=6, retry_after=5 * HOUR).at - NOW == 24 * HOUR
    assert next_poll(now=NOW, jitter=0, failures=1, retry_after=90 * DAY).at - NOW == 7 * DAY
    assert next_poll(now=NOW, jitter=0, retry_after=2 * HOUR).at - NOW == 2 * HOUR


def test_quiet_hours_are_left_alone() -> None:
    at = next_poll(now=NOW, jitter=0, rhythm=Rhythm(quiet_hours=frozenset([10, 11, 12]))).at
    assert at == NOW.replace(hour=13)


def test_quiet_hours_pass_midnight() -> None:
    at = next_poll(now=NOW.replace(hour=22), jitter=0, rhythm=Rhythm(quiet_hours=frozenset([23, 0, 1]))).at
    assert at == NOW.replace(hour=2) + DAY


def test_a_feed_that_is_always_quiet_counts_as_never_quiet() -> None:
    assert next_poll(now=NOW, jitter=0, rhythm=Rhythm(quiet_hours=frozenset(range(24)))).at - NOW == HOUR


@given(
    st.floats(0, 1),
    st.one_of(st.none(), st.timedeltas(timedelta(days=-2), 99 * DAY)),
    st.frozensets(st.integers(0, 23), max_size=23),
    st.integers(0, 99),
    st.one_of(st.none(), st.timedeltas(timedelta(days=-2), 99 * DAY)),
)
def test_no_visit_is_too_early_too_late_or_in_a_quiet_hour(
    jitter: float,
    wish: timedelta | None,
    quiet: frozenset[int],
    failures: int,
    retry_after: timedelta | None,
) -> None:
    at = next_poll(
        now=NOW, jitter=jitter, wish=wish, rhythm=Rhythm(quiet_hours=quiet), failures=failures, retry_after=retry_after
    ).at
    assert at - NOW >= max(HOUR, min(wish or HOUR, 7 * DAY), min(retry_after or HOUR, 7 * DAY))
    assert at - NOW <= 7.7 * DAY + DAY
    assert at.hour not in quiet


def test_quiet_days_are_left_alone() -> None:
    monday = frozenset([0])
    following = next_poll(now=NOW, jitter=0, rhythm=Rhythm(quiet_days=monday))
    assert (following.at, following.why) == (NOW.replace(hour=0) + DAY, Why.QUIET)


def test_the_longest_wish_counts_whoever_has_it() -> None:
    assert next_poll(now=NOW, jitter=0, wish=6 * HOUR, rhythm=Rhythm(wish=3 * HOUR)).at - NOW == 6 * HOUR
    assert next_poll(now=NOW, jitter=0, wish=2 * HOUR, rhythm=Rhythm(wish=3 * HOUR)).at - NOW == 3 * HOUR
    assert next_poll(now=NOW, jitter=0, rhythm=Rhythm(wish=3 * HOUR), failures=1).at - NOW == 3 * HOUR


def test_a_feed_that_counts_days_from_a_moment_is_asked_after_it() -> None:
    daily_at_six = Rhythm(wish=DAY, base=NOW.replace(month=1, hour=6, minute=0))
    at = next_poll(now=NOW, jitter=0, rhythm=daily_at_six).at
    assert at == NOW.replace(hour=6, minute=0) + DAY
    again = next_poll(now=at + timedelta(minutes=5), jitter=1, rhythm=daily_at_six).at
    assert at + DAY <= again <= at + DAY + HOUR


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, Why.USUAL),
        ({"wish": 5 * HOUR}, Why.WISH),
        ({"failures": 3}, Why.BACK_OFF),
        ({"failures": 1, "retry_after": 5 * HOUR}, Why.RETRY_AFTER),
    ],
)
def test_the_reason_is_told(more: dict[str, Any], why: Why) -> None:
    assert next_poll(now=NOW, jitter=0, **more).why is why


def test_in_a_year_no_two_visits_are_nearer_than_the_interval() -> None:
    random, now = Random(5), NOW
    for _ in range(8_000):
        at = next_poll(now=now, jitter=random.random()).at
        assert HOUR <= at - now <= 66 * MINUTE
        now = at
