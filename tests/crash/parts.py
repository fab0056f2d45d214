"""Kills Pactwire with SIGKILL at every step of a digest of one, two or five parts; each arrives once, in its place.

`python -m tests.crash.parts FOLDER [STRIDE [FIRST]]` prints the number of kills and all faults as one line of JSON.
Real: SQLite on a file, planning, delivering. The chat is a file that outlives each process; the one like Discord stores
a mark that it knows but once, the one like Slack does not.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.feeds.model import Feed, Register
from bot.logs import configure
from bot.platforms.base import Posted, PostOutcome
from bot.poll import Habits, Poller
from bot.storage import open_storage
from tests.builders import PUBLISHED
from tests.crash.mortal import Fate, Mortal
from tests.crash.random_kills import HERE, ChatFile
from tests.fakes import ScriptedWeb
from tests.feedkit import item, rss
from tests.simulation.publishers import SimulatedWorkers, deal_name

MORNING = PUBLISHED.replace(hour=8) + timedelta(days=1)
URL = "https://a.example/feed"
PARTS = (1, 2, 5)
KINDS = ("discord", "slack")


@dataclass
class OneChat(ChatFile):
    """A chat of either kind."""

    remembers: bool = False

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        if self.remembers and key in self.path.read_text():
            return Posted(key)
        return await ChatFile.post(self, channel, part, key)


async def ready(path: Path, parts: int) -> None:
    """A database that knows so many deals, and a channel that wants them."""
    names = [deal_name(number) for number in range(parts)]
    lines = [
        item(f"{name} Health and Zu{name} Cloud: a partnership", "x" * 500, link=f"{URL}/{name}") for name in names
    ]
    async with open_storage(path) as storage:
        await storage.feeds.add(HERE, Feed(URL, "A", register=Register.PRESS_RELEASE), PUBLISHED)
        await storage.subscriptions.save(Subscription(HERE, Timetable(frozenset(range(7)))), MORNING, PUBLISHED)
        web, workers = cast("Any", ScriptedWeb({URL: rss(*lines)})), cast("Any", SimulatedWorkers())
        await Poller(web, workers, storage, Habits(), Random(7)).poll_due(PUBLISHED + timedelta(hours=1))


async def live(folder: Path, fate: Fate, minutes: int, *, remembers: bool) -> None:
    """One life that begins so many minutes after the digest is due, and three ticks of it."""
    async with open_storage(folder / "db") as storage:
        chat = cast("Any", Mortal(OneChat(folder / "chat", remembers=remembers), fate))
        now = MORNING + timedelta(minutes=minutes)
        await Deliverer(storage, {"slack": chat}, "deals").start(now)
        for later in range(3):
            # Each by one of its own, for one that sees a minute pass in no time holds that the clock was set.
            await Deliverer(storage, {"slack": chat}, "deals").deliver_due(now + timedelta(minutes=later))
        fate.step()


def lived(folder: Path, fatal: int, minutes: int, *, remembers: bool) -> int | None:
    """Live in a process of its own: the steps it took, None when it was killed."""
    child = os.fork()
    if child == 0:
        fate = Fate(fatal)
        asyncio.run(live(folder, fate, minutes, remembers=remembers))
        (folder / "steps").write_text(str(fate.steps))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else int((folder / "steps").read_text())


def laid(folder: Path, parts: int, name: str) -> Path:
    """A place of its own for one death."""
    here = folder / f"{parts}-{name}"
    here.mkdir()
    shutil.copy(folder / f"ready{parts}", here / "db")
    (here / "chat").touch()
    return here


def faults(here: Path, parts: int) -> list[str]:
    """What is not as it was promised: each part once, and in the order of the database."""
    stored = [line.split()[0] for line in (here / "chat").read_text().splitlines()]
    with closing(sqlite3.connect(here / "db")) as database:
        rows = database.execute("SELECT key, state FROM deliveries ORDER BY slot, part").fetchall()
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    found = [] if stored == [key for key, _ in rows] and len(rows) == parts else [f"{stored} stands for {rows}"]
    found += [f"a part is {state}" for _, state in rows if state != "sent"]
    return found + ([] if verdict == "ok" else [f"the database is damaged: {verdict}"])


def sweep(folder: Path, parts: int, kind: str, first: int, stride: int) -> tuple[int, list[str]]:
    """Kill at every `stride`-th step from `first` on: how often, and what was wrong."""
    remembers = kind == "discord"
    wrong: list[str] = []
    steps = lived(laid(folder, parts, f"{kind}-whole"), 0, 0, remembers=remembers)
    assert steps
    fatal_steps = range(first, steps + 1, stride)
    for fatal in fatal_steps:
        here = laid(folder, parts, f"{kind}-{fatal}")
        killed = lived(here, fatal, 0, remembers=remembers) is None
        lived(here, 0, 3, remembers=remembers)
        found = faults(here, parts) + ([] if killed else ["it lived on"])
        wrong += [f"{parts} parts, {kind}, step {fatal}: {fault}" for fault in found]
    return len(fatal_steps), wrong


def main(folder: Path, stride: int = 1, first: int = 1) -> int:
    """Sweep both kinds of chat and every number of parts."""
    configure("critical", "text")  # type: ignore[arg-type]
    gc.freeze()  # a fork that collects would copy all that is loaded
    kills = 0
    wrong: list[str] = []
    for parts in PARTS:
        asyncio.run(ready(folder / f"ready{parts}", parts))
        for number, kind in enumerate(KINDS):
            count, found = sweep(folder, parts, kind, first + number * (stride // 2), stride)
            kills, wrong = kills + count, wrong + found
    print(json.dumps({"kills": kills, "faults": wrong}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:4])))
