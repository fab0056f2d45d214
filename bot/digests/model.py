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
class Quiet:
    """Local hours without any message, from `start` to before `end`; over midnight where `end` is not the later one."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weekdays (0 is Monday) and local times at which a digest is wanted, in an IANA zone.

    `nth` keeps of each month only the nth of those days, 1 to 4, or -1 for the last: the first Monday, the last of the
    working days. A time within the quiet hours waits until they end.
    """

    days: frozenset[int] = frozenset(range(5))
    times: tuple[time, ...] = (time(8),)
    zone: str = "UTC"
    nth: int | None = None
    quiet: Quiet | None = None


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


class Form(StrEnum):
    """When deals come: all in the digest; or as soon as known, and what the day's limit leaves over in the digest."""

    DIGEST = "digest"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a channel wants: topics, timetable and form. `maximum` is the most deals one digest shows.

    `instants` is the most messages a local day that come out of turn. A digest more than `catch_up` hours late is
    skipped, and its deals wait for the next. `mention` is the platform's id of a role that new deals are for.
    """

    channel: Channel
    timetable: Timetable = Timetable()
    topics: Topics = Topics()
    maximum: int = 10
    when_empty: WhenEmpty = WhenEmpty.LINE
    form: Form = Form.DIGEST
    instants: int = 5
    catch_up: int = 24
    mention: str | None = None


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
