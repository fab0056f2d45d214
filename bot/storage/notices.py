"""What those who manage a workspace are told by another way than its channels: written once, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel
from bot.storage.engine import Database
from bot.storage.model import Notice
from bot.storage.tables import notices

PAUSE = timedelta(hours=1)
"""One workspace is told things at most this often: what comes up meanwhile goes into one message."""

MOST_ATTEMPTS = 5


class NoticeStore:
    """Notices that wait, and those that went."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_due(self, now: datetime) -> dict[tuple[str, str], tuple[Notice, ...]]:
        """The notices to send now, by platform and workspace; none for one that was told something within PAUSE.

        Taking them counts as a try, so that no crash can make a storm of them.
        """
        quiet = select(notices.c.platform, notices.c.workspace).where(
            notices.c.sent_at > now - PAUSE, notices.c.sent_at <= now
        )
        due = select(notices).where(notices.c.next_try_at <= now).order_by(notices.c.id)
        async with self._database.read() as connection:
            if (await connection.execute(due.limit(1))).one_or_none() is None:
                return {}
        async with self._database.write() as connection:
            told = {(row.platform, row.workspace) for row in await connection.execute(quiet)}
            rows = [row for row in await connection.execute(due) if (row.platform, row.workspace) not in told]
            for row in rows:
                tried = row.attempts + 1
                later = now + PAUSE * 2**tried if tried < MOST_ATTEMPTS else None
                change = update(notices).where(notices.c.id == row.id).values(attempts=tried, next_try_at=later)
                await connection.execute(change)
        taken: dict[tuple[str, str], tuple[Notice, ...]] = {}
        for row in rows:
            place = (row.platform, row.workspace)
            notice = Notice(Channel(*place, ""), row.key, row.text, row.id)
            taken[place] = (*taken.get(place, ()), notice)
        return taken

    async def sent(self, told: Sequence[Notice], now: datetime) -> None:
        """They were told."""
        done = update(notices).where(notices.c.id.in_([each.id for each in told]))
        async with self._database.write() as connection:
            await connection.execute(done.values(sent_at=now, next_try_at=None))


async def note(connection: AsyncConnection, notice: Notice, now: datetime) -> None:
    """Write a notice as a part of the caller's transaction; one whose key is known was told before."""
    await connection.execute(
        insert(notices)
        .values(
            platform=notice.channel.platform,
            workspace=notice.channel.workspace,
            key=notice.key,
            text=notice.text,
            created_at=now,
            attempts=0,
            next_try_at=now,
        )
        .on_conflict_do_nothing()
    )
