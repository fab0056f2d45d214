"""The subscriptions: what each channel wants, and when it is due next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.digests.model import Channel, Subscription
from bot.storage.codec import decode, encode
from bot.storage.engine import Database
from bot.storage.model import KeptSubscription
from bot.storage.tables import subscriptions


class SubscriptionStore:
    """One subscription a channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, channel: Channel) -> KeptSubscription | None:
        """The channel's subscription, None where it has none."""
        async with self._database.read() as connection:
            found = select(subscriptions).where(_of(channel), _going)
            row = (await connection.execute(found)).one_or_none()
            return None if row is None else _kept(row)

    async def save(self, subscription: Subscription, next_due: datetime, now: datetime) -> KeptSubscription:
        """Write what the channel wants now; the place in time that it has reached stays."""
        channel = subscription.channel
        statement = insert(subscriptions).values(
            platform=channel.platform,
            workspace=channel.workspace,
            channel=channel.id,
            subscription=encode(subscription),
            next_due_at=next_due,
            created_at=now,
        )
        # One that had ended begins anew: what it missed meanwhile is not owed.
        changed = {
            "subscription": statement.excluded.subscription,
            "next_due_at": statement.excluded.next_due_at,
            "since": case((_going, subscriptions.c.since)),
            "created_at": case((_going, subscriptions.c.created_at), else_=statement.excluded.created_at),
            "ended_at": None,
        }
        async with self._database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    [subscriptions.c.platform, subscriptions.c.workspace, subscriptions.c.channel], set_=changed
                )
            )
            return _kept((await connection.execute(select(subscriptions).where(_of(channel)))).one())

    async def remove(self, channel: Channel, now: datetime) -> bool:
        """End the channel's digests; False where there were none. What it was told stays known."""
        async with self._database.write() as connection:
            ended = update(subscriptions).where(_of(channel), _going).values(ended_at=now)
            return (await connection.execute(ended)).rowcount > 0

    async def due(self, now: datetime) -> tuple[KeptSubscription, ...]:
        """The subscriptions whose next slot has come."""
        async with self._database.read() as connection:
            rows = select(subscriptions).where(_going, subscriptions.c.next_due_at <= now)
            return tuple(_kept(row) for row in await connection.execute(rows.order_by(subscriptions.c.next_due_at)))

    async def next_due(self) -> datetime | None:
        """When the next digest is due, None without subscriptions."""
        async with self._database.read() as connection:
            earliest = select(func.min(subscriptions.c.next_due_at)).where(_going)
            due: datetime | None = await connection.scalar(earliest)
            return due


_going = subscriptions.c.ended_at.is_(None)


def _of(channel: Channel) -> ColumnElement[bool]:
    return and_(
        subscriptions.c.platform == channel.platform,
        subscriptions.c.workspace == channel.workspace,
        subscriptions.c.channel == channel.id,
    )


def _kept(row: Row[*tuple[Any, ...]]) -> KeptSubscription:
    return KeptSubscription(
        row.id, decode(Subscription, row.subscription), row.next_due_at, created=row.created_at, since=row.since
    )
