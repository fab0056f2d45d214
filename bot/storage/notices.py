"""What people are told by another way than a workspace's channels: written once, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel
from bot.storage.engine import Database
from bot.storage.model import Addressee, Notice
from bot.storage.subscriptions import of_channel
from bot.storage.tables import notices, subscriptions

PAUSE = timedelta(hours=1)
"""One addressee is told things at most this often: what comes up meanwhile goes into one message."""

MOST_ATTEMPTS = 5

AT_ONCE = 10
"""Addressees that are told at one go: whoever tells them holds up nothing else for long."""


class NoticeStore:
    """Notices that wait, and those that went."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_due(self, now: datetime) -> dict[Addressee, tuple[Notice, ...]]:
        """The notices to send now, by whom they are for; none for one who was told something within PAUSE.

        Taking them counts as a try, so that no crash can make a storm of them.
        """
        quiet = select(notices).where(notices.c.sent_at > now - PAUSE, notices.c.sent_at <= now)
        due = select(notices).where(notices.c.next_try_at <= now).order_by(notices.c.id)
        async with self._database.read() as connection:
            if (await connection.execute(due.limit(1))).one_or_none() is None:
                return {}
        async with self._database.write() as connection:
            told = {_addressee(row) for row in await connection.execute(quiet)}
            rows = [row for row in await connection.execute(due) if _addressee(row) not in told]
            some = set([*dict.fromkeys(map(_addressee, rows))][:AT_ONCE])
            rows = [row for row in rows if _addressee(row) in some]
            for row in rows:
                tried = row.attempts + 1
                later = now + PAUSE * 2**tried if tried < MOST_ATTEMPTS else None
                change = update(notices).where(notices.c.id == row.id).values(attempts=tried, next_try_at=later)
                await connection.execute(change)
        taken: dict[Addressee, tuple[Notice, ...]] = {}
        for row in rows:
            place = Channel(row.platform, row.workspace, row.channel or "")
            notice = Notice(place, row.key, row.text, row.id, row.user)
            taken[_addressee(row)] = (*taken.get(_addressee(row), ()), notice)
        return taken

    async def sent(self, told: Sequence[Notice], now: datetime) -> None:
        """They were told."""
        done = update(notices).where(notices.c.id.in_([each.id for each in told]))
        async with self._database.write() as connection:
            await connection.execute(done.values(sent_at=now, next_try_at=None))


async def note(connection: AsyncConnection, notice: Notice, now: datetime) -> None:
    """Write a notice as a part of the caller's transaction; one whose key is known was told before.

    What is about a channel is for whoever subscribed it.
    """
    subscriber = select(subscriptions.c.subscribed_by).where(of_channel(notice.channel))
    await connection.execute(
        insert(notices)
        .values(
            platform=notice.channel.platform,
            workspace=notice.channel.workspace,
            channel=notice.channel.id or None,
            user=notice.user or subscriber.scalar_subquery(),
            key=notice.key,
            text=notice.text,
            created_at=now,
            attempts=0,
            next_try_at=now,
        )
        .on_conflict_do_nothing()
    )


def _addressee(row: Row[*tuple[Any, ...]]) -> Addressee:
    return Addressee(row.platform, row.workspace, row.user, follows=row.user is not None and row.channel is None)
