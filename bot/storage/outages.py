"""When it is we who reach nobody: since when; everybody is told once that it lasts, and once that it is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel
from bot.digests.moments import day
from bot.storage.answers import TOLD_AFTER
from bot.storage.engine import Database
from bot.storage.listing import every_reader
from bot.storage.model import Notice
from bot.storage.notices import note
from bot.storage.tables import memory

_SINCE = "no network since"


class OutageStore:
    """The outage that lasts, if one does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self) -> datetime | None:
        """Since when nobody could be reached; None while somebody can."""
        async with self._database.read() as connection:
            return await _since(connection)

    async def goes_on(self, now: datetime) -> None:
        """Nobody can be reached now either; when that has lasted a day, everybody is told, once."""
        async with self._database.write() as connection:
            begun = insert(memory).values(name=_SINCE, value=now.isoformat())
            await connection.execute(begun.on_conflict_do_nothing())
            since = await _since(connection) or now
            if now - since >= TOLD_AFTER:
                await _tell(connection, f"no network since {since.isoformat()}", _lasts(since), now)

    async def is_over(self, now: datetime) -> None:
        """Somebody answered again: whoever was told that it lasts is told that it is over."""
        async with self._database.write() as connection:
            since = await _since(connection)
            await connection.execute(delete(memory).where(memory.c.name == _SINCE))
            if since and now - since >= TOLD_AFTER:
                await _tell(connection, f"a network again after {since.isoformat()}", _is_over(since), now)


async def _since(connection: AsyncConnection) -> datetime | None:
    kept: str | None = await connection.scalar(select(memory.c.value).where(memory.c.name == _SINCE))
    return datetime.fromisoformat(kept) if kept else None


async def _tell(connection: AsyncConnection, key: str, text: str, now: datetime) -> None:
    for platform, workspace in (await connection.execute(every_reader())).all():
        await note(connection, Notice(Channel(platform, workspace, ""), key, text), now)


def _lasts(since: datetime) -> str:
    return (
        f"Pactwire has reached no site at all since {day(since)}, so it seems to be its own network that is down, and "
        "not the feeds. Nothing was read meanwhile; you will hear of it when that is over."
    )


def _is_over(since: datetime) -> str:
    return f"Pactwire reaches the feeds again. It had reached no site since {day(since)}."
