"""Workspaces that let Pactwire in, or showed it the door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, select, update

from bot.digests.model import Channel
from bot.storage.engine import Database
from bot.storage.subscriptions import end, going
from bot.storage.tables import subscriptions

LEFT = "Pactwire was removed from the workspace"


class WorkspaceStore:
    """What becomes of a workspace's subscriptions when it lets Pactwire go, and when it takes it back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def left(self, platform: str, workspace: str, now: datetime) -> int:
        """Pause all its subscriptions: how many were not paused for this already."""
        here = and_(subscriptions.c.platform == platform, subscriptions.c.workspace == workspace, going)
        known = func.coalesce(subscriptions.c.paused_reason, "") == LEFT
        async with self._database.write() as connection:
            paused = update(subscriptions).where(here, ~known).values(paused_at=now, paused_reason=LEFT)
            return (await connection.execute(paused)).rowcount

    async def of_platform(self, platform: str) -> tuple[str, ...]:
        """The workspaces of this platform that have subscriptions."""
        async with self._database.read() as connection:
            found = select(subscriptions.c.workspace).where(subscriptions.c.platform == platform, going).distinct()
            return tuple((await connection.scalars(found)).all())

    async def waiting(self, platform: str, workspace: str) -> tuple[Channel, ...]:
        """The channels that were paused because the workspace let Pactwire go, for it has come back."""
        here = and_(subscriptions.c.platform == platform, subscriptions.c.workspace == workspace, going)
        async with self._database.read() as connection:
            rows = select(subscriptions.c.channel).where(here, subscriptions.c.paused_reason == LEFT)
            return tuple(Channel(platform, workspace, channel) for channel in await connection.scalars(rows))

    async def end_left(self, before: datetime, now: datetime) -> int:
        """End the subscriptions of workspaces that let Pactwire go before then: how many."""
        gone = and_(subscriptions.c.paused_reason == LEFT, subscriptions.c.paused_at < before)
        async with self._database.write() as connection:
            return await end(connection, gone, now)
