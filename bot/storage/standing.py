"""How deliveries stand, for the people who look: what waits, what may be lost, what is paused, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, func, select, update

from bot.digests.model import Channel
from bot.storage.deliveries import delivery_of
from bot.storage.engine import Database
from bot.storage.model import Delivery, KeptSubscription, Overview, Skipped, SlotOutcome, State
from bot.storage.subscriptions import going, kept_of
from bot.storage.tables import deliveries, slots, subscriptions

LATE = timedelta(minutes=15)
RECENT = timedelta(days=7)
"""How long a digest that was skipped is told about."""


class StandingStore:
    """Questions about one channel's workspace, and what a person may decide about one delivery."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def overview(self, channel: Channel, now: datetime) -> Overview:
        """The workspace in numbers."""
        counted = (
            select(
                deliveries.c.state,
                func.count(),
                func.max(deliveries.c.sent_at),
                func.sum(slots.c.at < now - LATE),
            )
            .join(slots, _slot_of_delivery)
            .where(_in_workspace(deliveries, channel))
            .group_by(deliveries.c.state)
        )
        paused = select(func.count()).where(_in_workspace(subscriptions, channel), going, _paused)
        async with self._database.read() as connection:
            rows = (await connection.execute(counted)).all()
            paused_count = await connection.scalar(paused) or 0
        count = {state: number for state, number, _, _ in rows}
        open_states = (State.PENDING, State.SENDING)
        return Overview(
            pending=sum(count.get(state, 0) for state in open_states),
            uncertain=count.get(State.UNCERTAIN, 0),
            dead=count.get(State.DEAD, 0),
            last_sent=max((last for _, _, last, _ in rows if last), default=None),
            late=sum(late or 0 for state, _, _, late in rows if state in open_states),
            paused=paused_count,
            skipped=len(await self.skipped(channel, now)),
        )

    async def unfinished(self, channel: Channel, limit: int = 100) -> tuple[Delivery, ...]:
        """The parts that did not arrive, or may not have, oldest first."""
        states = (State.PENDING, State.SENDING, State.UNCERTAIN, State.DEAD)
        rows = select(deliveries).where(_in_workspace(deliveries, channel), deliveries.c.state.in_(states))
        async with self._database.read() as connection:
            found = await connection.execute(rows.order_by(deliveries.c.id).limit(limit))
            return tuple(delivery_of(row) for row in found)

    async def paused(self, channel: Channel) -> tuple[KeptSubscription, ...]:
        """The paused channels of the workspace."""
        rows = select(subscriptions).where(_in_workspace(subscriptions, channel), going, _paused)
        async with self._database.read() as connection:
            return tuple(kept_of(row) for row in await connection.execute(rows.order_by(subscriptions.c.paused_at)))

    async def skipped(self, channel: Channel, now: datetime) -> tuple[Skipped, ...]:
        """The digests of the last days that came too late to be sent."""
        rows = (
            select(subscriptions.c.channel, slots.c.local, slots.c.at)
            .join(slots, slots.c.subscription_id == subscriptions.c.id)
            .where(_in_workspace(subscriptions, channel), slots.c.outcome == SlotOutcome.SKIPPED)
            .where(slots.c.planned_at > now - RECENT)
        )
        async with self._database.read() as connection:
            found = await connection.execute(rows.order_by(slots.c.at))
            return tuple(
                Skipped(Channel(channel.platform, channel.workspace, row.channel), row.local, row.at) for row in found
            )

    async def retry(self, channel: Channel, delivery: int, now: datetime) -> Delivery | None:
        """A person says: send it, whatever is known of it. None where it does not wait for such a word, or its channel
        has no digests any more."""
        again = {"state": State.PENDING, "created_at": now, "next_try_at": now, "looks": 0, "error": "sent by hand"}
        return await self._decide(channel, delivery, again, deliveries.c.subscription_id.in_(_alive))

    async def discard(self, channel: Channel, delivery: int) -> Delivery | None:
        """A person says: never send it. None as for `retry`."""
        return await self._decide(channel, delivery, {"state": State.WITHDRAWN, "error": "discarded by hand"})

    async def _decide(
        self, channel: Channel, delivery: int, change: dict[str, object], *only: ColumnElement[bool]
    ) -> Delivery | None:
        decidable = (State.PENDING, State.UNCERTAIN, State.DEAD)
        one = and_(_in_workspace(deliveries, channel), deliveries.c.id == delivery, deliveries.c.state.in_(decidable))
        async with self._database.write() as connection:
            row = (await connection.execute(select(deliveries).where(one, *only))).one_or_none()
            if row is None:
                return None
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(change))
            return delivery_of(row)


_alive = select(subscriptions.c.id).where(going)
_paused = subscriptions.c.paused_at.is_not(None)
_slot_of_delivery = and_(slots.c.subscription_id == deliveries.c.subscription_id, slots.c.local == deliveries.c.slot)


def _in_workspace(table: Table, channel: Channel) -> ColumnElement[bool]:
    return and_(table.c.platform == channel.platform, table.c.workspace == channel.workspace)
