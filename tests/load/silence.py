"""D05: a chat that takes nothing for a week. At most one digest a channel and day waits, and nothing grows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.deliver import Deliverer
from bot.digests.model import Channel, Subscription, Timetable
from bot.digests.timetable import next_slot
from bot.platforms.base import PostFailed
from tests.bench.memory import taken
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE, NOW
from tests.ready import open_ready

WAITING = (
    "SELECT channel, count(*), min(created_at) FROM deliveries WHERE state IN ('pending', 'sending') GROUP BY channel"
)
PLANNED = "SELECT max(n) FROM (SELECT count(*) AS n FROM slots GROUP BY subscription_id, date(at))"


@dataclass(frozen=True, slots=True)
class Week:
    """The most that a channel had waiting, its most digests a day, posts at the end, MB on the first and last day."""

    waiting: int
    daily: int
    arrived: int
    memory: tuple[float, float]


async def week(path: Path, channels: int, hours: int = 24 * 7) -> Week:
    """A look every hour at a chat that refuses everything; then it takes what is still owed."""
    chat = RecordingPlatform(answer=lambda _: PostFailed("out of order"))
    async with open_ready(path) as storage:
        for number in range(channels):
            wanted = Subscription(Channel(*_place, f"c{number}"), Timetable(frozenset(range(7))))
            await storage.subscriptions.save(wanted, next_slot(wanted.timetable, NOW).at, NOW)
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        most, memory = 0, list[float]()
        for hour in range(hours):
            await deliverer.deliver_due(NOW + timedelta(hours=hour))
            if hour % 24 == 23:
                memory.append(taken())
                most = max(most, *(count for _, count, _ in _ask(path, WAITING)))
        ((daily,),) = _ask(path, PLANNED)
        chat.answer = None
        await deliverer.deliver_due(NOW + timedelta(hours=hours, minutes=30))
        await deliverer.stop()
    return Week(most, daily, len(chat.posted), (memory[0], memory[-1]))


_place = (HERE.platform, HERE.workspace)


def _ask(path: Path, query: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


async def main(folder: Path) -> bool:
    """Print what waited."""
    found = await week(folder / "silence.db", 50)
    first, last = found.memory
    print(
        f"D05 a chat away for a week, 50 channels: {found.daily} digest a channel and day, {found.waiting} waiting at "
        f"most; {found.arrived} arrive afterwards; {first:.0f} MB of memory after a day, {last:.0f} MB after seven"
    )
    return found.daily <= 1 and found.waiting <= 2 and last <= first + 10
