"""A publisher who answers by a script and keeps a log, and a bot that lives by its own timetable."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast

from bot.digests.model import Channel
from bot.feeds.answer import Answer, Fetched, NotModified, Validators
from bot.feeds.model import Feed
from bot.poll import Poller
from bot.poll.report import Habits
from bot.storage import Storage
from bot.web.client import Web
from bot.workers.pool import Workers
from tests.fakes import InlineWorkers
from tests.feedkit import HERE, NOW, item, rss
from tests.ready import open_ready

URL = "https://news.example/feed"
ETAG = Validators('"1"')
BODY = rss(item("Acme opens a clinic", "It has twenty beds.", link="https://news.example/1")).body

Script = Callable[[str, Validators, datetime], Answer]


def served(body: bytes = BODY, validators: Validators = ETAG, url: str = URL, **more: object) -> Fetched:
    """A feed with a validator."""
    return Fetched(url, body, "application/rss+xml", validators, **more)  # type: ignore[arg-type]


def steady(url: str, validators: Validators, now: datetime) -> Answer:
    """A publisher whose feed never changes."""
    return NotModified() if validators == ETAG else served(url=url)


@dataclass
class Publisher:
    """Stands in for the web. `asked` holds who was asked for what with which validators, and when."""

    script: Script = steady
    now: datetime = NOW
    asked: list[tuple[str, Validators, datetime]] = field(default_factory=list)

    async def fetch(self, url: str, validators: Validators = Validators(), *, accept: str = "") -> Answer:  # noqa: B008
        self.asked.append((url, validators, self.now))
        return self.script(url, validators, self.now)

    def times(self, url: str = URL) -> list[datetime]:
        return [at for asked, _, at in self.asked if asked == url]


@dataclass
class Bot:
    """The polling side over a publisher, at the publisher's own time."""

    storage: Storage
    poller: Poller
    publisher: Publisher

    async def follow(self, url: str = URL, channel: Channel = HERE) -> None:
        await self.storage.feeds.add(channel, Feed(url, "Example News"), self.publisher.now)

    async def live(self, span: timedelta) -> None:
        """Poll whenever something is due, until so much time has passed."""
        end = self.publisher.now + span
        while (due := await self.storage.feeds.next_due()) and due <= end:
            await self.poll_at(max(due, self.publisher.now))
        self.publisher.now = end

    async def poll_at(self, now: datetime) -> None:
        self.publisher.now = now
        await self.poller.poll_due(now)


@asynccontextmanager
async def a_bot(path: Path, publisher: Publisher, working: InlineWorkers | None = None) -> AsyncIterator[Bot]:
    """A bot started over the database at `path`, which may have a history."""
    async with open_ready(path) as storage:
        web, workers = cast(Web, publisher), cast(Workers, working or InlineWorkers())
        poller = Poller(web, workers, storage, Habits(), Random(7))
        await poller.start(publisher.now)
        yield Bot(storage, poller, publisher)


async def told(bot: Bot) -> list[tuple[str, str]]:
    """Every notice so far: to which workspace, and its text."""
    found = list[tuple[str, str]]()
    for hours in range(0, 99_999, 24 * 365):
        taken = await bot.storage.notices.take_due(bot.publisher.now + timedelta(hours=hours))
        for whom, notices in taken.items():
            found += [(whom.workspace, notice.text) for notice in notices]
            await bot.storage.notices.sent(notices, bot.publisher.now + timedelta(hours=hours))
    return found
