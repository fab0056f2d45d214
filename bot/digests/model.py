"""Who wants what, and when. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.deals.model import KnownDeal
from bot.feeds.model import Sector


@dataclass(frozen=True, slots=True)
class Channel:
    """A place on a platform. `workspace` is the tenant; `id` is the platform's own id, never a name."""

    platform: str
    workspace: str
    id: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weekdays (0 is Monday) and local times at which a digest is wanted, in an IANA zone."""

    days: frozenset[int] = frozenset(range(5))
    times: tuple[time, ...] = (time(8),)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned moment: `local` is the naive date and time in the zone, `at` the instant in UTC."""

    local: datetime
    at: datetime


class WhenEmpty(StrEnum):
    """What a digest with nothing new does."""

    LINE = "line"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Topics:
    """Which deals a channel wants. Empty means any; words match whole and without case; excluding wins."""

    sectors: frozenset[Sector] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_score: float = 0.5


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a channel wants: topics, timetable and form. `maximum` is the most deals one digest shows."""

    channel: Channel
    timetable: Timetable = Timetable()
    topics: Topics = Topics()
    maximum: int = 10
    when_empty: WhenEmpty = WhenEmpty.LINE


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed that cannot be read, since when, and why in a few words."""

    title: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the field was read: a failed feed is unknown coverage, never "no news"."""

    total: int
    read: int
    failing: tuple[FailingFeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """The deals for one slot, best first. `cut` counts what the maximum left out; it stays wanted.

    `since` is the slot before, None for a first digest.
    """

    slot: Slot
    zone: str
    since: datetime | None
    deals: tuple[KnownDeal, ...]
    cut: int
    coverage: Coverage
    late: bool = False
