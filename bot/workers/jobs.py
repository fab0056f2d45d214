"""What a worker can be asked, and what it answers. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.deals.model import Announcement, Rejected
from bot.feeds.discover import About
from bot.feeds.model import Entry, Feed, News, NotAFeed, ParsedFeed
from bot.feeds.opml import FeedList


@dataclass(frozen=True, slots=True)
class ParseJob:
    """Read a body as a feed; see bot.feeds.parse."""

    body: bytes
    content_type: str
    feed_url: str
    base: str
    now: datetime | None
    known: frozenset[str] = frozenset()
    since: datetime | None = None
    links: str = ""


@dataclass(frozen=True, slots=True)
class JudgeJob:
    """Recognise announcements among entries of one feed; see bot.deals.recognise."""

    entries: tuple[Entry, ...]
    feed: Feed


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Parse a body, then judge the first so many of its entries that are news: two answers, each within the limits."""

    parse: ParseJob
    feed: Feed
    news: News
    most: int


@dataclass(frozen=True, slots=True)
class ArticleJob:
    """Find the article in a page; see bot.feeds.article."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class AboutJob:
    """Find a page's title and where its feed may be; see bot.feeds.discover."""

    body: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class ListJob:
    """Read a list of feeds; see bot.feeds.opml."""

    body: bytes
    content_type: str


Job = ParseJob | JudgeJob | ReadJob | ArticleJob | AboutJob | ListJob

_Parsed = ParsedFeed | NotAFeed
_Verdicts = tuple[Announcement | Rejected, ...]
ANSWERS: Mapping[type, tuple[Any, ...]] = {
    ParseJob: (_Parsed,),
    JudgeJob: (_Verdicts,),
    ReadJob: (_Parsed, _Verdicts),
    ArticleJob: (str | None,),
    AboutJob: (About,),
    ListJob: (FeedList | NotAFeed,),
}
"""The types of the answers to each kind of job, in their order."""


@dataclass(frozen=True, slots=True)
class Done:
    """An answer of the type that ANSWERS says."""

    answer: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no such answer, and none after it; `reason` goes on from "It could not be read"."""

    reason: str


Outcome = Done | Failed
