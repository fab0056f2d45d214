"""What a feed is and what it says. Values only; every time is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Register(StrEnum):
    """How a feed speaks: what counts as an announcement is worded differently in each."""

    PRESS_RELEASE = "press_release"
    VENDOR_BLOG = "vendor_blog"
    TRADE_NEWS = "trade_news"


class Sector(StrEnum):
    """The field an organisation works in."""

    HEALTH_SYSTEM = "health_system"
    PAYER = "payer"
    PHARMA = "pharma"
    HEALTH_IT = "health_it"
    DEVICES = "devices"
    RESEARCH = "research"
    GOVERNMENT = "government"
    CONSULTING = "consulting"
    CLOUD = "cloud"
    TECHNOLOGY = "technology"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feed:
    """A source we poll.

    `owner` is the organisation that publishes the feed about itself: the one behind "we". News desks and wires
    speak of others and have no owner and no sector.
    """

    url: str
    title: str
    site: str | None = None
    owner: str | None = None
    sector: Sector | None = None
    register: Register = Register.TRADE_NEWS


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as published, cleaned: plain text, no markup, no control characters.

    `id` is stable and unique over all feeds (a hash of the feed's address and the first key). `keys` are every name by
    which the feed may offer the same entry again; an entry is known when any of them is. `published` is None where the
    feed gives no usable date. `url` is canonical http(s) or None.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    body: str
    url: str | None = None
    published: datetime | None = None

    @property
    def text(self) -> str:
        """The cleaned text that all evidence spans point into: title, newline, body."""
        return f"{self.title}\n{self.body}"


@dataclass(frozen=True, slots=True)
class Hub:
    """Who tells those that ask for it when a feed has something new: its address, and the feed's name there."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True)
class News:
    """Which entries of a feed are news: those published `since` then, and those without a date if `undated` are."""

    since: datetime
    undated: bool

    def holds(self, entry: Entry) -> bool:
        """Whether the entry is news."""
        return self.undated if entry.published is None else entry.published >= self.since


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the feed itself wants to be asked; kept from one body to the next.

    `wish` is the longest interval it asks for (ttl, sy:*), `base` a moment from which it counts such intervals
    (sy:updateBase). `quiet_hours` are hours in UTC, `quiet_days` days (0 is Monday), in which it wants no visit.
    `hub` is who would tell us instead.
    """

    wish: timedelta | None = None
    quiet_hours: frozenset[int] = frozenset()
    quiet_days: frozenset[int] = frozenset()
    base: datetime | None = None
    hub: Hub | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What one body of a feed says.

    `fault` names what was malformed although entries could be read; `dropped` counts the entries beyond the limit of
    one fetch, `known` those that the caller said it knows, which are not among `entries`.
    """

    format: str
    title: str
    site: str | None
    entries: tuple[Entry, ...]
    rhythm: Rhythm = Rhythm()
    fault: str | None = None
    dropped: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class NotAFeed:
    """A body that holds no feed; `reason` is a sentence for the person who reads `feeds list`."""

    reason: str
