"""The outbox: every part of every digest, frozen before it is sent, and what becomes of it.

`pending → sending → sent | uncertain | dead`, and `withdrawn` where a person or a later digest takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.message import Message
from bot.digests.model import Channel, Slot
from bot.storage.codec import decode, encode
from bot.storage.engine import Database
from bot.storage.model import Delivery, KeptSubscription, Notice, Queue, SlotKind, SlotOutcome, State
from bot.storage.notices import note
from bot.storage.subscriptions import going, kept_of
from bot.storage.tables import deliveries, marks, slots, subscriptions
from bot.storage.uniting import mark_united

SETTLE = timedelta(seconds=30)
"""How long after its end an unclear post is first looked for: by then it has arrived, or it never will."""

LONGEST_WAIT = timedelta(hours=25)
"""No part waits longer for its next try; one that seems to was written by a clock that ran ahead."""


class DeliveryStore:
    """What is owed to channels, and what became of it. The parts of one subscription are one queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self,
        kept: KeptSubscription,
        slot: Slot,
        parts: Sequence[Message],
        next_due: datetime,
        now: datetime,
        *,
        kind: SlotKind = SlotKind.DIGEST,
        skipped: bool = False,
    ) -> bool:
        """Freeze the parts for this slot, mark their deals as told and move on: all of it, once, or nothing.

        False when the slot was planned before. A slot without parts had nothing to say, or came too late (`skipped`).
        A digest moves `since`; one that was skipped does not, for the next one tells what it would have told.
        """
        local = slot.local.isoformat()
        outcome = SlotOutcome.SKIPPED if skipped else SlotOutcome.TOLD if parts else SlotOutcome.EMPTY
        planned = insert(slots).values(
            subscription_id=kept.id, local=local, at=slot.at, planned_at=now, kind=kind, outcome=outcome
        )
        async with self._database.write() as connection:
            claimed = (await connection.execute(planned.on_conflict_do_nothing())).rowcount == 1
            if claimed and parts:
                rows = [_row(kept, local, number, part, len(parts), now) for number, part in enumerate(parts, 1)]
                await connection.execute(insert(deliveries), rows)
                await _mark(connection, kept.subscription.channel, parts, now)
            moves = claimed and not skipped and kind is not SlotKind.INSTANT
            moved = update(subscriptions).where(subscriptions.c.id == kept.id)
            await connection.execute(
                moved.values(next_due_at=next_due, since=slot.at if moves else subscriptions.c.since)
            )
            return claimed

    async def postpone(self, kept: KeptSubscription, next_due: datetime, since: datetime | None = None) -> None:
        """Nothing was due after all (the timetable or the clock changed): look again then."""
        async with self._database.write() as connection:
            moved = update(subscriptions).where(subscriptions.c.id == kept.id)
            await connection.execute(moved.values(next_due_at=next_due, since=since or subscriptions.c.since))

    async def instants(self, kept: KeptSubscription, day: date) -> int:
        """How many digests came out of turn on this local date because something became known."""
        counted = select(func.count()).where(
            slots.c.subscription_id == kept.id,
            slots.c.kind == SlotKind.INSTANT,
            slots.c.local.startswith(day.isoformat()),
        )
        async with self._database.read() as connection:
            return await connection.scalar(counted) or 0

    async def queues(self, now: datetime) -> tuple[Queue, ...]:
        """The channels whose next part may be tried now, each with all that it is owed, in order; no paused ones."""
        order = (deliveries.c.slot, deliveries.c.part)
        place = func.row_number().over(partition_by=deliveries.c.subscription_id, order_by=order).label("place")
        line = select(deliveries.c.subscription_id, deliveries.c.next_try_at, place).where(_unfinished).subquery()
        ripe = or_(line.c.next_try_at <= now, line.c.next_try_at > now + LONGEST_WAIT)
        ready = select(line.c.subscription_id).where(line.c.place == 1, ripe)
        served = and_(subscriptions.c.id.in_(ready), going, subscriptions.c.paused_at.is_(None))
        async with self._database.read() as connection:
            keeping = [kept_of(row) for row in await connection.execute(select(subscriptions).where(served))]
            if not keeping:
                return ()
            owed = select(deliveries).where(
                _unfinished, deliveries.c.subscription_id.in_([each.id for each in keeping])
            )
            parts: dict[int, list[Delivery]] = {kept.id: [] for kept in keeping}
            for row in await connection.execute(owed.order_by(*order)):
                parts[row.subscription_id].append(delivery_of(row))
        return tuple(Queue(kept, tuple(parts[kept.id])) for kept in keeping)

    async def told(self, channel: Channel, deal: int) -> tuple[tuple[Channel, datetime], ...]:
        """The channels of this channel's workspace that were told the deal, and when."""
        here = and_(marks.c.platform == channel.platform, marks.c.workspace == channel.workspace)
        rows = select(marks.c.channel, marks.c.marked_at).where(here, marks.c.deal_id == deal)
        async with self._database.read() as connection:
            found = await connection.execute(rows.order_by(marks.c.marked_at))
            return tuple((Channel(channel.platform, channel.workspace, row.channel), row.marked_at) for row in found)

    async def begin(self, delivery: Delivery, now: datetime, there: datetime) -> bool:
        """Write down that this part is about to be sent, before it is; False when it is no longer to be sent.

        `there` is the platform's own time, by which the part is looked for if its end is unclear.
        """
        changed = {"state": State.SENDING, "sending_at": there, "next_try_at": now + SETTLE}
        begun = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state == State.PENDING)
        async with self._database.write() as connection:
            done = await connection.execute(begun.values(**changed, attempts=deliveries.c.attempts + 1))
            return done.rowcount == 1

    async def sent(self, delivery: Delivery, posted_id: str, now: datetime) -> None:
        """The platform has it, whatever was decided about it meanwhile."""
        arrived = {"state": State.SENT, "sent_at": now, "posted_id": posted_id, "error": None}
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(arrived))

    async def retry(self, delivery: Delivery, reason: str, next_try: datetime) -> None:
        """The platform surely does not have it: try again then."""
        await self._set(delivery, None, next_try, state=State.PENDING, next_try_at=next_try, error=reason)

    async def unclear(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """The platform may have it, or get it yet: it is looked for when it must have arrived."""
        await self._set(delivery, None, now, next_try_at=now + SETTLE, error=reason)

    async def hold_unclear(self, now: datetime) -> None:
        """Look for nothing yet: what an earlier life was sending, or a clock that jumped makes look old, or planned far
        ahead, may still be under way."""
        soon = or_(deliveries.c.next_try_at < now + SETTLE, deliveries.c.next_try_at > now + LONGEST_WAIT)
        early = and_(deliveries.c.state == State.SENDING, soon)
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(early).values(next_try_at=now + SETTLE))

    async def look_again(self, delivery: Delivery, reason: str, next_try: datetime) -> None:
        """Nobody knows yet whether the platform has it: ask the channel then."""
        await self._set(delivery, None, next_try, next_try_at=next_try, looks=delivery.looks + 1, error=reason)

    async def uncertain(self, delivery: Delivery, reason: str, now: datetime, notice: Notice | None = None) -> None:
        """Nobody can tell whether the platform has it: it is never sent again by itself."""
        await self._set(delivery, notice, now, state=State.UNCERTAIN, error=reason)

    async def dead(self, delivery: Delivery, reason: str, now: datetime, notice: Notice | None = None) -> None:
        """It cannot be delivered."""
        await self._set(delivery, notice, now, state=State.DEAD, error=reason)

    async def rerender(self, delivery: Delivery, smaller: Sequence[Message], now: datetime) -> None:
        """Put smaller parts in the place of one that the platform surely refused; those behind it move up."""
        more = len(smaller) - 1
        slot = and_(deliveries.c.subscription_id == delivery.subscription, deliveries.c.slot == delivery.slot)
        behind = and_(slot, deliveries.c.part > delivery.part)
        async with self._database.write() as connection:
            if await connection.scalar(select(deliveries.c.id).where(unsettled(delivery))) is None:
                return
            # By way of negative numbers, for a part's number is unique at every moment.
            await connection.execute(update(deliveries).where(behind).values(part=-(deliveries.c.part + more)))
            negative = and_(slot, deliveries.c.part < 0)
            await connection.execute(update(deliveries).where(negative).values(part=-deliveries.c.part))
            await connection.execute(update(deliveries).where(slot).values(parts=deliveries.c.parts + more))
            row = (await connection.execute(select(deliveries).where(deliveries.c.id == delivery.id))).one()
            anew = await _anew(connection, row)
            first, *others = [_smaller(row, number, message, now) | anew for number, message in enumerate(smaller)]
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(first))
            if others:
                await connection.execute(insert(deliveries), others)

    async def _set(self, delivery: Delivery, notice: Notice | None, now: datetime, **values: object) -> None:
        """A part that was settled meanwhile, with its channel or by a person, stays settled."""
        async with self._database.write() as connection:
            changed = await connection.execute(update(deliveries).where(unsettled(delivery)).values(values))
            if notice and changed.rowcount:
                await note(connection, notice, now)


def delivery_key(channel: Channel, subscription: int, slot: str, part: int) -> str:
    """The mark of one part: 24 characters, the same in every process, different for every row."""
    name = "\x00".join((channel.platform, channel.workspace, channel.id, str(subscription), slot, str(part)))
    return blake2b(name.encode(), digest_size=12).hexdigest()


def smaller_key(key: str, number: int) -> str:
    """The mark of one of the smaller parts that replace the part with this one: new, as what it marks is."""
    return blake2b(f"{key}/{number}".encode(), digest_size=12).hexdigest()


def delivery_of(row: Row[*tuple[Any, ...]]) -> Delivery:
    """A row of `deliveries` as a value."""
    return Delivery(
        id=row.id,
        key=row.key,
        channel=Channel(row.platform, row.workspace, row.channel),
        part=row.part,
        parts=row.parts,
        message=decode(Message, row.message),
        state=State(row.state),
        attempts=row.attempts,
        created=row.created_at,
        sending_at=row.sending_at,
        subscription=row.subscription_id,
        slot=row.slot,
        next_try=row.next_try_at,
        looks=row.looks,
        renders=row.renders,
        error=row.error,
    )


_unfinished: ColumnElement[bool] = deliveries.c.state.in_([State.PENDING, State.SENDING])


def unsettled(delivery: Delivery) -> ColumnElement[bool]:
    """The row of this part, as long as nothing settled it."""
    return and_(deliveries.c.id == delivery.id, _unfinished)


async def _mark(connection: AsyncConnection, channel: Channel, parts: Sequence[Message], now: datetime) -> None:
    """A deal in a claimed part counts as told to its channel."""
    told = {deal for part in parts for deal in part.deals}
    if told:
        rows = [_place(channel) | {"marked_at": now, "deal_id": deal} for deal in sorted(told)]
        await connection.execute(insert(marks).on_conflict_do_nothing(), rows)
        await mark_united(connection, told)


def _row(
    kept: KeptSubscription, local: str, part: int, message: Message, parts: int, now: datetime
) -> dict[str, object]:
    channel = kept.subscription.channel
    return _place(channel) | {
        "subscription_id": kept.id,
        "slot": local,
        "part": part,
        "parts": parts,
        "key": delivery_key(channel, kept.id, local, part),
        "message": encode(message),
        "state": State.PENDING,
        "attempts": 0,
        "looks": 0,
        "renders": 0,
        "created_at": now,
        "next_try_at": now,
    }


async def _anew(connection: AsyncConnection, row: Row[*tuple[Any, ...]]) -> dict[str, object]:
    """How the parts begin that replace this one: pending; but what was planned before a backup was put back may have
    been replaced and sent after that backup was made, and so they are looked for first."""
    planned = select(slots.c.planned_at).join(subscriptions, subscriptions.c.id == slots.c.subscription_id)
    mine = and_(slots.c.subscription_id == row.subscription_id, slots.c.local == row.slot)
    restored = await connection.scalar(planned.where(mine, slots.c.planned_at <= subscriptions.c.told_until))
    return {"state": State.SENDING, "sending_at": restored} if restored else {"state": State.PENDING}


def _smaller(row: Row[*tuple[Any, ...]], number: int, message: Message, now: datetime) -> dict[str, object]:
    """The row of one of the parts that replace a refused one."""
    same = {name: value for name, value in row._mapping.items() if name != "id"}
    return same | {
        "part": row.part + number,
        "key": smaller_key(row.key, number),
        "message": encode(message),
        "renders": row.renders + 1,
        "next_try_at": now,
    }


def _place(channel: Channel) -> dict[str, object]:
    return {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.id}
