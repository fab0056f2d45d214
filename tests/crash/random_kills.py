"""Kills Pactwire with SIGKILL at random moments, over and over on one database, and counts what is lost or doubled.

`python -m tests.crash.random_kills FOLDER KILLS [SEED]` tells its progress on stderr and ends with one line of JSON.
Each life is a process that polls and delivers one day after the other, as fast as it can, to a chat that is a
file: like Slack it knows no key that could hide a double. After each death the database must be whole.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from bot.deliver import Deliverer
from bot.digests.message import Card, Message
from bot.digests.model import Channel, Subscription, Timetable, WhenEmpty
from bot.digests.timetable import next_slot
from bot.feeds.answer import Answer, Fetched, Validators
from bot.feeds.model import Feed, Register
from bot.logs import configure
from bot.platforms.base import FindOutcome, Found, NotFound, Posted, PostOutcome
from bot.poll import Habits, Poller
from bot.storage import open_storage
from tests.builders import PUBLISHED
from tests.feedkit import item, rss
from tests.simulation.publishers import SimulatedWorkers, deal_name

HERE = Channel("slack", "team", "c1")
START = PUBLISHED.replace(hour=9)
LIVES = 3
"""A life is killed within the time that so many peaceful days take, so that most die while there is work to lose."""

PAUSE = timedelta(minutes=20)
"""What passes between a death and the next start: longer than a feed is left to whoever died while asking it."""

DEALS_A_DAY, SHOWN_DAYS = 3, 8

PEACE = 5
"""Days of the last life: a digest shows ten deals, and what it had no room for comes with the next ones."""


@dataclass
class ChatFile:
    """A chat whose one channel is a file of lines `key token token …`."""

    path: Path
    name: str = "slack"

    def split(self, message: Message) -> tuple[Message, ...]:
        cards = [block for block in message.blocks if isinstance(block, Card)]
        return tuple(Message(message.title, (card,), deals=(card.deal,)) for card in cards) or (message,)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        await asyncio.sleep(0.001)
        tokens = [block.headline.split()[0] for block in part.blocks if isinstance(block, Card)]
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{' '.join((key, *tokens))}\n".encode())
        await asyncio.sleep(0.001)
        return Posted(key)

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        return True

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        await asyncio.sleep(0)
        return Found(key) if key in self.path.read_text() else NotFound()

    def time(self) -> None:
        """It has no clock."""


@dataclass
class Newsroom:
    """One feed that announces some deals every day."""

    day: int

    async def fetch(self, url: str, validators: Validators | None = None, **_: object) -> Answer:
        await asyncio.sleep(0)
        days = range(max(0, self.day - SHOWN_DAYS), self.day + 1)
        lines = [
            item(
                f"{name} Health and Zu{name} Cloud: a partnership",
                "x" * 500,
                link=f"{url}/{name}",
                published=_noon(day),
            )
            for day in days
            for name in told_on(day)
        ]
        page = rss(*lines)
        return Fetched(url, page.body, page.content_type, Validators(f'"{self.day}"'))


def told_on(day: int) -> list[str]:
    """The names of the deals that are announced on this day."""
    return [deal_name(day * DEALS_A_DAY + number) for number in range(DEALS_A_DAY)]


async def live(folder: Path, last: int | None, tries: int = 0) -> None:
    """Go on at the day that was reached, until `last` or for ever; `tries` lives have ended on that day before."""
    chat, counter = ChatFile(folder / "chat"), folder / "day"
    async with open_storage(folder / "db") as storage:
        if await storage.subscriptions.get(HERE) is None:
            daily = Subscription(HERE, Timetable(frozenset(range(7)), zone="UTC"), when_empty=WhenEmpty.SILENCE)
            await storage.subscriptions.save(daily, next_slot(daily.timetable, START).at, START)
            await storage.feeds.add(HERE, Feed("https://a.example/feed", "A", register=Register.PRESS_RELEASE), START)
        day = int(counter.read_text() or 0)
        while last is None or day <= last:
            newsroom, workers = Newsroom(day), SimulatedWorkers()
            poller = Poller(cast("Any", newsroom), cast("Any", workers), storage, Habits(), Random(7))
            await poller.poll_due(_noon(day) + timedelta(hours=1) + PAUSE * min(tries, 50))
            for minutes in (0, 2):
                morning = START.replace(hour=8) + timedelta(days=day + 1, minutes=minutes)
                await Deliverer(storage, cast("Any", {"slack": chat}), "deals").deliver_due(morning)
            day, tries = day + 1, 0
            (folder / "next").write_text(str(day))
            os.replace(folder / "next", counter)


def lived(folder: Path, seconds: float | None, last: int | None = None, tries: int = 0) -> None:
    """One life in a process of its own, ended after so long, or in peace after the day `last`."""
    child = os.fork()
    if child == 0:
        configure("critical", "text")  # type: ignore[arg-type]
        asyncio.run(live(folder, last, tries))
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert seconds is not None or status == 0, f"the last life ended with {status}"


def faults(folder: Path, last: int) -> list[str]:
    """What is lost and what is doubled."""
    lines = [line.split() for line in (folder / "chat").read_text().splitlines()]
    shown = Counter(token for _, *tokens in lines for token in tokens)
    wanted = {name for day in range(last + 1) for name in told_on(day)}
    found = [f"{name} was told {count} times" for name, count in shown.items() if count > 1]
    found += [f"{name} was never told" for name in sorted(wanted - set(shown))]
    with sqlite3.connect(folder / "db") as database:
        states = dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))
    database.close()
    return found + [f"{count} parts are {state}" for state, count in states.items() if state != "sent"]


def is_whole(folder: Path) -> bool:
    """Whether the database passes its own check, as it lies after a death."""
    with sqlite3.connect(folder / "db") as database:
        verdict = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    database.close()
    return verdict == "ok"


def main(folder: Path, kills: int, seed: int = 7) -> int:
    """Kill so many times, then let one life end in peace."""
    configure("critical", "text")  # type: ignore[arg-type]
    dice, began, damaged = Random(seed), time.perf_counter(), 0
    (folder / "chat").touch()
    (folder / "day").touch()
    asyncio.run(live(folder, 0))  # what is loaded here is there in every fork
    longest = LIVES * _day_takes(folder)
    tries, day = 0, ""
    for number in range(1, kills + 1):
        lived(folder, dice.uniform(0.02, longest), tries=tries)
        # Who died on this day may have left the feed leased, be it the first one: the next life comes a while later.
        tries, day = (tries + 1 if (now := (folder / "day").read_text()) == day else 1), now
        damaged += not is_whole(folder)
        if number % 100 == 0:
            days = (folder / "day").read_text()
            print(f"{number} of {kills} kills, {days} days lived, {damaged} damaged", file=sys.stderr, flush=True)
    last = int((folder / "day").read_text()) + PEACE
    lived(folder, None, last, tries)
    wrong = faults(folder, last)
    told = sum(1 for _ in (folder / "chat").open())
    report = {"kills": kills, "days": last, "parts": told, "damaged": damaged, "faults": len(wrong), "first": wrong[:9]}
    print(json.dumps(report | {"seconds": round(time.perf_counter() - began)}))
    return bool(wrong or damaged)


def _day_takes(folder: Path) -> float:
    """Seconds that a life of one peaceful day takes here and now."""
    began = time.perf_counter()
    lived(folder, None, int((folder / "day").read_text()))
    return time.perf_counter() - began


def _noon(day: int) -> datetime:
    return START.replace(hour=12) + timedelta(days=day)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:4])))
