"""Our Discord, whole and real, at a Discord of our own; the commands are those of `tests.desk`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.deliver import Deliverer
from bot.digests.model import Channel
from bot.discord import house
from bot.platforms.base import Command
from bot.platforms.discord.client import Discord, Settings
from bot.platforms.discord.render import Layout
from tests.desk import Desk, open_desk
from tests.e2e.discord_stand import TOKEN, Stand


@dataclass
class Bot:
    """The Discord, what is kept, and our side of the talk."""

    stand: Stand
    desk: Desk
    discord: Discord
    deliverer: Deliverer

    def place(self, name: str = "news") -> Channel:
        """The channel of that name."""
        return Channel("discord", str(self.stand.info["guild"]), self.stand.channel(name))


@asynccontextmanager
async def open_bot(
    stand: Stand, path: Path, layout: Layout = Layout.COMPONENTS, extra: Sequence[Command] = ()
) -> AsyncIterator[Bot]:
    """A bot that is connected; `extra` are commands beside the usual ones."""
    async with open_desk(path) as desk:
        desk.commands = (*desk.commands, *extra)
        async with connected(stand, desk, layout) as client:
            yield Bot(stand, desk, client, Deliverer(desk.storage, {client.name: client}, "deals"))


@asynccontextmanager
async def connected(stand: Stand, desk: Desk, layout: Layout = Layout.COMPONENTS) -> AsyncIterator[Discord]:
    """A client that is connected until the block ends."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    settings = Settings(TOKEN, layout, api=stand.proxy.url, gateway=stand.gateway, servers_within=0.1)
    client = Discord(settings, desk.commands, "deals", house(desk.storage, lambda: desk.now))
    running = asyncio.create_task(client.run())
    try:
        assert await client.ready(20), "Discord was not ready"
        yield client
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, discord.DiscordException):
            await running
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
