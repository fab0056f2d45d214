"""When to ask a feed again, and why then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.feeds.model import Rhythm

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=15)
LONGEST_WISH = timedelta(days=7)
LONGEST_BACK_OFF = timedelta(hours=24)
_SPREAD = 0.1
_NOTHING = timedelta()
_NO_RHYTHM = Rhythm()


class Why(StrEnum):
    """What decided the moment; goes on from "next in two hours, "."""

    USUAL = "as usual"
    TOLD = "seldom, as its hub tells us of news"
    WISH = "as its publisher asks"
    QUIET = "after its quiet hours"
    BACK_OFF = "later after each failure"
    RETRY_AFTER = "as the site told us to wait"


@dataclass(frozen=True, slots=True)
class NextPoll:
    """The moment, and what decided it."""

    at: datetime
    why: Why


def next_poll(
    *,
    now: datetime,
    jitter: float,
    wish: timedelta | None = None,
    rhythm: Rhythm = _NO_RHYTHM,
    failures: int = 0,
    retry_after: timedelta | None = None,
    interval: timedelta = HOUR,
    is_told: bool = False,
) -> NextPoll:
    """The next moment to ask, after `failures` failures in a row (0 after a good answer).

    `jitter` is a random draw from 0 to 1, which adds up to 10 % to the delay. `wish` is the server's, `rhythm` the
    feed's own; the longer one counts. It is honoured up to 7 days, and invites us earlier than an hour only as far as
    `interval` wants that, never under 15 minutes. Failures: 1, 2, 4 … 24 hours, no wish undercut. `retry_after` is
    never undercut (up to 7 days). A feed that counts days from a moment of its own is asked after one of them. One of
    whose news we are told by a hub is asked once a day.
    """
    wished = min(max(filter(None, (wish, rhythm.wish)), default=_NOTHING), LONGEST_WISH)
    delay, why = max(interval, SHORTEST if wished > _NOTHING else HOUR), Why.USUAL
    for least, reason in (
        (max(wished, SHORTEST), Why.WISH),
        (DAY if is_told else _NOTHING, Why.TOLD),
        (_back_off(failures), Why.BACK_OFF),
        (min(retry_after or _NOTHING, LONGEST_WISH), Why.RETRY_AFTER),
    ):
        if least > delay:
            delay, why = least, reason
    part = _SPREAD * min(max(jitter, 0.0), 1.0)
    at = now + delay * (1 + part)
    if rhythm.base and why is Why.WISH and rhythm.wish and rhythm.wish >= max(DAY, wish or DAY):
        earliest = now + max(interval, HOUR, wish or HOUR)
        at = _counted(rhythm.base, min(rhythm.wish, LONGEST_WISH), earliest) + HOUR * part
    later = _out_of(rhythm, at)
    return NextPoll(later, why if later == at else Why.QUIET)


def _back_off(failures: int) -> timedelta:
    return min(HOUR * (1 << min(failures - 1, 5)), LONGEST_BACK_OFF) if failures > 0 else _NOTHING


def _counted(base: datetime, step: timedelta, earliest: datetime) -> datetime:
    """The first moment from `earliest` on that lies whole steps from `base`."""
    return earliest + (base - earliest) % step


def _out_of(rhythm: Rhythm, at: datetime) -> datetime:
    """The first moment from `at` on outside the quiet times; minutes are kept, so that feeds stay spread."""
    if not rhythm.quiet_hours and not rhythm.quiet_days:
        return at
    moment = at
    for _ in range(24 * 8):
        if moment.hour not in rhythm.quiet_hours and moment.weekday() not in rhythm.quiet_days:
            return moment
        moment += HOUR
    return at
