"""The disk fails at one call after the other of a poll and a delivery; afterwards, all is there once."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from sqlite3 import OperationalError
from typing import Any, cast

import pytest

from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable
from bot.errors import StorageFullError
from bot.feeds.model import Feed, Register
from bot.poll import Habits, Poller
from bot.storage import open_storage
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform, ScriptedWeb
from tests.feedkit import HERE, item, rss
from tests.simulation.inline import inline_sqlite
from tests.simulation.publishers import SimulatedWorkers

pytestmark = pytest.mark.usefixtures("quiet")

MORNING = PUBLISHED.replace(hour=8) + timedelta(days=1)
URL = "https://a.example/feed"
PAGES = {URL: rss(item("Bacedifo Health and Zubacedifo Cloud: a partnership", "x" * 500, link="https://a.example/1"))}
STEP = int(os.environ.get("SWEEP", "20"))
"""Every so manieth call fails; SWEEP=1 makes each call fail once, in minutes."""

FAULTS = {"busy": 5, "error": 10, "full": 13}


@dataclass
class Disk:
    """Fails at the n-th call that asks or writes something; 0 never. `lasting` ones fail from then on."""

    fails_at: int
    code: int
    lasting: bool = False
    calls: int = 0

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        if name in {"execute", "executemany", "commit"}:
            self.calls += 1
            if self.calls == self.fails_at or (self.lasting and self.fails_at and self.calls > self.fails_at):
                error = OperationalError("simulated")
                error.sqlite_errorcode = self.code
                raise error
        return call()


async def live(path: Path, chat: RecordingPlatform, minutes: int) -> None:
    """One start, poll and delivery; what the disk refuses, the next one does."""
    async with open_storage(path) as storage:
        if await storage.subscriptions.get(HERE) is None:
            await storage.feeds.add(HERE, Feed(URL, "A", register=Register.PRESS_RELEASE), PUBLISHED)
            await storage.subscriptions.save(Subscription(HERE, Timetable(frozenset(range(7)))), MORNING, PUBLISHED)
        web, workers = cast("Any", ScriptedWeb(PAGES)), cast("Any", SimulatedWorkers())
        poller = Poller(web, workers, storage, Habits(), Random(7))
        later = timedelta(minutes=minutes)
        await poller.poll_due(PUBLISHED + timedelta(hours=1) + later)
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING + later)


async def calls_of_a_life(path: Path) -> int:
    disk = Disk(0, 0)
    with inline_sqlite(disk.around):
        await live(path, RecordingPlatform(), 0)
    return disk.calls


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
async def test_a_fault_at_any_call_loses_nothing_and_doubles_nothing(
    tmp_path: Path, kind: str, *, lasting: bool
) -> None:
    last = await calls_of_a_life(tmp_path / "warm")
    first = list(FAULTS).index(kind) + 1 + 3 * lasting
    for fails_at in range(first, last + 1, STEP):
        chat, path = RecordingPlatform(), tmp_path / str(fails_at)
        with inline_sqlite(Disk(fails_at, FAULTS[kind], lasting).around):
            try:
                await live(path, chat, 0)
            except StorageFullError:
                chat.notices.append(("", "told"))
        with inline_sqlite(Disk(0, 0).around):
            for hours in (1, 2):
                await live(path, chat, hours * 60)
        assert len(chat.posted) == 1, f"call {fails_at}: {chat.posted}"
        assert "1 deal" in chat.posted[0][1], f"call {fails_at}: {chat.posted}"


async def test_a_full_disk_is_told_at_every_tick_and_recovers_when_there_is_room(tmp_path: Path) -> None:
    chat, path = RecordingPlatform(), tmp_path / "db"
    with inline_sqlite(Disk(0, 0).around):
        async with open_storage(path) as storage:
            await storage.subscriptions.save(Subscription(HERE), MORNING, PUBLISHED)
    with inline_sqlite(Disk(25, FAULTS["full"], lasting=True).around):
        for minutes in range(5):
            with pytest.raises(StorageFullError, match="is full"):
                await live(path, chat, minutes)
    assert chat.posted == []
    with inline_sqlite(Disk(0, 0).around):
        await live(path, chat, 60)
    assert len(chat.posted) == 1
