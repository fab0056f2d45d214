"""The whole way in and out, ticking in virtual time: real HTTP on the loopback, real workers, a real database."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from time import thread_time

from aiohttp import web

from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.digests.timetable import next_slot
from bot.feeds.model import Feed, Register
from bot.platforms.base import Posted, PostOutcome
from bot.poll import Poller
from bot.storage import Storage
from tests.bench.memory import MB
from tests.bench.memory import taken as memory_of_all
from tests.fakes import RecordingPlatform
from tests.feedkit import DEAL, HERE, NO_DEAL, NOW, RSS, item, many_hosts, rss
from tests.simulation.publishers import deal_name

TICK = timedelta(seconds=30)
UPKEEP = 120
"""Ticks between two looks at what is old."""

TIMES = tuple(time(hour) for hour in range(0, 24, 3))
SLOW = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """What must not grow: memory in MB and files of all processes, tasks, and the write-ahead log in MB."""

    memory: float
    files: int
    tasks: int
    log: float


@dataclass
class Lag:
    """How late the event loop was, looked at every five milliseconds, and how late by computing of its own."""

    looks: int = 0
    slow: int = 0
    worst: float = 0.0
    computing: float = 0.0

    async def watch(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            before, spent = clock(), thread_time()
            await asyncio.sleep(0.005)
            late = clock() - before - 0.005
            self.looks += 1
            self.slow += late > SLOW
            self.worst = max(self.worst, late)
            self.computing = max(self.computing, thread_time() - spent)


class Publisher:
    """Feeds that bring something new every twentieth time, a fifth of it deals, and fail every fiftieth."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked += 1
        if self.asked % 50 == 49:
            return web.Response(status=503)
        if "If-None-Match" in request.headers and self.asked % 20:
            return web.Response(status=304)
        news, text = DEAL if self.asked % 100 == 0 else NO_DEAL
        name = f"{deal_name(self.asked)} Health"
        told = item(news.replace("Acme Health", name), text.replace("Acme Health", name), published=self.now)
        return web.Response(body=rss(told).body, headers={"ETag": f'"{self.asked}"', "Content-Type": RSS})


class Chat(RecordingPlatform):
    """A chat that counts, and remembers nothing."""

    count = 0

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        self.count += 1
        return Posted(str(self.count))

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        return True


@dataclass
class Life:
    """A bot with its publisher and its chat; `tick` lets half a minute pass."""

    path: Path
    storage: Storage
    poller: Poller
    deliverer: Deliverer
    publisher: Publisher
    chat: Chat
    ticks: int = 0

    async def tick(self, pause: timedelta = TICK) -> None:
        """What the schedule does after this pause."""
        self.ticks += 1
        self.publisher.now += pause
        await self.poller.poll_due(self.publisher.now)
        await self.deliverer.deliver_due(self.publisher.now)
        if self.ticks % UPKEEP == 0:
            await self.storage.upkeep(self.publisher.now)

    async def standing(self) -> Standing:
        """How it stands when nothing is under way."""
        await asyncio.sleep(0.1)
        gc.collect()
        log = self.path.with_name(f"{self.path.name}-wal").stat().st_size
        return Standing(round(memory_of_all(), 1), _files(), len(asyncio.all_tasks()), round(log / MB, 1))


@asynccontextmanager
async def a_life(path: Path, feeds: int, channels: int) -> AsyncIterator[Life]:
    """So many feeds, each on a host of its own, and so many channels with eight digests a day."""
    publisher, chat = Publisher(), Chat()
    hosts = [f"f{number}.soak" for number in range(feeds)]
    async with many_hosts(path, publisher.answer, hosts) as (storage, poller, port):
        await _settle_in(storage, feeds, channels, port)
        yield Life(path, storage, poller, Deliverer(storage, {chat.name: chat}, "deals"), publisher, chat)


async def _settle_in(storage: Storage, feeds: int, channels: int, port: int) -> None:
    """Feeds are due one after another, as they are in a bot that has run for long."""
    for number in range(feeds):
        feed = Feed(f"http://f{number}.soak:{port}/", f"News {number}", register=Register.PRESS_RELEASE)
        due = NOW + timedelta(hours=1) * number / feeds
        await storage.feeds.add(HERE, feed, due)
    for number in range(channels):
        wanted = Subscription(
            Channel(HERE.platform, HERE.workspace, f"c{number}"), Timetable(frozenset(range(7)), TIMES)
        )
        await storage.subscriptions.save(wanted, next_slot(wanted.timetable, NOW).at, NOW)


def _files() -> int:
    """Open files of this process and its children."""
    own = str(os.getpid())
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return sum(len(os.listdir(f"/proc/{each}/fd")) for each in (own, *children))
