"""Our Slack, whole and real, at a Slack of our own; the commands are those of `tests.desk`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.config import Slack as SlackTable
from bot.config import SlackSecrets
from bot.digests.model import Channel, Subscription
from bot.platforms.slack.client import Slack
from bot.slack import Ground, open_slack
from tests.desk import Desk, open_desk
from tests.e2e.slack_server import APP_TOKEN, BOT_TOKEN, TEAM, SlackServer

HERE = Channel("slack", TEAM, "C1")
SECRET = "canary-signing-secret"


@dataclass
class Bot:
    """The server, what is kept, and our side of the talk. `port` is that of HTTP mode."""

    server: SlackServer
    desk: Desk
    slack: Slack
    port: int = 0


@asynccontextmanager
async def open_bot(path: Path, **changes: object) -> AsyncIterator[Bot]:
    """A bot with a token of its own, connected by Socket Mode."""
    async with SlackServer() as server, open_desk(path) as desk:
        secrets = SlackSecrets(BOT_TOKEN, APP_TOKEN, None, None, None)
        table = SlackTable.model_validate({"api": server.url, **changes})
        slack = open_slack(table, secrets, desk.commands, "deals", ground(desk))
        async with running(slack):
            await server.until(lambda: server.opened == 1)
            yield Bot(server, desk, slack)


@asynccontextmanager
async def running(slack: Slack) -> AsyncIterator[asyncio.Task[None]]:
    """Slack as it stays connected; it is stopped at the end as the process stops it."""
    task = asyncio.create_task(slack.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def ground(desk: Desk) -> Ground:
    """What is kept at the desk."""
    return Ground(desk.storage, Subscription(HERE), lambda: desk.now)


def words(reply: object) -> str:
    """All that a reply or a view says, for looking things up in it."""
    return json.dumps(reply, ensure_ascii=False)
