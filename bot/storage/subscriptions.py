"""The subscriptions: what each channel wants, and when it is due next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.model import Channel, Form, Subscription
from bot.storage.codec import decode, encode
from bot.storage.engine import Database
from bot.storage.model import KeptSubscription, SlotKind, State
from bot.storage.tables import deliveries, slots, subscriptions

AHEAD = timedelta(days=1)
"""A last slot further ahead than this was planned by a clock that was wrong."""

INSTANT = timedelta(minutes=1)
"""How often a channel that wants deals as soon as they are known is looked after, and the least between two of them."""


class SubscriptionStore:
    """One subscription a channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, channel: Channel) -> KeptSubscription | None:
        """The channel's subscription, None where it has none."""
        async with self._database.read() as connection:
            found = select(subscriptions).where(of_channel(channel), going)
            row = (await connection.execute(found)).one_or_none()
            return None if row is None else kept_of(row)

    async def save(
        self, subscription: Subscription, next_due: datetime, now: datetime, by: str | None = None
    ) -> KeptSubscription:
        """Write what the channel wants now; the place in time that it has reached stays, and so does a pause.

        `by` is the user who subscribed it, and stays who it was where none is given.
        """
        channel = subscription.channel
        statement = insert(subscriptions).values(
            platform=channel.platform,
            workspace=channel.workspace,
            channel=channel.id,
            subscription=encode(subscription),
            next_due_at=next_due,
            created_at=now,
            subscribed_by=by,
        )
        # One that had ended begins anew: what it missed meanwhile is not owed.
        changed = {
            "subscription": statement.excluded.subscription,
            "next_due_at": statement.excluded.next_due_at,
            "since": case((going, subscriptions.c.since)),
            "created_at": case((going, subscriptions.c.created_at), else_=statement.excluded.created_at),
            "ended_at": None,
            "subscribed_by": func.coalesce(by, case((going, subscriptions.c.subscribed_by))),
        }
        async with self._database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    [subscriptions.c.platform, subscriptions.c.workspace, subscriptions.c.channel], set_=changed
                )
            )
            return kept_of((await connection.execute(select(subscriptions).where(of_channel(channel)))).one())

    async def remove(self, channel: Channel, now: datetime) -> bool:
        """End the channel's digests; False where there were none. What it was told stays known."""
        async with self._database.write() as connection:
            return await end(connection, of_channel(channel), now) > 0

    async def due(self, now: datetime) -> tuple[KeptSubscription, ...]:
        """The subscriptions whose next slot has come, or was put off by a clock that ran ahead; none that is paused."""
        async with self._database.read() as connection:
            rows = [kept_of(row) for row in await connection.execute(due_rows(now))]
        return tuple(sorted(rows, key=lambda kept: kept.next_due))

    async def of_workspace(self, platform: str, workspace: str) -> tuple[KeptSubscription, ...]:
        """The workspace's subscriptions, the next one due first."""
        mine = and_(subscriptions.c.platform == platform, subscriptions.c.workspace == workspace, going)
        async with self._database.read() as connection:
            rows = await connection.execute(select(subscriptions).where(mine).order_by(subscriptions.c.next_due_at))
            return tuple(kept_of(row) for row in rows)

    async def subscribers(self, platform: str, workspace: str) -> tuple[str, ...]:
        """The users who subscribed the workspace's channels, the latest first."""
        mine = and_(subscriptions.c.platform == platform, subscriptions.c.workspace == workspace, going)
        found = select(subscriptions.c.subscribed_by).where(mine, subscriptions.c.subscribed_by.is_not(None))
        async with self._database.read() as connection:
            users = await connection.scalars(found.order_by(subscriptions.c.created_at.desc()))
            return tuple(dict.fromkeys(users))

    async def next_due(self) -> datetime | None:
        """When the next digest is due, None without subscriptions; paused ones wait for people."""
        async with self._database.read() as connection:
            earliest = select(func.min(subscriptions.c.next_due_at)).where(going, subscriptions.c.paused_at.is_(None))
            due: datetime | None = await connection.scalar(earliest)
            return due


def due_rows(now: datetime) -> Select[*tuple[Any, ...]]:
    """The question who is due, asked every few seconds, however many there are.

    Without an order: for one, SQLite would walk through every row by the index that has it.
    """
    come = or_(subscriptions.c.next_due_at <= now, subscriptions.c.since > now + AHEAD)
    return select(subscriptions).where(going, subscriptions.c.paused_at.is_(None), come)


async def hasten(connection: AsyncConnection, now: datetime) -> None:
    """A deal became known: who is looked after every INSTANT is due now, but for those told within the last one."""
    lately = exists().where(
        slots.c.subscription_id == subscriptions.c.id,
        slots.c.kind == SlotKind.INSTANT,
        slots.c.planned_at > now - INSTANT,
    )
    waiting = update(subscriptions).where(
        subscriptions.c.next_due_at.between(now, now + 2 * INSTANT),  # it may have been put off since `now`
        func.json_extract(subscriptions.c.subscription, "$.form") == Form.INSTANT,
        ~lately,
    )
    await connection.execute(waiting.values(next_due_at=now))


going = subscriptions.c.ended_at.is_(None)
"""The subscriptions that have not ended."""


async def end(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> int:
    """End these subscriptions, as a part of the caller's transaction: how many went on until now.

    What they are owed is withdrawn, what was under way is uncertain, and a pause ends with them: one that begins anew
    finds none of these.
    """
    ending = select(subscriptions.c.id).where(which, going)
    owed = update(deliveries).where(deliveries.c.subscription_id.in_(ending))
    reason = "its subscription was ended"
    for state, settled in ((State.PENDING, State.WITHDRAWN), (State.SENDING, State.UNCERTAIN)):
        await connection.execute(owed.where(deliveries.c.state == state).values(state=settled, error=reason))
    ended = update(subscriptions).where(which, going).values(ended_at=now, paused_at=None, paused_reason=None)
    return (await connection.execute(ended)).rowcount


def of_channel(channel: Channel) -> ColumnElement[bool]:
    """The row of this channel, ended or not."""
    return and_(
        subscriptions.c.platform == channel.platform,
        subscriptions.c.workspace == channel.workspace,
        subscriptions.c.channel == channel.id,
    )


def kept_of(row: Row[*tuple[Any, ...]]) -> KeptSubscription:
    """A row of `subscriptions` as a value."""
    return KeptSubscription(
        id=row.id,
        subscription=decode(Subscription, row.subscription),
        next_due=row.next_due_at,
        created=row.created_at,
        since=row.since,
        paused_at=row.paused_at,
        paused_reason=row.paused_reason,
        told_until=row.told_until,
    )
