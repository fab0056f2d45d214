"""Asking feeds whether they can be read, side by side. For `feeds check` here and on the command line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.digests.message import Message, Table
from bot.digests.moments import day
from bot.feeds.answer import Fetched, FetchFailed, NotModified
from bot.feeds.model import Feed, NotAFeed, ParsedFeed
from bot.web.client import Web
from bot.workers import Workers


@dataclass(frozen=True, slots=True)
class Checked:
    """What a feed answered, and how long that took in seconds, waiting for its publisher's turn included."""

    feed: Feed
    answer: ParsedFeed | NotAFeed | FetchFailed
    seconds: float

    @property
    def is_fine(self) -> bool:
        """Whether entries could be read, or would be if it had any."""
        return isinstance(self.answer, ParsedFeed)


async def check_feeds(
    feeds: Sequence[Feed], web: Web, workers: Workers, *, on_done: Callable[[Checked], None] = lambda _: None
) -> tuple[Checked, ...]:
    """Ask all the feeds side by side; results in their order, `on_done` sees each as it ends."""

    async def check(feed: Feed) -> Checked:
        checked = await check_feed(feed, web, workers)
        on_done(checked)
        return checked

    return tuple(await asyncio.gather(*map(check, feeds)))


async def check_feed(feed: Feed, web: Web, workers: Workers) -> Checked:
    """Fetch and read one feed. What goes wrong is an answer too."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    answer = await read_feed(feed.url, web, workers)
    return Checked(feed, answer, clock() - begun)


async def read_feed(url: str, web: Web, workers: Workers) -> ParsedFeed | NotAFeed | FetchFailed:
    """What the feed at this address holds now."""
    fetched = await web.fetch(url)
    match fetched:
        case Fetched():
            return await workers.parse(fetched, url)
        case FetchFailed():
            return fetched
        case NotModified():
            return FetchFailed("it answered “not modified” although we asked for all of it", 304)
        case _:
            assert_never(fetched)


def newest(parsed: ParsedFeed) -> datetime | None:
    """When the feed's newest dated entry was published."""
    return max((entry.published for entry in parsed.entries if entry.published), default=None)


def check_report(results: Sequence[Checked], *, title: str | None = None) -> Message:
    """The results as a table, what fails first."""
    fine = sum(result.is_fine for result in results)
    rows = sorted(results, key=lambda result: (result.is_fine, result.feed.title.casefold()))
    return Message(
        title or f"{fine} of {len(results)} feeds can be read",
        (Table(tuple(map(_row, rows)), ("feed", "entries", "newest", "format", "time", "status")),),
    )


def _row(result: Checked) -> tuple[str, ...]:
    took = f"{result.seconds:.1f} s"
    match result.answer:
        case ParsedFeed() as parsed:
            latest = newest(parsed)
            dated = day(latest) if latest else "undated"
            status = f"ok · {parsed.fault}" if parsed.fault else "ok"
            return (result.feed.title, str(len(parsed.entries)), dated, _format(parsed.format), took, status)
        case NotAFeed(reason) | FetchFailed(reason):
            return (result.feed.title, "", "", "", took, reason)
        case _:
            assert_never(result.answer)


_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "cdf": "CDF"}


def _format(version: str) -> str:
    """feedparser's name of a format as people write it: "rss20" is RSS 2.0, "rss091u" RSS 0.91."""
    found = re.fullmatch(r"([a-z]+)(?:(\d)(\d+)[a-z]?)?", version)
    if found is None:
        return version
    return " ".join(filter(None, (_FORMATS.get(found[1], found[1]), ".".join(filter(None, found.groups()[1:])))))
