"""Kills Pactwire with SIGKILL at every step of a poll and a delivery, starts it again, and looks what is left.

`python -m tests.crash.driver FOLDER [PART PARTS]` prints the number of kills and all faults as one line of JSON. Real:
SQLite on a file, polling, deciding, delivering, the terminal. Each life is a process of its own, forked.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sqlite3
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable
from bot.digests.timetable import next_slot
from bot.feeds.model import Feed, Register
from bot.logs import configure
from bot.platforms.terminal.client import CHANNEL, Terminal
from bot.poll import Habits, Poller
from bot.storage import open_storage
from bot.storage.model import Origin
from tests.builders import PUBLISHED
from tests.crash.mortal import Fate, Mortal
from tests.fakes import InlineWorkers, ScriptedWeb
from tests.feedkit import DEAL, NO_DEAL, item, rss

EVENING = PUBLISHED.replace(hour=18)
MORNING = PUBLISHED.replace(hour=8) + timedelta(days=1)
OTHER_DEAL = (
    "Borealis Cloud and Cedar University sign a five-year research collaboration",
    "Borealis Cloud and Cedar University today signed a five-year research collaboration to study sleep.",
)
PAGES = {
    "https://a.example/feed": rss(
        item(*DEAL, link="https://a.example/1"), item(*NO_DEAL, link="https://a.example/2"), title="Alpha"
    ),
    "https://b.example/feed": rss(
        item(*DEAL, link="https://b.example/1"), item(*OTHER_DEAL, link="https://b.example/2"), title="Beta"
    ),
}
ENTRIES, DEALS = 4, 2
HEADLINES = ("Acme Health", "Cedar University")


async def live(path: Path, output: Path, fate: Fate, polled_at: datetime, delivered_at: datetime) -> None:
    """One life: start, poll, deliver."""
    with output.open("a", encoding="utf-8") as out:
        async with open_storage(path) as storage:
            fate.step()
            feeds = [Feed(url, url[8], register=Register.PRESS_RELEASE) for url in PAGES]
            await storage.feeds.seed([(feed, Origin.CONFIG) for feed in feeds], EVENING)
            if await storage.subscriptions.get(CHANNEL) is None:
                daily = Subscription(CHANNEL, Timetable(frozenset(range(7))))
                await storage.subscriptions.save(daily, next_slot(daily.timetable, EVENING).at, EVENING)
            web, workers = Mortal(ScriptedWeb(PAGES), fate), Mortal(InlineWorkers(), fate)
            terminal = Mortal(Terminal(out, colour=False, width=lambda: 100), fate)
            await Poller(cast("Any", web), cast("Any", workers), storage, Habits(), Random(7)).poll_due(polled_at)
            await Deliverer(storage, {"terminal": cast("Any", terminal)}, "deals").deliver_due(delivered_at)
            fate.step()


def lived(folder: Path, fatal: int, hours: int) -> int | None:
    """Live in a process of its own: the steps it took, None when it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fate = Fate(fatal)
        later = timedelta(hours=hours)
        asyncio.run(live(folder / "db", folder / "out", fate, EVENING + later, MORNING + later))
        os.write(writer, str(fate.steps).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        steps = told.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    assert status == 0, f"a life ended with status {status}"
    return int(steps)


def faults(folder: Path) -> list[str]:
    """What is wrong after the last life: lost entries or deals, a deal told twice, or one that vanished unseen."""
    found = []
    shown = (folder / "out").read_text(encoding="utf-8")
    with sqlite3.connect(folder / "db") as database:
        entries, deals = database.execute(
            "SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM deals)"
        ).fetchone()
        if (entries, deals) != (ENTRIES, DEALS):
            found.append(f"{entries} entries and {deals} deals")
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            found.append("the database is damaged")
        seen = {state for (state,) in database.execute("SELECT state FROM deliveries")}
    database.close()
    for headline in HEADLINES:
        times = shown.count(f"● {headline}") + shown.count(f"● Borealis Cloud × {headline}")
        if times > 1:
            found.append(f"{headline} was told {times} times")
        if times == 0 and "uncertain" not in seen:
            found.append(f"{headline} was never told, and nothing says so")
    if seen & {"pending", "sending"}:
        found.append(f"deliveries were left {seen}")
    return found


def sweep(folder: Path, part: int, parts: int) -> tuple[int, list[str]]:
    """Kill at every step of the life, begun on an empty but ready database: how many kills, and what was wrong."""
    steps = lived(fresh(folder, 0), 0, 0)
    assert steps is not None
    wrong = faults(folder / "0")
    fatal_steps = range(part, steps + 1, parts)
    for fatal in fatal_steps:
        here = fresh(folder, fatal)
        killed = lived(here, fatal, 0) is None
        for hours in (1, 2):
            lived(here, 0, hours)
        wrong += [f"step {fatal}: {fault}" for fault in faults(here)] + ([] if killed else [f"step {fatal}: lived on"])
    return len(fatal_steps), wrong


def fresh(folder: Path, fatal: int) -> Path:
    """A place for a life of its own, with a ready database."""
    here = folder / str(fatal)
    here.mkdir()
    (here / "out").touch()
    (here / "db").write_bytes((folder / "ready").read_bytes())
    return here


async def ready(path: Path) -> None:
    """An empty database with its schema."""
    async with open_storage(path):
        pass


def main(folder: Path, part: int, parts: int) -> int:
    """Sweep every `parts`-th step, from `part` on (1 to `parts`)."""
    configure("error", "text")
    # What is loaded here is there in every fork: imports, the gazetteer, the compiled patterns.
    asyncio.run(live(folder / "warm", folder / "out", Fate(0), EVENING, MORNING))
    asyncio.run(ready(folder / "ready"))
    gc.freeze()  # a fork that collects would copy all that is loaded
    kills, wrong = sweep(folder, part, parts)
    print(json.dumps({"kills": kills, "faults": wrong}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:4] or (1, 1))))
