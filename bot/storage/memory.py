"""Single words that have to outlive a restart, each under its name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import memory


class MemoryStore:
    """Names and what they stand for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, name: str) -> str | None:
        """What was kept under this name last, None where nothing was."""
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(select(memory.c.value).where(memory.c.name == name))
            return found

    async def remember(self, name: str, value: str) -> None:
        """Keep it under this name, in place of what stood there."""
        kept = insert(memory).values(name=name, value=value)
        async with self._database.write() as connection:
            await connection.execute(kept.on_conflict_do_update([memory.c.name], set_={"value": value}))
