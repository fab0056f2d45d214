"""The people who may manage a workspace because somebody named them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.digests.model import Channel
from bot.storage.engine import Database
from bot.storage.tables import managers


class ManagerStore:
    """Named managers, each for one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, channel: Channel, user: str, named_by: str, now: datetime) -> bool:
        """Name the user for this channel's workspace; False where that was so already."""
        named = insert(managers).values(
            platform=channel.platform, workspace=channel.workspace, user=user, named_by=named_by, named_at=now
        )
        async with self._database.write() as connection:
            return (await connection.execute(named.on_conflict_do_nothing())).rowcount == 1

    async def remove(self, channel: Channel, user: str) -> bool:
        """Take the name back; False where it was not there."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(managers).where(_of(channel), managers.c.user == user))
            return gone.rowcount > 0

    async def list(self, channel: Channel) -> tuple[str, ...]:
        """The users named for this channel's workspace, in the order in which they were."""
        found = select(managers.c.user).where(_of(channel)).order_by(managers.c.named_at, managers.c.user)
        async with self._database.read() as connection:
            return tuple((await connection.scalars(found)).all())

    async def holds(self, channel: Channel, user: str) -> bool:
        """Whether the user is named for this channel's workspace."""
        async with self._database.read() as connection:
            found = select(managers.c.user).where(_of(channel), managers.c.user == user)
            return (await connection.execute(found)).first() is not None


def _of(channel: Channel) -> ColumnElement[bool]:
    return and_(managers.c.platform == channel.platform, managers.c.workspace == channel.workspace)
