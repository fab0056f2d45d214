"""Who is measured: a bare loop over aiohttp, the `reader` library, and Pactwire's own poll path."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import Random

import aiohttp

from bot.feeds.answer import Fetched
from bot.feeds.model import Feed, News
from bot.life import keep_for_good
from bot.poll import Habits, Poller
from bot.storage import Storage, open_storage
from bot.storage.model import Origin
from bot.web.client import Web
from bot.web.names import PinnedNames
from bot.workers.pool import ReadFeed, Workers

ROUND = timedelta(hours=2)
HOST_PAUSE = 2.0
"""Seconds between two requests to one publisher, as the bot keeps them."""

LOOK = 0.005
"""Seconds between two looks whether the event loop goes on. They count as stalled: better too much than too little."""

WARM = 499
"""A feed that everybody reads before time runs, so that libraries are loaded; all databases are empty then."""


def urls(count: int, port: int) -> list[str]:
    """A host for each feed, as in life: connections cannot be used again."""
    return [f"http://f{number}.bench:{port}/{number}" for number in range(count)]


def names(count: int, port: int) -> PinnedNames:
    return PinnedNames({f"f{number}.bench": ("127.0.0.1", port) for number in range(count)})


async def bare(count: int, port: int, etag: str) -> float:
    """Seconds for one conditional request to each feed, 16 at a time, and nothing else."""
    queue = iter(urls(count, port))
    connector = aiohttp.TCPConnector(resolver=names(count, port), limit=0, force_close=True, use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask() -> None:
            for url in queue:
                async with session.get(url, headers={"If-None-Match": etag}) as response:
                    assert response.status == 304
                    await response.read()

        began = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(16)))
        return time.perf_counter() - began


class TheReader:
    """The library that other bots build on, as it comes, with 10 workers."""

    def __init__(self, path: Path, count: int, port: int) -> None:
        # Its own copy of feedparser asks for this module by its former name.
        sys.modules.setdefault("sgmllib", import_module("feedparser_sgmllib"))
        make_reader = import_module("reader").make_reader
        self._reader = make_reader(str(path))
        self._reader.add_feed(f"http://127.0.0.1:{port}/{WARM}")
        self._reader.update_feeds(scheduled=False)
        self._reader.delete_feed(f"http://127.0.0.1:{port}/{WARM}")
        for number in range(count):
            self._reader.add_feed(f"http://127.0.0.1:{port}/{number}")

    def cycle(self) -> float:
        """Seconds to fetch, parse and store what is new."""
        began = time.perf_counter()
        self._reader.update_feeds(workers=10, scheduled=False)
        return time.perf_counter() - began

    def entries(self) -> int:
        """How many are stored."""
        return int(self._reader.get_entry_counts().total or 0)


@dataclass
class Pactwire:
    """Our own poll path: the guarded client, the worker processes, the database."""

    storage: Storage
    poller: Poller
    now: datetime
    entries: int = 0
    longest_stall: float = 0.0

    async def cycle(self) -> float:
        """Seconds to ask every feed once, and to record what it answered."""
        self.now += ROUND
        watching = asyncio.create_task(self._watch())
        began = time.perf_counter()
        report = await self.poller.poll_due(self.now)
        took = time.perf_counter() - began
        watching.cancel()
        assert not report.failed, report.failures[:3]
        self.entries += report.entries
        return took

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LOOK)
            self.longest_stall = max(self.longest_stall, time.perf_counter() - before)


@asynccontextmanager
async def pactwire(path: Path, count: int, port: int, workers: int) -> AsyncIterator[Pactwire]:
    """Everything on, but for the pause between two requests to one publisher: each has its own host here."""
    async with (
        open_storage(path) as storage,
        Web(
            user_agent="Pactwire/bench",
            allow_addresses=["127.0.0.0/8"],
            allow_ports=[port],
            host_pause=HOST_PAUSE,
            resolver=names(count, port),
        ) as web,
        Workers(workers) as working,
    ):
        now = datetime.now(UTC)
        feeds = [(Feed(url, f"News {number}"), Origin.CONFIG) for number, url in enumerate(urls(count, port))]
        await storage.feeds.seed(feeds, now)
        warm = await web.fetch(urls(count, port)[0].replace("/0", f"/{WARM}"))
        assert isinstance(warm, Fetched)
        news = News(now - ROUND, undated=False)
        read = await asyncio.gather(*(working.read(warm, feeds[0][0], news, now=now) for _ in range(workers)))
        assert isinstance(read[0], ReadFeed)
        keep_for_good()
        yield Pactwire(storage, Poller(web, working, storage, Habits(), Random(1)), now)
