"""Discord, wired to everything else: how it looks, what is kept, who came and went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.config import Discord as DiscordTable
from bot.logs import logger
from bot.platforms.base import Command
from bot.platforms.discord.asker import NAME
from bot.platforms.discord.client import Discord, House, Settings
from bot.platforms.discord.render import Layout
from bot.storage import Storage

log = logger(__name__)

Clock = Callable[[], datetime]


def open_discord(
    table: DiscordTable, token: str, commands: Sequence[Command], root: str, storage: Storage, clock: Clock
) -> Discord:
    """Discord as configured; it connects when it is run."""
    settings = Settings(
        token,
        Layout(table.layout),
        sharded=table.sharded,
        publish=table.publish,
        api=str(table.api) if table.api else None,
        gateway=str(table.gateway) if table.gateway else None,
    )
    return Discord(settings, commands, root, house(storage, clock))


def house(storage: Storage, clock: Clock) -> House:
    """What Discord's side asks of what is kept, and tells it."""

    async def joined(workspace: str) -> None:
        for channel in await storage.workspaces.waiting(NAME, workspace):
            await storage.channels.resume(channel, clock())

    async def left(workspace: str) -> None:
        if paused := await storage.workspaces.left(NAME, workspace, clock()):
            log.info("discord.removed", workspace=workspace, paused=paused)

    async def present(workspaces: Sequence[str]) -> None:
        for workspace in await storage.workspaces.of_platform(NAME):
            await (joined if workspace in workspaces else left)(workspace)

    memory = storage.memory
    return House(memory.recall, memory.remember, joined, left, present, storage.managers.holds)
