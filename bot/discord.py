"""Discord, wired to everything else: how it looks, what is kept, who came and went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.config import Discord as DiscordTable
from bot.platforms.base import Command
from bot.platforms.discord.client import Discord, House, Settings
from bot.platforms.discord.render import Layout
from bot.platforms.discord.replies import NAME
from bot.storage import Storage


def open_discord(
    table: DiscordTable,
    token: str,
    commands: Sequence[Command],
    root: str,
    storage: Storage,
    clock: Callable[[], datetime],
) -> Discord:
    """Discord as configured; it connects when it is run."""

    async def joined(workspace: str) -> None:
        for channel in await storage.workspaces.waiting(NAME, workspace):
            await storage.channels.resume(channel, clock())

    async def left(workspace: str) -> None:
        await storage.workspaces.left(NAME, workspace, clock())

    settings = Settings(
        token,
        Layout(table.layout),
        sharded=table.sharded,
        publish=table.publish,
        api=str(table.api) if table.api else None,
        gateway=str(table.gateway) if table.gateway else None,
    )
    return Discord(settings, commands, root, House(storage.memory.recall, storage.memory.remember, joined, left))
