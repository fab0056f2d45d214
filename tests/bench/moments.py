"""How long single things take: an instant deal from body to platform, a large digest, a question, a start."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random
from statistics import median
from typing import cast

from sqlalchemy import insert

from bot.deals.combine import combine
from bot.deals.model import KnownDeal
from bot.deliver import Deliverer
from bot.digests.compose import compose, plan_digest
from bot.digests.message import Message
from bot.digests.model import Channel, Coverage, Form, Slot, Subscription, Timetable
from bot.feeds.answer import Answer, Fetched, Validators
from bot.feeds.keys import hash_key
from bot.feeds.model import Feed
from bot.platforms.base import PostOutcome
from bot.poll import Habits, Poller
from bot.storage import Storage, open_storage
from bot.storage.codec import encode
from bot.storage.engine import Database
from bot.storage.model import Origin
from bot.storage.subscriptions import SubscriptionStore
from bot.storage.tables import entry_keys, feeds, subscriptions
from bot.web.client import Web
from bot.workers.pool import Workers
from tests.builders import announcement
from tests.fakes import RecordingPlatform
from tests.feedkit import item, rss

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Channel("terminal", "local", "here")
TIMES = 9


class _Timed(RecordingPlatform):
    """A platform that notes when a part is handed to it."""

    at = 0.0

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        self.at = time.perf_counter()
        return await super().post(channel, part, key)


class _Publisher:
    """Answers with one new deal at a time, and notes when the body was there."""

    at = 0.0
    number = 0

    async def fetch(self, url: str, validators: Validators | None = None, *, accept: str = "") -> Answer:
        self.number += 1
        names = ("Mayo Clinic", "Google Cloud", "Cleveland Clinic", "Microsoft", "Sanofi", "Accenture", "Epic", "Cigna")
        one, other = names[self.number % 8], names[(self.number * 3 + 1) % 8]
        words = f"{one} has signed a five-year strategic partnership with {other} to move its data to the cloud. "
        published = NOW + timedelta(days=40 * self.number)
        news = item(
            f"{one} and {other} announce strategic partnership",
            words + "The two will work together on research and care. " * 8,
            link=f"https://n.example/{self.number}",
            published=published,
        )
        self.at = time.perf_counter()
        return Fetched(url, rss(news).body, "application/rss+xml", Validators(f'"{self.number}"'))


async def body_to_part(path: Path) -> float:
    """Seconds from a body with a deal to its message in a platform's hands, with nothing else to do."""
    publisher, platform = _Publisher(), _Timed()
    wanted = Subscription(HERE, Timetable(frozenset(range(7)), (clock_time(8),)), form=Form.INSTANT, instants=20)
    async with open_storage(path) as storage, Workers(1) as workers:
        await storage.feeds.seed([(Feed("https://n.example/feed", "News"), Origin.CONFIG)], NOW)
        poller = Poller(cast("Web", publisher), workers, storage, Habits(), Random(1))
        deliverer = Deliverer(storage, {"terminal": platform}, "deals")
        times = []
        for number in range(1, TIMES + 1):
            now = NOW + timedelta(days=40 * number)
            # It has been looked after just now, and there was nothing.
            await storage.subscriptions.save(wanted, now + timedelta(minutes=1), now)
            before = platform.at
            delivering = asyncio.create_task(_deliver_news(storage, deliverer, now + timedelta(seconds=1)))
            report = await poller.poll_due(now)
            if not report.deals:
                delivering.cancel()
            await asyncio.wait([delivering])
            if platform.at > before and number > 1:  # the first one loads what the worker needs
                times.append(platform.at - publisher.at)
        assert len(times) >= TIMES // 2, f"only {len(times)} deals were told"
        return median(times)


async def _deliver_news(storage: Storage, deliverer: Deliverer, now: datetime) -> None:
    """As the bot does: at once when a new deal was written."""
    await storage.polls.news.wait()
    storage.polls.news.clear()
    await deliverer.deliver_due(now)


def digest_of_many() -> float:
    """Seconds to choose the best 20 of 10,000 deals and to word their digest."""
    told = [
        replace(announcement(f"News {number % 40}", entry=f"e{number}"), score=0.5 + number % 50 / 100)
        for number in range(10_000)
    ]
    known = [KnownDeal(number, combine([each]), NOW) for number, each in enumerate(told)]
    wanted, slot = Subscription(HERE, maximum=20), Slot(NOW.replace(tzinfo=None), NOW)

    def once() -> float:
        began = time.perf_counter()
        digest = plan_digest(wanted, slot, None, known, Coverage(40, 40), now=NOW)
        message = compose(digest, root="deals")
        took = time.perf_counter() - began
        assert message is not None
        assert len(message.deals) == 20
        return took

    return median(once() for _ in range(TIMES))


async def due_query(folder: Path) -> float:
    """How many times longer the question "who is due?" takes with 100,000 subscriptions than with 1,000."""
    few, many = await _asked(folder / "few.db", 1_000), await _asked(folder / "many.db", 100_000)
    return many / few


async def _asked(path: Path, count: int) -> float:
    async with open_storage(path):
        pass
    wanted = encode(Subscription(HERE))
    rows = [
        {"platform": "slack", "workspace": f"T{number // 10}", "channel": f"C{number}", "subscription": wanted}
        | {"next_due_at": NOW + timedelta(seconds=number + 1), "created_at": NOW}
        for number in range(count)
    ]
    async with Database(path) as database:
        async with database.write() as connection:
            await connection.execute(insert(subscriptions), rows)
        return await _median(lambda: SubscriptionStore(database).due(NOW), 101)


async def _median(ask: Callable[[], Awaitable[object]], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - began)
    return median(took)


def help_start() -> float:
    """Seconds that `pactwire --help` takes."""
    return median(_run("-m", "bot", "--help") for _ in range(5))


async def bot_start(folder: Path) -> float:
    """Seconds from nothing to a bot that has 10,000 feeds and a million seen entries and asks for the first."""
    path = folder / "large.db"
    async with open_storage(path) as storage:
        named = [(Feed(f"https://f{number}.example/feed", f"F{number}"), Origin.COMMAND) for number in range(10_000)]
        await storage.feeds.seed(named, NOW)
    await _fill(path)
    return median([await asyncio.to_thread(_run, "-m", "tests.bench.start", str(path)) for _ in range(3)])


async def _fill(path: Path) -> None:
    async with Database(path) as database, database.write() as connection:
        await connection.execute(feeds.update().values(next_poll_at=NOW))
        for start in range(1, 10_001, 500):
            rows = [
                {"feed_id": feed, "key": hash_key(f"{feed} {each}")}
                for feed in range(start, start + 500)
                for each in range(100)
            ]
            await connection.execute(insert(entry_keys), rows)


def _run(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began
