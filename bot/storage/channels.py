"""Channels that are paused until somebody mends them, resumed with one digest, or gone for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.digests.timetable import due_slot
from bot.storage.codec import decode
from bot.storage.deliveries import unsettled
from bot.storage.engine import Database
from bot.storage.model import Delivery, KeptSubscription, Notice, SlotKind, SlotOutcome, State
from bot.storage.notices import note
from bot.storage.subscriptions import going, kept_of, of_channel
from bot.storage.tables import deliveries, marks, slots, subscriptions
from bot.storage.uniting import told_with


class ChannelStore:
    """What happens to all that one channel is owed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pause(
        self, kept: KeptSubscription, reason: str, now: datetime, notice: Notice, refused: Delivery | None = None
    ) -> None:
        """Plan and send nothing more here until `resume`; what is owed stays owed, the refused part as well."""
        here = and_(subscriptions.c.id == kept.id, going)
        paused = update(subscriptions).where(here, subscriptions.c.paused_at.is_(None))
        async with self._database.write() as connection:
            await connection.execute(paused.values(paused_at=now, paused_reason=reason))
            if refused:
                back = update(deliveries).where(unsettled(refused))
                await connection.execute(back.values(state=State.PENDING, next_try_at=now, error=reason))
            await note(connection, notice, now)

    async def resume(self, channel: Channel, now: datetime) -> bool:
        """Go on: with the owed digest, or, where a later one is due by now, with that one alone. False: not paused.

        A digest of which nothing arrived gives way to a later one, and its deals are wanted again. One of which a part
        may have arrived is brought to its end first.
        """
        found = select(subscriptions).where(of_channel(channel), going, subscriptions.c.paused_at.is_not(None))
        async with self._database.write() as connection:
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return False
            kept = kept_of(row)
            pending = and_(deliveries.c.subscription_id == kept.id, deliveries.c.state == State.PENDING)
            since = kept.since
            if due_slot(kept.subscription.timetable, kept.since or kept.created, now):
                since = await _give_way(connection, kept)
            # What is still owed begins its day anew: the pause was not its fault.
            await connection.execute(update(deliveries).where(pending).values(created_at=now, next_try_at=now))
            mended = update(subscriptions).where(subscriptions.c.id == kept.id)
            await connection.execute(mended.values(paused_at=None, paused_reason=None, since=since))
        return True

    async def end(self, kept: KeptSubscription, reason: str, now: datetime, notice: Notice) -> None:
        """The channel is gone for good: nothing more is planned, and what it was owed is dead."""
        owed = and_(deliveries.c.subscription_id == kept.id, deliveries.c.state.in_([State.PENDING, State.SENDING]))
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(owed).values(state=State.DEAD, error=reason))
            ended = update(subscriptions).where(subscriptions.c.id == kept.id, going)
            await connection.execute(ended.values(ended_at=now))
            await note(connection, notice, now)


async def _give_way(connection: AsyncConnection, kept: KeptSubscription) -> datetime | None:
    """Withdraw the digests of which nothing arrived, and want their deals again; the last slot that was told."""
    channel, mine = kept.subscription.channel, deliveries.c.subscription_id == kept.id
    begun = select(deliveries.c.slot).where(
        mine, deliveries.c.state.in_([State.SENDING, State.SENT, State.UNCERTAIN, State.DEAD])
    )
    whole = and_(mine, deliveries.c.state == State.PENDING, deliveries.c.slot.not_in(begun))
    texts = (await connection.scalars(select(deliveries.c.message).where(whole))).all()
    told = and_(
        marks.c.platform == channel.platform,
        marks.c.workspace == channel.workspace,
        marks.c.channel == channel.id,
        told_with({deal for text in texts for deal in decode(Message, text).deals}),
    )
    given = and_(slots.c.subscription_id == kept.id, slots.c.local.in_(select(deliveries.c.slot).where(whole)))
    await connection.execute(delete(marks).where(told))
    await connection.execute(update(slots).where(given).values(outcome=SlotOutcome.WITHDRAWN))
    withdrawn = {"state": State.WITHDRAWN, "error": "a later digest tells it"}
    await connection.execute(update(deliveries).where(whole).values(withdrawn))
    # What a withdrawn digest reached back to, the next one must reach back to as well.
    last = select(func.max(slots.c.at)).where(
        slots.c.subscription_id == kept.id,
        slots.c.kind != SlotKind.INSTANT,
        slots.c.outcome.in_([SlotOutcome.TOLD, SlotOutcome.EMPTY]),
    )
    at: datetime | None = await connection.scalar(last)
    return at
