"""D06: one workspace follows 50 hostile feeds. How much later are the others' feeds read for that?"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.digests.model import Channel
from bot.feeds.model import Feed
from bot.poll import Poller
from bot.storage import Storage
from tests.bench.feeds import ENTRIES, feed
from tests.feedkit import HERE, NOW, RSS, many_hosts
from tests.workers.attacks import ATTACKS

NOISY = Channel("slack", "T-noisy", "C1")
SIZES = (100_000, 1_000_000, 4_000_000)
WORST = ("attributes", "nesting", "brackets", "quiet hours", "quadratic entities", "categories", "JSON items")


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds from the beginning of the round to when a good feed's entries stood in the database."""

    median: float
    p99: float
    entries: int
    took: float


class Servers:
    """`/g/N` is a good feed, `/h/N` a hostile one: a body that costs, one that never ends, a bomb, or silence."""

    def __init__(self) -> None:
        self._made = dict[int, bytes]()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        _, kind, number = request.path.split("/")
        if kind == "g":
            return web.Response(body=feed(int(number) % 100, 0, NOW), headers={"Content-Type": RSS})
        return await self._hostile(request, int(number))

    async def _hostile(self, request: web.BaseRequest, number: int) -> web.StreamResponse:
        match number % 10:
            case 0:
                await asyncio.sleep(25)
                return web.Response(status=204)
            case 1:
                return await _drip(request)
            case 2:
                return web.Response(body=gzip.compress(b" " * 9_000_000), headers={"Content-Encoding": "gzip"})
        if number not in self._made:
            name = WORST[number % len(WORST)]
            self._made[number] = ATTACKS[name](SIZES[number % len(SIZES)]).encode()
        return web.Response(body=self._made[number], headers={"Content-Type": RSS})


async def _drip(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    with suppress(ConnectionError):
        for _ in range(50):
            await response.write(b"<rss>")
            await asyncio.sleep(0.5)
    return response


async def lateness(folder: Path, good: int, hostile: int, workers: int = 1) -> Lateness:
    """One round in which all feeds are due."""
    async with _polling(folder / f"noisy{hostile}.db", good, hostile, workers) as (storage, poller):
        clock = asyncio.get_running_loop().time
        began, read = clock(), dict[int, float]()
        watching = asyncio.create_task(_watch(storage, read, lambda: clock() - began))
        await poller.poll_due(NOW)
        took = clock() - began
        await asyncio.sleep(0.2)
        watching.cancel()
        kept = await storage.feeds.list(HERE)
    seconds = sorted(read[each.id] for each in kept)
    return Lateness(seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100], sum(e.entries for e in kept), took)


async def _watch(storage: Storage, read: dict[int, float], elapsed: object) -> None:
    while True:
        for each in await storage.feeds.list(HERE):
            if each.last_success and each.id not in read:
                read[each.id] = elapsed()  # type: ignore[operator]
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _polling(path: Path, good: int, hostile: int, workers: int) -> AsyncIterator[tuple[Storage, Poller]]:
    hosts = [f"g{number}.load" for number in range(good)] + [f"h{number}.load" for number in range(hostile)]
    async with many_hosts(path, Servers().answer, hosts, workers) as (storage, poller, port):
        for number in range(hostile):
            await storage.feeds.add(NOISY, Feed(f"http://h{number}.load:{port}/h/{number}", "H"), _due(number))
        for number in range(good):
            await storage.feeds.add(HERE, Feed(f"http://g{number}.load:{port}/g/{number}", "G"), _due(number))
        yield storage, poller


def _due(number: int) -> datetime:
    """Hostile ones stand among the others."""
    return NOW - timedelta(hours=1) + timedelta(seconds=number)


async def main(folder: Path, good: int = 300, hostile: int = 50) -> bool:
    """Print both, and whether it is bearable."""
    alone, beside = await lateness(folder, good, 0), await lateness(folder, good, hostile)
    assert alone.entries == beside.entries == good * ENTRIES
    later = beside.p99 - alone.p99
    print(f"D06 {good} feeds are read within {alone.p99:.1f} s (99 %), beside {hostile} hostile ones {later:+.1f} s")
    return later <= 60


if __name__ == "__main__":
    import logging
    import tempfile

    from bot.logs import configure

    configure("error", "text")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(main(Path(place)))
