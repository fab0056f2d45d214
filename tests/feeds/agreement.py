"""`make agreement FEEDS=folder`: real feeds, each by the quick reader and by feedparser, field by field.

Then two bots, one of which has feedparser alone, poll all of them twice over loopback, and both have to keep the same
entries. The second time every body has one byte more, so that it is read again; still nothing may be new.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import cast

from bot.feeds.encoding import decode
from bot.feeds.entries import Asked
from bot.feeds.model import Entry, Feed, NotAFeed, ParsedFeed
from bot.feeds.parse import parse, parse_any, parse_plain
from bot.feeds.repair import repair, shorten
from bot.logs import configure
from bot.poll import Habits, Poller
from bot.web.client import Web
from bot.web.names import PinnedNames
from bot.web.server import LocalServer, Page
from bot.workers.pool import Workers
from tests.fakes import InlineWorkers
from tests.feedkit import HERE, NOW
from tests.ready import open_ready

HOST = "feeds.example"
URL = "https://example.com/feed"
FIELDS = ("id", "keys", "url", "title", "published", "body")
ENOUGH = 0.999
XML = "application/xml"
ROWS = "SELECT id, url, title, published_at, outcome FROM entries ORDER BY id"
KEYS = "SELECT f.url, k.key FROM entry_keys k JOIN feeds f ON f.id = k.feed_id ORDER BY 1, 2"


@dataclass
class Agreement:
    """In how many fields both said the same; `quick` counts the feeds that the quick reader takes."""

    feeds: int = 0
    quick: int = 0
    entries: int = 0
    same: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    apart: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of all fields."""
        return self.same.total() / max(self.asked.total(), 1)

    def add(self, name: str, body: bytes, kind: str = XML) -> None:
        """Read one body both ways."""
        text, left_out = shorten(repair(decode(body, kind).lstrip()))
        asked = Asked(URL, URL, NOW)
        quick, other = parse_plain(text, left_out, asked), parse_any(text, left_out, asked)
        self.feeds += 1
        if quick is None:
            return
        self.quick += 1
        told = other.entries if isinstance(other, ParsedFeed) else ()
        self.entries += len(told)
        self._compare(name, "count", len(quick.entries), len(told))
        for one, two in zip_longest(quick.entries, told):
            for each in FIELDS:
                self._compare(name, each, _of(one, each), _of(two, each))

    def _compare(self, name: str, what: str, one: object, two: object) -> None:
        self.asked[what] += 1
        self.same[what] += one == two
        if one != two:
            self.apart.append(f"{name}, {what}: {one!r:.100} and {two!r:.100}")


def _of(entry: Entry | None, name: str) -> object:
    return None if entry is None else getattr(entry, name)


class ByFeedparser(InlineWorkers):
    """Workers without the quick reader."""

    async def parse(self, fetched, feed_url, *, now=None, known=frozenset(), since=None, is_doubtful=False):  # type: ignore[no-untyped-def]
        text, left_out = shorten(repair(decode(fetched.body, fetched.content_type).lstrip()))
        return parse_any(text, left_out, Asked(feed_url, feed_url, now, known, since))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a bot had in its database after the first poll and after the second, and how many entries that brought."""

    first: Sequence[object]
    second: Sequence[object]
    new: int


async def polled_twice(bodies: Mapping[str, bytes], folder: Path, workers: InlineWorkers) -> Kept:
    """Poll all the bodies over loopback, and again with a byte more each."""
    pages = {f"/{name}": Page(body, XML) for name, body in bodies.items()}
    path = folder / f"{type(workers).__name__}.db"
    async with open_ready(path) as storage, LocalServer(pages) as server, _web(server.port) as web:
        for name in pages:
            await storage.feeds.add(HERE, Feed(f"http://{HOST}{name}", name), NOW)
        poller = Poller(web, cast(Workers, workers), storage, Habits(), Random(1))
        await poller.poll_due(NOW)
        first = _rows(path)
        pages |= {name: Page(page.body + b"\n", XML) for name, page in pages.items()}
        report = await poller.poll_due(NOW + timedelta(days=8))
        assert report.unchanged == 0
        return Kept(first, _rows(path), report.entries)


CUTS = 40


def cut(body: bytes, kind: str = XML) -> int:
    """Read the body cut at 40 places: how often that gave an entry which the whole one does not have.

    Of a feed with more than 500 entries other ones are the newest where it is cut.
    """
    whole = parse(body, feed_url=URL, content_type=kind, now=NOW)
    is_long = isinstance(whole, ParsedFeed) and whole.dropped > 0
    known = {key for entry in _entries(whole) for key in entry.keys}
    strange = 0
    for place in range(1, CUTS + 1):
        part = parse(body[: len(body) * place // (CUTS + 1)], feed_url=URL, content_type=kind, now=NOW)
        strange += not is_long and any(known.isdisjoint(entry.keys) for entry in _entries(part))
    return strange


def _entries(found: ParsedFeed | NotAFeed) -> Sequence[Entry]:
    return found.entries if isinstance(found, ParsedFeed) else ()


def _web(port: int) -> Web:
    """A client for which one name stands on this machine, whatever the server's port."""
    names = PinnedNames({HOST: ("127.0.0.1", port)})
    return Web(user_agent="Pactwire/agreement", allow_addresses=["127.0.0.0/8"], host_pause=0, resolver=names)


def _rows(path: Path) -> Sequence[object]:
    with closing(sqlite3.connect(path)) as database:
        return [*database.execute(ROWS), *database.execute(KEYS)]


async def main(folder: Path) -> int:
    """Print what both say; 1 where they do not agree."""
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    bodies = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    agreement = Agreement()
    for name, body in bodies.items():
        agreement.add(name, body)
    print(
        f"{agreement.quick} of {agreement.feeds} feeds are plain enough to be read quickly: {agreement.entries} entries"
    )
    for what, asked in agreement.asked.items():
        print(f"  {what:<10} {agreement.same[what]:>6} of {asked:>6} the same")
    print(f"in all {agreement.share:.4%}", *agreement.apart[:20], sep="\n  ")
    strange = {name: number for name, body in bodies.items() if (number := cut(body))}
    print(f"cut at {CUTS} places each: no exception; entries that the whole feed does not have: {strange or 'none'}")
    with tempfile.TemporaryDirectory() as place:
        one = await polled_twice(bodies, Path(place), InlineWorkers())
        two = await polled_twice(bodies, Path(place), ByFeedparser())
    is_same = one.first == two.first
    print(f"polled over loopback: {len(one.first)} rows, {'the same' if is_same else 'NOT the same'} by both")
    print(f"polled again: {one.new} and {two.new} new entries")
    is_still = one.first == one.second and two.first == two.second and not one.new and not two.new
    return int(agreement.share < ENOUGH or bool(strange) or not is_same or not is_still)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
