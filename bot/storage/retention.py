"""What is let go in time, so that the database stays bounded; what keeps old news from being news again stays for ever.

Kept for ever: the hashed keys of every entry, the deals with their announcements, the marks of what was told.
Let go: the rejected entries, and what was delivered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Select, and_, delete, exists, select

from bot.storage.engine import Database
from bot.storage.model import Outcome, State
from bot.storage.subscriptions import end
from bot.storage.tables import deliveries, entries, notices, slots, subscriptions

DAYS = timedelta(days=90)
"""How long one can ask why an entry was rejected, and what was delivered."""

PAUSED = timedelta(days=30)
"""How long a paused channel is waited for."""

BATCH = 500
"""Rows a transaction: nobody else waits long meanwhile."""


class RetentionStore:
    """Forgets on time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, now: datetime) -> int:
        """Let go of everything whose time has passed: how many rows."""
        before = now - DAYS
        old_entry = and_(entries.c.outcome != Outcome.ANNOUNCEMENT, entries.c.seen_at < before)
        done = deliveries.c.state.in_([State.SENT, State.WITHDRAWN, State.UNCERTAIN, State.DEAD])
        old_delivery = and_(done, deliveries.c.created_at < before)
        owed = exists().where(
            deliveries.c.subscription_id == slots.c.subscription_id, deliveries.c.slot == slots.c.local
        )
        rows = await self._drop(select(entries.c.id).where(old_entry), entries.c.id)
        rows += await self._drop(select(deliveries.c.id).where(old_delivery), deliveries.c.id)
        async with self._database.write() as connection:
            rows += (await connection.execute(delete(slots).where(slots.c.planned_at < before, ~owed))).rowcount
            rows += (await connection.execute(delete(notices).where(notices.c.created_at < before))).rowcount
            return rows + await end(connection, subscriptions.c.paused_at < now - PAUSED, now)

    async def _drop(self, chosen: Select[Any], key: Column[Any]) -> int:
        """Delete the chosen rows, some at a time."""
        rows = 0
        while True:
            async with self._database.write() as connection:
                dropped = (await connection.execute(delete(key.table).where(key.in_(chosen.limit(BATCH))))).rowcount
            rows += dropped
            if dropped < BATCH:
                return rows
