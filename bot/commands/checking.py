"""Asking feeds whether they can be read, side by side. For `feeds check` here and on the command line."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.digests.message import Message, Table, Text
from bot.digests.moments import day
from bot.feeds.answer import Fetched, FetchFailed, NotModified, Postponed, Validators
from bot.feeds.links import gate_of
from bot.feeds.model import Feed, NotAFeed, ParsedFeed
from bot.web.client import Web
from bot.workers.pool import Workers

SEVERAL = 3
"""Where so many publishers cannot be reached, and nobody else can, we look at our own network first."""

_WHAT_HELPS = (
    "Look whether it has a network, whether names are looked up there (DNS), and whether a firewall lets it out to "
    "ports 80 and 443. Pactwire uses no proxy."
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a feed answered, and how long that took in seconds, waiting for its publisher's turn included."""

    feed: Feed
    answer: ParsedFeed | NotAFeed | FetchFailed | NotModified
    seconds: float

    @property
    def is_fine(self) -> bool:
        """Whether entries could be read, or would be if it had any."""
        return isinstance(self.answer, ParsedFeed | NotModified)


async def check_feeds(
    feeds: Sequence[tuple[Feed, Validators]],
    web: Web,
    workers: Workers,
    *,
    on_done: Callable[[Checked], None] = lambda _: None,
) -> tuple[Checked, ...]:
    """Ask all the feeds side by side; results in their order, `on_done` sees each as it ends.

    What goes wrong is an answer too. With its validators a feed need not be sent again.
    """

    async def check(feed: Feed, validators: Validators) -> Checked:
        clock = asyncio.get_running_loop().time
        begun = clock()
        answer = await _read(feed.url, validators, web, workers)
        checked = Checked(feed, answer, clock() - begun)
        on_done(checked)
        return checked

    return tuple(await asyncio.gather(*(check(feed, validators) for feed, validators in feeds)))


async def read_feed(url: str, web: Web, workers: Workers) -> ParsedFeed | NotAFeed | FetchFailed:
    """What the feed at this address holds now."""
    answer = await _read(url, Validators(), web, workers)
    if isinstance(answer, NotModified):
        return FetchFailed("it answered “not modified” although we asked for all of it", 304)
    return answer


async def _read(
    url: str, validators: Validators, web: Web, workers: Workers
) -> ParsedFeed | NotAFeed | FetchFailed | NotModified:
    answer = await web.fetch(url, validators)
    match answer:
        case Fetched():
            return await workers.parse(answer, url)
        case FetchFailed() | NotModified():
            return answer
        case Postponed(reason=reason):
            return FetchFailed(reason)
        case _:
            assert_never(answer)


def newest(parsed: ParsedFeed) -> datetime | None:
    """When the feed's newest dated entry was published."""
    return max((entry.published for entry in parsed.entries if entry.published), default=None)


def is_offline(results: Sequence[Checked]) -> bool:
    """Whether not one of several publishers' machines answered: then it is hardly they who are away."""
    unreached = [each for each in results if isinstance(each.answer, FetchFailed) and each.answer.is_unreached]
    return len(unreached) == len(results) and len({gate_of(each.feed.url) for each in results}) >= SEVERAL


def check_report(results: Sequence[Checked], *, title: str | None = None) -> Message:
    """The results as a table, what fails first; a machine that reaches nobody is told in one sentence instead."""
    if is_offline(results):
        return Message(
            f"This machine seems to be offline: not one of {len(results)} feeds' sites could be reached",
            (Text(_WHAT_HELPS), Table(tuple(_reasons(results)), ("feeds", "because"))),
        )
    fine = sum(result.is_fine for result in results)
    rows = sorted(results, key=lambda result: (result.is_fine, result.feed.title.casefold()))
    return Message(
        title or f"{fine} of {len(results)} feeds can be read",
        (Table(tuple(map(_row, rows)), ("feed", "entries", "newest", "format", "time", "status")),),
    )


def _reasons(results: Sequence[Checked]) -> Iterator[tuple[str, str]]:
    counted = Counter(each.answer.reason for each in results if isinstance(each.answer, FetchFailed))
    for reason, count in counted.most_common():
        yield (str(count), reason)


def _row(result: Checked) -> tuple[str, ...]:
    took = f"{result.seconds:.1f} s"
    match result.answer:
        case ParsedFeed() as parsed:
            latest = newest(parsed)
            dated = day(latest) if latest else "undated"
            status = f"ok · {parsed.fault}" if parsed.fault else "ok"
            return (result.feed.title, str(len(parsed.entries)), dated, _format(parsed.format), took, status)
        case NotModified():
            return (result.feed.title, "", "", "", took, "ok · nothing new")
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
