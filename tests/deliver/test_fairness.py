"""A thousand channels due in one minute, on a platform that counts: all are served, and nobody waits for the dead."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.platforms.base import Posted, PostFailed, PostOutcome, Remedy
from bot.platforms.pace import Pace, Rate
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform
from tests.ready import open_ready
from tests.simulation.clock import run_virtually
from tests.simulation.inline import inline_sqlite

MORNING = PUBLISHED.replace(hour=8)
DAILY = Timetable(frozenset(range(7)))
CHANNELS, DEAD = 1000, 20


class CountingPlatform(RecordingPlatform):
    """Counts who goes beyond 25 a second in all, or one a second in a channel; some channels never answer."""

    def __init__(self) -> None:
        super().__init__("chat")
        self.pace = Pace(Rate(25, 5), Rate(1))
        self.recent: deque[float] = deque()
        self.last: dict[str, float] = {}
        self.served: dict[str, float] = {}
        self.refused: Counter[int] = Counter()

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        wait = await self.pace.turn(channel.id)
        if wait:
            return PostFailed("busy", Remedy.RETRY, wait)
        if channel.id.startswith("dead"):
            await asyncio.sleep(3600)
        now = asyncio.get_running_loop().time()
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if len(self.recent) >= 30 or now - self.last.get(channel.id, -9) < 0.999:
            self.refused[429] += 1
        self.recent.append(now)
        self.last[channel.id] = now
        await asyncio.sleep(0.2)
        self.served[channel.id] = now
        return Posted(key)


async def served(path: Path) -> CountingPlatform:
    chat = CountingPlatform()
    async with open_ready(path) as storage:
        for number in range(CHANNELS):
            name = f"dead{number}" if number < DEAD else f"c{number}"
            wanted = Subscription(Channel("chat", "w", name), replace(DAILY))
            await storage.subscriptions.save(wanted, MORNING, MORNING - timedelta(hours=1))
        deliverer = Deliverer(storage, {"chat": chat}, "deals")
        loop = asyncio.get_running_loop()
        start = loop.time()
        while loop.time() - start < 60:
            await deliverer.deliver_due(MORNING + timedelta(seconds=loop.time() - start))
            await asyncio.sleep(10)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # the dead channels
    return chat


def test_a_thousand_channels_due_in_one_minute_are_served_in_that_minute(tmp_path: Path) -> None:
    with inline_sqlite(lambda _, call: call()):
        chat = run_virtually(served(tmp_path / "db"))
    assert len(chat.served) == CHANNELS - DEAD
    assert max(chat.served.values()) <= 60
    assert chat.refused[429] == 0
