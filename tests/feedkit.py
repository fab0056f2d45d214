"""Feeds for tests, made to order, and the whole polling side on a real server, real workers and a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

from aiohttp import web

from bot.digests.model import Channel
from bot.feeds.model import Feed, Register
from bot.poll import Habits, Poller
from bot.storage import Storage
from bot.web.client import Web
from bot.web.names import PinnedNames
from bot.web.server import LocalServer, Page
from bot.workers.pool import Workers
from tests.builders import PUBLISHED
from tests.ready import open_ready

HERE = Channel("terminal", "local", "screen")
NOW = PUBLISHED + timedelta(hours=1)
RSS = "application/rss+xml; charset=utf-8"

DEAL = (
    "Acme Health and Borealis Cloud announce a 10-year strategic partnership",
    "Acme Health and Borealis Cloud today announced a 10-year strategic partnership to store patient data and to build "
    "new tools for nurses. Under the agreement, Borealis Cloud will open an office in Oslo.",
)
NO_DEAL = (
    "Acme Health opens a new hospital in Oslo",
    "Acme Health has opened a new hospital with 200 beds in Oslo. It is the third one in the city.",
)


def item(title: str, text: str, *, link: str = "", published: datetime | None = PUBLISHED) -> str:
    """One <item> of RSS 2.0."""
    date = "" if published is None else f"<pubDate>{format_datetime(published)}</pubDate>"
    return f"<item><title>{title}</title><link>{link}</link>{date}<description>{text}</description></item>"


def rss(*items: str, title: str = "Example News") -> Page:
    """A feed of those items."""
    body = f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"
    return Page(body.encode(), RSS)


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that polling needs, open."""

    server: LocalServer
    storage: Storage
    poller: Poller

    async def follow(self, *paths: str) -> None:
        """Put the served feeds on the list."""
        for path in paths:
            feed = Feed(self.server.url(path), path.strip("/"), register=Register.PRESS_RELEASE)
            await self.storage.feeds.add(HERE, feed, NOW)


@asynccontextmanager
async def kit(
    path: Path, pages: Mapping[str, Page], habits: Habits | None = None, workers: Workers | None = None
) -> AsyncIterator[Kit]:
    """The polling side over `pages`, on the database at `path`. `pages` may change while it is open.

    `workers` of one's own are left running: a child takes longer to load all that judging needs than to judge a feed.
    """
    async with (
        open_ready(path) as storage,
        LocalServer(pages) as server,
        Web(
            user_agent="Pactwire/test",
            allow_addresses=["127.0.0.0/8"],
            allow_ports=[server.port],
            host_pause=0,
        ) as client,
        nullcontext(workers) if workers else Workers(1) as working,
    ):
        yield Kit(server, storage, Poller(client, working, storage, habits or Habits(), Random(7)))


Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def many_hosts(
    path: Path, answer: Answer, hosts: Iterable[str], workers: int = 1
) -> AsyncIterator[tuple[Storage, Poller, int]]:
    """The polling side over one server that answers for all these hosts, and the port that it listens on."""
    runner = web.ServerRunner(web.Server(answer), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    port = int(runner.addresses[0][1])
    names = PinnedNames(dict.fromkeys(hosts, ("127.0.0.1", port)))
    try:
        async with (
            open_ready(path) as storage,
            Web(
                user_agent="Pactwire/test", allow_addresses=["127.0.0.0/8"], allow_ports=[port], resolver=names
            ) as client,
            Workers(workers) as working,
        ):
            yield storage, Poller(client, working, storage, Habits(), Random(7)), port
    finally:
        await runner.cleanup()
