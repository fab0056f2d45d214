"""D04: two years with retention. What is let go of stays bounded; what is kept keeps old news from being news."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.deals.model import Judged, Rejected
from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable
from bot.digests.timetable import next_slot
from bot.feeds.answer import Validators
from bot.feeds.keys import hash_key
from bot.feeds.model import Entry, Feed
from bot.storage import Storage
from bot.storage.model import DueFeed, FeedState
from tests.builders import announced, rejected
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE, NOW
from tests.ready import open_ready

FEEDS, ENTRIES = 5, 4
BOUNDED = ("deliveries", "slots", "notices", "entries that announce nothing")
ROWS = {
    "deliveries": "SELECT count(*) FROM deliveries",
    "slots": "SELECT count(*) FROM slots",
    "notices": "SELECT count(*) FROM notices",
    "entries that announce nothing": "SELECT count(*) FROM entries WHERE outcome <> 'announcement'",
    "keys": "SELECT count(*) FROM entry_keys",
    "deals": "SELECT count(*) FROM deals",
}
SIZE = (
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)


@dataclass(frozen=True, slots=True)
class Look:
    """The database on one day: rows by what they are, bytes in use, bytes of the write-ahead log."""

    day: int
    rows: dict[str, int]
    size: int
    log: int


async def years(path: Path, days: int, every: int) -> list[Look]:
    """Live so many days, with news, a deal and a digest each, and look at the database now and then."""
    looks = []
    async with open_ready(path) as storage:
        feeds = await _settle_in(storage)
        deliverer = Deliverer(storage, {"terminal": RecordingPlatform()}, "deals")
        for day in range(1, days + 1):
            now = NOW + timedelta(days=day)
            for feed in feeds:
                await _publish(storage, feed, day, now)
            await deliverer.deliver_due(now)
            await storage.retention.forget(now)
            if day % every == 0:
                looks.append(_look(path, day))
        known = await storage.deals.known_keys([feed.id for feed in feeds])
        for feed in feeds:
            assert all(hash_key(key) in known[feed.id] for key in _entry(feed, 1, 0, NOW).keys)
    return looks


async def _settle_in(storage: Storage) -> tuple[DueFeed, ...]:
    wanted = Subscription(HERE, Timetable(frozenset(range(7))))
    await storage.subscriptions.save(wanted, next_slot(wanted.timetable, NOW).at, NOW)
    for number in range(FEEDS):
        await storage.feeds.add(HERE, Feed(f"https://f{number}.example/feed", f"F{number}"), NOW)
    return await storage.feeds.claim_due(NOW, FEEDS)


async def _publish(storage: Storage, feed: DueFeed, day: int, now: datetime) -> None:
    state = FeedState(now + timedelta(hours=1), Validators(f'"{day}"'), None)
    judged = [Judged(_entry(feed, day, number, now), _nothing()) for number in range(ENTRIES)]
    if day % FEEDS == feed.id % FEEDS:
        judged.append(announced(f"d{day}"))
    await storage.polls.record(feed, state, triage(judged, ()), (), now)


def _entry(feed: DueFeed, day: int, number: int, now: datetime) -> Entry:
    name = f"{feed.id}-{day}-{number}"
    link = f"https://f{feed.id}.example/news/{name}"
    return Entry(
        name, (f"link:{link}", f"title:entry {name}|"), f"Entry {name} of a newsroom like any other", "", link, now
    )


def _nothing() -> Rejected:
    verdict = rejected().verdict
    assert isinstance(verdict, Rejected)
    return verdict


def _look(path: Path, day: int) -> Look:
    with closing(sqlite3.connect(path)) as database:
        rows = {name: int(database.execute(query).fetchone()[0]) for name, query in ROWS.items()}
        size = int(database.execute(SIZE).fetchone()[0])
    return Look(day, rows, size, path.with_name(f"{path.name}-wal").stat().st_size)


def growth(looks: list[Look], name: str) -> float:
    """By how much the most after day 120 is above the first look after it."""
    later = [look.rows[name] for look in looks if look.day >= 120]
    return max(later) / max(later[0], 1) - 1


async def main(folder: Path) -> bool:
    """Print what grows, and whether only that does which has to."""
    looks = await years(folder / "years.db", 730, 30)
    first, last = next(look for look in looks if look.day >= 120), looks[-1]
    news = last.rows["keys"] - first.rows["keys"]
    grown = ", ".join(f"{name} {growth(looks, name):+.1%}" for name in BOUNDED)
    log = max(look.log for look in looks)
    print(
        f"D04 after two years, since day 120: {grown}; write-ahead log at most {log / 1e6:.1f} MB; kept for ever: "
        f"{last.rows['keys']:,} keys and {last.rows['deals']} deals, {(last.size - first.size) / news:.0f} bytes a key"
    )
    return max(growth(looks, name) for name in BOUNDED) <= 0.1 and log <= 64_000_000
