"""One machine: the real poller, deliverer and database, from a start to its end, be it peaceful or not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from bot.deliver import Deliverer
from bot.digests.model import Channel, Subscription
from bot.digests.timetable import next_slot
from bot.errors import PactwireError
from bot.feeds.model import Feed, Register
from bot.poll import Habits, Poller
from bot.storage import Storage, open_storage
from tests.simulation.chaos import Chaos, Crash
from tests.simulation.chats import Chat, SimulatedPlatform
from tests.simulation.clock import Wall
from tests.simulation.inline import connection, pull_the_plug
from tests.simulation.publishers import SimulatedWeb, SimulatedWorkers

LONGEST_SLEEP = timedelta(hours=48)

POLLING = "SELECT min(max(next_poll_at, coalesce(leased_until, next_poll_at))) FROM feeds WHERE active"
GOING = "paused_at IS NULL AND ended_at IS NULL"
DUE = (
    POLLING,
    f"SELECT min(next_due_at) FROM subscriptions WHERE {GOING}",
    f"SELECT min(next_try_at) FROM deliveries JOIN subscriptions s ON s.id = subscription_id "
    f"WHERE state IN ('pending', 'sending') AND {GOING}",
)


@dataclass
class Machine:
    """What a machine is built from, all of which outlives it."""

    path: Path
    chaos: Chaos
    wall: Wall
    true: Wall
    web: SimulatedWeb
    chats: Sequence[Chat]
    feeds: Sequence[tuple[Channel, str]]
    wanted: Sequence[Subscription]
    offset: timedelta = timedelta()

    async def live(self, until: float) -> bool:
        """Run until this moment of the loop's clock; False when it died before."""
        self.chaos.is_dead = False
        life = asyncio.ensure_future(self._life(until))
        await asyncio.wait([life])
        died = self.chaos.is_dead
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        pull_the_plug()
        self.chaos.is_dead = False
        if not died:
            life.result()
        return not died

    async def _life(self, until: float) -> None:
        with suppress(Crash):
            await self._work(until)

    async def _work(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with open_storage(self.path) as storage:
                await self._settle_in(storage)
                platforms = {chat.name: SimulatedPlatform(chat, self.chaos, self.true) for chat in self.chats}
                workers = cast("Any", SimulatedWorkers())
                poller = Poller(cast("Any", self.web), workers, storage, Habits(), Random(self.chaos.seed))
                deliverer = Deliverer(storage, cast("Any", platforms), "deals")
                await deliverer.start(self.wall.now())
                while loop.time() < until:
                    await self._tick(storage, poller, deliverer)
                    await self._people(storage)
                    if self.chaos.is_dead:
                        return
                    pause = self._pause()
                    await asyncio.sleep(min(pause, max(until - loop.time(), 0.001)))
        except PactwireError:
            # The disk failed at the start: a service manager starts us again.
            await asyncio.sleep(60)

    async def _tick(self, storage: Storage, poller: Poller, deliverer: Deliverer) -> None:
        """What the schedule's ticks do; no look at feeds when none is due, which saves time."""
        now = self.wall.now()
        polling = _moment(POLLING)
        for at, look in ((polling, poller.poll_due), (now, deliverer.deliver_due)):
            try:
                if at and (at <= now or self.chaos.leaps):
                    await look(now)
            except PactwireError as fault:
                self.chaos.note("stopped", type(fault).__name__)

    async def _people(self, storage: Storage) -> None:
        """What people do meanwhile: mend channels and resume them, wish for other things, set clocks."""
        chaos, dice = self.chaos, self.chaos.dice
        if not chaos.is_on:
            return
        if dice.random() < 0.05:
            for chat in self.chats:
                chat.locked.clear()
            for wanted in self.wanted:
                with suppress(PactwireError):
                    await storage.channels.resume(wanted.channel, self.wall.now())
        if dice.random() < 0.004:
            wanted = dice.choice(self.wanted)
            with suppress(PactwireError):
                await storage.subscriptions.save(
                    wanted, next_slot(wanted.timetable, self.wall.now()).at, self.wall.now()
                )
        if chaos.jumps and dice.random() < 0.02:
            self.set_clock(timedelta(hours=dice.choice((-1, 0, 1))))
        if chaos.leaps and dice.random() < (0.2 if self.offset.days else 0.003):
            self.set_clock(timedelta() if self.offset.days else timedelta(days=30))

    def set_clock(self, offset: timedelta) -> None:
        """Let the wall clock be wrong by this much."""
        self.chaos.note("clock", offset)
        self.wall.shift(offset - self.offset)
        self.offset = offset

    def _pause(self) -> float:
        """Seconds until something is due, and a little more: the real ticks come every ten seconds and would find
        nothing to do in between."""
        now = self.wall.now()
        moments = [_moment(query) for query in DUE]
        due = min((each for each in moments if each), default=now + LONGEST_SLEEP)
        pause = min(due - now, LONGEST_SLEEP).total_seconds()
        return max(pause, 10.0) + self.chaos.dice.uniform(0, 10)

    async def _settle_in(self, storage: Storage) -> None:
        """What an operator set up once."""
        now = self.wall.now()
        for channel, url in self.feeds:
            if url not in {each.feed.url for each in await storage.feeds.list(channel)}:
                await storage.feeds.add(channel, Feed(url, url, register=Register.PRESS_RELEASE), now)
        for wanted in self.wanted:
            if await storage.subscriptions.get(wanted.channel) is None:
                await storage.subscriptions.save(wanted, next_slot(wanted.timetable, now).at, now)


def _moment(query: str) -> datetime | None:
    """What the database says, asked without a step of the machine."""
    (text,) = connection().execute(query).fetchone()
    return datetime.fromisoformat(text + "+00:00") if text else None
