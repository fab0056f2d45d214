"""When to ask a feed again."""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
SHORTEST = timedelta(minutes=15)
LONGEST_WISH = timedelta(days=7)
LONGEST_BACK_OFF = timedelta(hours=24)
_SPREAD = 0.1


def next_poll(
    *,
    now: datetime,
    jitter: float,
    wish: timedelta | None = None,
    quiet_hours: frozenset[int] = frozenset(),
    failures: int = 0,
    retry_after: timedelta | None = None,
    interval: timedelta = HOUR,
) -> datetime:
    """The next moment to ask, after `failures` failures in a row (0 after a good answer).

    `jitter` is a random draw from 0 to 1, which adds up to 10 % to the delay. A good answer: `interval`, but less than
    an hour only as far as the publisher's own `wish` invites it, and never under 15 minutes; a longer wish is honoured
    up to 7 days. Failures: 1, 2, 4 … 24 hours. `retry_after` is never undercut (up to 7 days). `quiet_hours` are hours
    in UTC in which the publisher wants no visit; all 24 of them count as none.
    """
    floor = _wished(wish) or HOUR
    delay = max(interval, floor, SHORTEST)
    if failures > 0:
        delay = max(delay if wish else HOUR, _back_off(failures))
    delay = max(delay, min(retry_after or timedelta(), LONGEST_WISH))
    return _out_of(quiet_hours, now + delay * (1 + _SPREAD * min(max(jitter, 0.0), 1.0)))


def _wished(wish: timedelta | None) -> timedelta | None:
    return min(wish, LONGEST_WISH) if wish and wish > timedelta() else None


def _back_off(failures: int) -> timedelta:
    return min(HOUR * (1 << min(failures - 1, 5)), LONGEST_BACK_OFF)


def _out_of(quiet_hours: frozenset[int], at: datetime) -> datetime:
    """The first moment from `at` on outside the quiet hours; minutes are kept, so that feeds stay spread."""
    for _ in range(24):
        if at.hour not in quiet_hours:
            return at
        at += HOUR
    return at - timedelta(hours=24)
