"""Our Slack, whole and real, at a Slack of our own; the commands are those of `tests.desk`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.digests.model import Channel
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.client import Slack
from bot.platforms.slack.desk import Desk as SlackDesk
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.rights import Rights
from bot.platforms.slack.socket import Socket, whoami
from bot.platforms.slack.teams import OneTeam
from tests.desk import Desk, open_desk
from tests.e2e.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

HERE = Channel("slack", "T0TEAM", "C1")


@dataclass
class Bot:
    """The server, what is kept, and our side of the talk."""

    server: SlackServer
    desk: Desk
    slack: Slack
    listeners: Listeners
    socket: Socket


@asynccontextmanager
async def open_bot(path: Path) -> AsyncIterator[Bot]:
    """A bot that is connected by Socket Mode."""
    seen: set[str] = set()

    async def is_first(key: str) -> bool:
        new = key not in seen
        seen.add(key)
        return new

    async def nobody(channel: Channel, user: str) -> bool:
        return False

    async with SlackServer() as server, open_desk(path) as desk:
        calls = Calls(server.url)
        team = await whoami(calls, BOT_TOKEN)
        assert team is not None
        teams = OneTeam(team)
        slack_desk = SlackDesk(desk.commands, "deals", calls, Rights(calls, nobody))
        listeners = Listeners(calls, teams, slack_desk, is_first)
        socket = Socket(listeners.app, calls, APP_TOKEN)
        await socket.open()
        await server.until(lambda: server.opened == 1)
        try:
            yield Bot(server, desk, Slack(calls, teams), listeners, socket)
        finally:
            await listeners.idle()
            await socket.close()
