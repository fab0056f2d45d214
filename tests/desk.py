"""A desk at which commands are asked: real storage, a real client and real workers, a server on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.commands import build_commands
from bot.deals.model import Judged
from bot.deals.triage import triage
from bot.digests.message import Card, Message, Quote, Table, Text
from bot.digests.model import Channel, Subscription
from bot.feeds.answer import Validators
from bot.feeds.model import Entry, Feed
from bot.platforms.base import Command, Request
from bot.platforms.spoken import parse
from bot.poll import Habits, Poller
from bot.storage import Storage
from bot.storage.model import Failure, FeedState
from bot.web.client import Web
from bot.web.server import LocalServer, Page
from bot.workers.pool import Workers
from tests.builders import PUBLISHED
from tests.ready import open_ready

HERE = Channel("terminal", "local", "screen")
NOW = PUBLISHED + timedelta(hours=3)  # Monday 23 November 2026, 12:00 UTC

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Acme News</title><link>https://acme.example/</link>
<item><title>Acme signs with Borealis</title><link>https://acme.example/1</link>
<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate></item>
<item><title>Acme opens a clinic</title><link>https://acme.example/2</link>
<pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>"""


@dataclass
class Desk:
    """Somebody at a channel. `now` is their clock, `pages` what the server shows."""

    storage: Storage
    server: LocalServer
    pages: dict[str, Page]
    now: datetime = NOW
    commands: Sequence[Command] = field(default_factory=tuple)
    poller: Poller | None = None

    async def ask(self, line: str, *, may_manage: bool = True, channel: Channel = HERE) -> Message:
        """The reply to one line."""
        spoken = parse(line, self.commands, "deals")
        return await spoken.command.run(Request(channel, "u1", may_manage, spoken.values))

    async def tell(
        self, *judged: Judged, feed: str = "alpha", passed: tuple[Entry, ...] = (), place: Channel = HERE
    ) -> None:
        """One poll of a feed of that place's workspace that brings these."""
        await self.storage.feeds.add(place, Feed(f"https://{feed}.example/feed", feed.title()), self.now)
        due = {each.feed.title: each for each in await self.storage.feeds.claim_due(self.now + timedelta(days=9), 10)}
        state = FeedState(self.now, Validators(), None)
        await self.storage.polls.record(due[feed.title()], state, triage(judged, ()), passed, self.now)

    async def poll(self) -> None:
        """Ask every feed that is due."""
        assert self.poller
        await self.poller.poll_due(self.now)

    async def fail(self, feed: str, reason: str, *, since: timedelta) -> None:
        """One poll of a feed of HERE's that went wrong that long ago."""
        at = self.now - since
        await self.storage.feeds.add(HERE, Feed(f"https://{feed}.example/feed", feed.title()), at)
        due = {each.feed.title: each for each in await self.storage.feeds.claim_due(at + timedelta(days=9), 10)}
        following = self.now + timedelta(hours=1)
        await self.storage.feeds.record_failure(due[feed.title()], Failure(reason, following), at)


@asynccontextmanager
async def open_desk(path: Path, workers: Workers | None = None) -> AsyncIterator[Desk]:
    """A desk with an empty database and a server that shows nothing yet. `workers` of one's own are left running."""
    pages: dict[str, Page] = {}
    async with (
        open_ready(path / "pactwire.db") as storage,
        LocalServer(pages) as server,
        Web(
            user_agent="Pactwire/test", allow_addresses=["127.0.0.0/8"], allow_ports=[server.port], host_pause=0
        ) as web,
        nullcontext(workers) if workers else Workers(1) as working,
    ):
        desk = Desk(storage, server, pages)
        desk.poller = Poller(web, working, storage, Habits(), Random(7))
        desk.commands = build_commands(
            storage=storage,
            web=web,
            workers=working,
            clock=lambda: desk.now,
            root="deals",
            defaults=Subscription(HERE),
        )
        yield desk


def shown(message: Message) -> str:
    """Every word of a message, a line each, for looking things up in it."""
    lines = [message.title, message.aside or ""]
    for block in message.blocks:
        match block:
            case Table():
                lines += [" | ".join(row) for row in (block.header, *block.rows)]
            case Quote():
                lines += [block.label, block.text, block.source.url if block.source else ""]
            case Card():
                lines += [block.headline, block.summary, " · ".join(block.facts)]
            case Text() | _:
                lines.append(block.text)
    return "\n".join([*lines, *message.footer, message.next_step or ""])
