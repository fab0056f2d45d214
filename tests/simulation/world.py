"""One seed: a world that begins, a machine that lives in it for a year with everything that goes wrong, and the end."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time as real_time
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from bot.digests.model import Channel, Subscription, Timetable, WhenEmpty
from bot.storage import open_storage
from tests.simulation.chaos import Chaos
from tests.simulation.chats import Chat
from tests.simulation.clock import START, VirtualLoop, Wall
from tests.simulation.inline import inline_sqlite
from tests.simulation.invariants import Facts, broken, dump
from tests.simulation.machine import DUE, Machine
from tests.simulation.publishers import Publisher, SimulatedWeb, scripted

DAY = 86_400.0
QUIET_DAYS, SETTLING = 4, 2 / 24
"""The last days without faults; and how long after the last fault all due work may take."""

ZONES = ("America/New_York", "Europe/London", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata")
MEMORY = Path("/dev/shm")


@dataclass
class Report:
    """What one seed came to."""

    seed: int
    days: int
    faults: list[str]
    trace: str
    seconds: float
    posts: int = 0
    lives: int = 0
    deals: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def simulate(seed: int, days: int = 365, *, lively: bool = True) -> Report:
    """Live through `days` virtual days with the faults of this seed; the report holds every broken invariant."""
    began = real_time.perf_counter()
    gc.disable()  # a fifth of the time, and a seed needs little memory
    gc.freeze()  # what is imported is not gone through each time a machine dies
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        chaos = Chaos(seed, is_on=lively)
        with inline_sqlite(chaos.disk), asyncio.Runner(loop_factory=VirtualLoop) as runner:
            loop = runner.get_loop()
            assert isinstance(loop, VirtualLoop)
            loop.set_exception_handler(lambda *_: None)
            report = runner.run(_Year(chaos, loop, Path(folder) / "db", days).run())
    gc.unfreeze()
    gc.enable()
    return replace(report, seconds=real_time.perf_counter() - began)


class _Year:
    def __init__(self, chaos: Chaos, loop: VirtualLoop, path: Path, days: int) -> None:
        self._chaos = chaos
        self._days = days
        self._loop = loop
        self._true = Wall(loop, START)
        self._wall = Wall(loop, START)
        script = Random(chaos.seed)
        urls = [f"https://{name}.example/feed" for name in ("alpha", "beta", "gamma")]
        self._publishers = scripted(urls, START - timedelta(days=2), days, script)
        blind = script.random() < 0.25
        self._chats = [
            Chat("discord", remembers=True, readable=not blind),
            Chat("slack", remembers=False, readable=True),
        ]
        web = SimulatedWeb(self._publishers, chaos, self._wall, self._true)
        self._machine = Machine(
            path, chaos, self._wall, self._true, web, self._chats, _feeds(self._publishers), _wanted(script)
        )
        self._lives: list[tuple[datetime, datetime]] = []
        self._faults: list[str] = []

    async def run(self) -> Report:
        """The year, then days of peace, then the verdict."""
        end = self._days * DAY
        while self._loop.time() < end:
            stop = min(end, self._loop.time() + self._chaos.dice.uniform(5, 60) * DAY)
            await self._live(stop)
            if self._chaos.is_on:
                await asyncio.sleep(self._downtime())
        await self._calm_down()
        facts = self._facts()
        self._faults += broken(facts)
        return Report(
            self._chaos.seed, self._days, self._faults, self._chaos.trace(), 0, sum(chat.posts for chat in self._chats),
            len(self._lives), len(facts.deals), dict(self._chaos.counts),
        )  # fmt: skip

    async def _live(self, until: float) -> None:
        begin = self._true.now()
        await self._machine.live(until)
        self._lives.append((begin, self._true.now()))

    def _downtime(self) -> float:
        """Seconds until it is started again: mostly at once, sometimes after days."""
        return self._chaos.dice.choice((0, 1, 5, 60, 600, 3600, 6 * 3600, self._chaos.dice.uniform(0, 30) * DAY / 3))

    async def _calm_down(self) -> None:
        """No more faults; mended channels; and everything that is due is done within two hours."""
        self._chaos.is_on = False
        self._machine.set_clock(timedelta())
        for chat in self._chats:
            chat.locked.clear()
        await self._mend()
        await self._live(self._loop.time() + SETTLING * DAY)
        self._faults += [f"after two hours of peace: {left}" for left in await self._left()]
        await self._live(self._loop.time() + QUIET_DAYS * DAY)
        while self._is_due_soon():
            await self._live(self._loop.time() + 60)
        before = await self._dump()
        stored = sum(chat.posts for chat in self._chats)
        await self._live(self._loop.time() + 1)
        if stored != sum(chat.posts for chat in self._chats) or before != await self._dump():
            self._faults.append("I9: a restart without anything due changed something")

    async def _mend(self) -> None:
        """Every paused channel is resumed, as its people would."""
        async with open_storage(self._machine.path) as storage:
            for wanted in self._machine.wanted:
                await storage.channels.resume(wanted.channel, self._wall.now())

    async def _left(self) -> list[str]:
        async with open_storage(self._machine.path) as storage:
            queues = await storage.deliveries.queues(self._wall.now() + timedelta(days=2))
            due = await storage.subscriptions.due(self._wall.now() - timedelta(minutes=5))
        left = [f"{len(queue.parts)} parts owed to {queue.kept.subscription.channel.id}" for queue in queues]
        return left + [f"{kept.subscription.channel.id} is due since {kept.next_due}" for kept in due]

    def _is_due_soon(self) -> bool:
        with sqlite3.connect(self._machine.path) as database:
            moments = [database.execute(query).fetchone()[0] for query in DUE]
        database.close()
        soon = (self._wall.now() + timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S")
        return any(moment and moment <= soon for moment in moments)

    async def _dump(self) -> str:
        return dump(self._machine.path)

    def _facts(self) -> Facts:
        read = Facts.read(self._machine.path, self._chats, self._publishers, self._machine.wanted, self._chaos)
        return replace(read, until=self._true.now() - timedelta(days=6), lives=self._lives)


def _feeds(publishers: list[Publisher]) -> list[tuple[Channel, str]]:
    """Both workspaces read all feeds but the last, which is read by one alone."""
    discord, slack = Channel("discord", "guild", "-"), Channel("slack", "team", "-")
    shared = [(channel, each.url) for each in publishers[:-1] for channel in (discord, slack)]
    return [*shared, (slack, publishers[-1].url)]


def _wanted(dice: Random) -> list[Subscription]:
    """Channels on both products, with timetables of many kinds."""
    daily, monday = frozenset(range(7)), frozenset((0,))
    tables = [
        Timetable(daily, (time(8),), dice.choice(ZONES)),
        Timetable(frozenset((0, 2, 4)), (time(dice.randrange(24), 30),), dice.choice(ZONES)),
        Timetable(monday, (time(dice.randrange(24)),), dice.choice(ZONES)),
        Timetable(frozenset((1, 3)), (time(0, 30),), dice.choice(ZONES)),
    ]
    places = [Channel("discord", "guild", "d1"), Channel("discord", "guild", "d2")]
    places += [Channel("slack", "team", "s1"), Channel("slack", "team", "s2")]
    silences = (WhenEmpty.SILENCE, WhenEmpty.LINE)
    return [
        Subscription(place, table, maximum=500, when_empty=silences[number % 2])
        for number, (place, table) in enumerate(zip(places, tables, strict=True))
    ]
