"""Slack, wired to everything else: which tokens, which way in, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.config import Slack as SlackTable
from bot.config import SlackSecrets
from bot.deals.model import KnownDeal
from bot.digests.model import Channel, Coverage, Subscription
from bot.errors import ConfigError
from bot.logs import logger
from bot.platforms.base import Command
from bot.platforms.slack.calls import SLACK as API
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.client import NAME, Slack
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.http import Entrance
from bot.platforms.slack.installs import Installer, ManyTeams
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.seal import Seal
from bot.platforms.slack.signature import Verifier
from bot.platforms.slack.socket import Socket, whoami
from bot.platforms.slack.teams import OneTeam, Team
from bot.storage import Storage
from bot.storage.installations import Installation
from bot.storage.model import KeptSubscription
from bot.web.door import Door

log = logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between tries to reach Slack at the start."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ground:
    """What Slack's side stands on. `defaults` is what a new subscription has."""

    storage: Storage
    defaults: Subscription
    clock: Clock


def open_slack(
    table: SlackTable, secrets: SlackSecrets, commands: Sequence[Command], root: str, ground: Ground
) -> Slack:
    """Slack as configured; it connects when it is run."""
    calls = Calls(str(table.api) if table.api else API)
    register, seal = Register(ground), Seal(secrets.key)
    one = OneTeam() if secrets.bot_token else None
    teams = one or ManyTeams(register, seal)
    memory = Memory(ground)
    desk = Desk(commands, root, calls, memory)
    listeners = Listeners(calls, teams, desk, memory)
    installer = None
    if one is None and secrets.client_secret:
        client = (table.client_id, secrets.client_secret)
        installer = Installer(calls, register, seal, client, str(table.public_url))

    async def stay() -> None:
        if one is not None and secrets.bot_token:
            one.team = await _introduced(calls, secrets.bot_token)
            await register.resume(one.team.id)  # the app may have been removed, and installed anew
        if table.mode == "socket":
            await _by_socket(Socket(listeners.app, calls, secrets.app_token or ""), listeners)
        else:
            verifier = Verifier(secrets.signing_secret or "")
            entrance = Entrance(listeners.app, verifier, installer, lambda: ground.clock().timestamp())
            await _by_http(Door(table.host, table.port, entrance.answer), listeners)

    return Slack(calls, teams, memory, stay, in_threads=table.threads)


async def _introduced(calls: Calls, token: str) -> Team:
    """Whose token it is, as soon as Slack can be asked."""
    pause = FIRST_PAUSE
    while (team := await whoami(calls, token)) is None:
        log.warning("slack.unreachable", again_in=f"{pause:.0f} s")
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return team


async def _by_socket(socket: Socket, listeners: Listeners) -> None:
    try:
        await socket.open()
        log.info("slack.connected")
        await asyncio.Event().wait()
    finally:
        await socket.close()
        await listeners.idle()


async def _by_http(door: Door, listeners: Listeners) -> None:
    try:
        await door.open()
    except OSError as error:
        raise ConfigError(
            f"Slack's port cannot be listened at: {error.strerror}. Set host and port in [slack]."
        ) from error
    log.info("slack.listening", port=door.port)
    try:
        await asyncio.Event().wait()
    finally:
        await door.close()
        await listeners.idle()


class Memory:
    """What Slack asks of what is kept; see bot.platforms.slack.memory."""

    def __init__(self, ground: Ground) -> None:
        self._storage, self._defaults, self._clock = ground.storage, ground.defaults, ground.clock

    async def wished(self, channel: Channel) -> Subscription:
        kept = await self._storage.subscriptions.get(channel)
        return kept.subscription if kept else replace(self._defaults, channel=channel)

    async def subscriptions(self, team: str) -> Sequence[KeptSubscription]:
        return await self._storage.subscriptions.of_workspace(NAME, team)

    async def coverage(self, team: str) -> Coverage:
        return await self._storage.feeds.coverage(Channel(NAME, team, ""))

    async def latest(self, team: str, limit: int) -> Sequence[KnownDeal]:
        return await self._storage.deals.latest(Channel(NAME, team, ""), limit)

    async def is_named(self, channel: Channel, user: str) -> bool:
        return await self._storage.managers.holds(channel, user)

    async def is_first(self, key: str) -> bool:
        return await self._storage.installations.receive(NAME, key, self._clock())

    async def keepers(self, team: str) -> Sequence[str]:
        installation = await self._storage.installations.get(NAME, team)
        subscribers = await self._storage.subscriptions.subscribers(NAME, team)
        named = await self._storage.managers.list(Channel(NAME, team, ""))
        installer = [installation.installed_by] if installation and installation.installed_by else []
        return list(dict.fromkeys((*subscribers, *named, *installer)))

    async def root(self, channel: Channel) -> str | None:
        return await self._storage.memory.recall(_root(channel))

    async def is_rooted(self, channel: Channel, message: str) -> None:
        await self._storage.memory.remember(_root(channel), message)

    async def forget(self, team: str) -> None:
        await self._storage.installations.forget(NAME, team)
        paused = await self._storage.workspaces.left(NAME, team, self._clock())
        log.info("slack.removed", workspace=team, paused=paused)


class Register:
    """Where installations are kept; see bot.platforms.slack.installs."""

    def __init__(self, ground: Ground) -> None:
        self._storage, self._clock = ground.storage, ground.clock

    async def get(self, team: str) -> Installation | None:
        return await self._storage.installations.get(NAME, team)

    async def save(self, team: Team, installed_by: str) -> None:
        made = Installation(NAME, team.id, team.token, team.bot_user, team.bot, installed_by)
        await self._storage.installations.save(made, self._clock())
        # It may have been installed before: its digests go on, as long as they were kept.
        await self.resume(team.id)

    async def resume(self, team: str) -> None:
        """Go on with what waited for the workspace to let Pactwire in again."""
        for channel in await self._storage.workspaces.waiting(NAME, team):
            await self._storage.channels.resume(channel, self._clock())

    async def begin(self, state: str, minutes: int) -> None:
        now = self._clock()
        await self._storage.installations.begin(state, now + timedelta(minutes=minutes), now)

    async def end(self, state: str) -> bool:
        return await self._storage.installations.end(state, self._clock())


def _root(channel: Channel) -> str:
    """The name under which the first message of a channel's last digest is kept."""
    return f"{NAME} root {channel.workspace} {channel.id}"
