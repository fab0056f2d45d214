"""A feed is asked no more often than its publisher likes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import next_poll
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
