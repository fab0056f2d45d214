"""A hub on the loopback that does what the specification asks of one, and a bot that listens to it."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Self, cast
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.feeds.model import Feed
from bot.poll import Habits, Poller
from bot.storage import Storage
from bot.storage.model import KeptFeed
from bot.web.client import Web
from bot.web.door import Door
from bot.web.server import LocalServer, Page
from bot.websub import Callback, Leases
from bot.workers.pool import Workers
from tests.fakes import InlineWorkers
from tests.feedkit import HERE, NOW, RSS
from tests.ready import open_ready

CHALLENGE = "a-word-that-only-the-hub-knows"


@dataclass
class LoopbackHub:
    """Verifies whoever asks, and tells those who meant it. `status` is what a request is answered with."""

    status: int = 202
    lease: str = "864000"
    asked: list[dict[str, str]] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    verified: list[tuple[str, int, str]] = field(default_factory=list)
    elsewhere: str = ""

    async def __aenter__(self) -> Self:
        self._tasks = set[asyncio.Task[None]]()
        self._session = aiohttp.ClientSession()
        self._runner = web.ServerRunner(web.Server(self._answer), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.idle()
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    async def idle(self) -> None:
        """Until all that was asked is verified."""
        await asyncio.gather(*self._tasks)

    async def publish(self, body: bytes, method: str = "sha256", secret: str = "") -> list[int]:
        """Tell everybody who subscribed: the status that each answered."""
        answers = []
        for callback, theirs in self.secrets.items():
            made = hmac.new((secret or theirs).encode(), body, method or "sha256").hexdigest()
            headers = {"X-Hub-Signature": f"{method}={made}"} if method else {}
            async with self._session.post(callback, data=body, headers=headers) as response:
                answers.append(response.status)
        return answers

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if self.elsewhere and request.path == "/hub":
            return web.Response(status=307, headers={"Location": self.elsewhere})
        assert request.content_type == "application/x-www-form-urlencoded"
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.status == 202:
            task = asyncio.create_task(self._verify(form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response(status=self.status)

    async def _verify(self, form: dict[str, str]) -> None:
        asked = {name: form[name] for name in ("hub.mode", "hub.topic")}
        asked |= {"hub.challenge": CHALLENGE, "hub.lease_seconds": self.lease}
        async with self._session.get(f"{form['hub.callback']}?{urlencode(asked)}") as response:
            said = await response.text()
        self.verified.append((form["hub.mode"], response.status, said))
        if (response.status, said) != (200, CHALLENGE):
            return
        if form["hub.mode"] == "subscribe":
            self.secrets[form["hub.callback"]] = form["hub.secret"]
        else:
            self.secrets.pop(form["hub.callback"], None)


@dataclass
class Listener:
    """A bot with one feed, whose hub it may ask."""

    storage: Storage
    server: LocalServer
    pages: dict[str, Page]
    poller: Poller
    leases: Leases
    hub: LoopbackHub
    now: datetime = NOW

    async def look(self) -> None:
        """Ask the hub what is to be asked, and let it verify that."""
        await self.leases.look(self.now)
        await self.hub.idle()

    async def poll(self) -> int:
        """Poll what is due: how many requests the feed's own server got."""
        before = self.server.requests["/feed"]
        await self.poller.poll_due(self.now)
        return self.server.requests["/feed"] - before

    async def kept(self) -> KeptFeed:
        (kept,) = await self.storage.feeds.list(HERE)
        return kept


def feed_of(*items: str, links: str = "") -> Page:
    """A feed with those items and links."""
    body = (
        f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>N</title>{links}{''.join(items)}"
    )
    return Page(f"{body}</channel></rss>".encode(), RSS)


@asynccontextmanager
async def a_listener(folder: Path, hub: LoopbackHub) -> AsyncIterator[Listener]:
    """Everything real: the client, the door, the database, the publisher's server."""
    pages: dict[str, Page] = {}
    numbers = count(1)
    async with (
        open_ready(folder / "db") as storage,
        LocalServer(pages) as server,
        Web(
            user_agent="Pactwire/test",
            allow_addresses=["127.0.0.0/8"],
            allow_ports=[server.port, hub.port],
            host_pause=0,
        ) as client,
    ):
        poller = Poller(client, cast(Workers, InlineWorkers()), storage, Habits(), Random(7))
        door = Door("127.0.0.1", 0, Callback(storage.leases, lambda: bot.now).answer)
        await door.open()
        mint = partial(lambda made: f"{next(made):032x}", numbers)
        leases = Leases(storage.leases, client, f"http://127.0.0.1:{door.port}/websub/", mint)
        bot = Listener(storage, server, pages, poller, leases, hub)
        await storage.feeds.add(HERE, Feed(server.url("/feed"), "News"), NOW)
        try:
            yield bot
        finally:
            await door.close()
