"""The outbox: every part of every digest, frozen before it is sent, and where it stands.

`pending → sending → sent | uncertain | dead`
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.digests.message import Message
from bot.digests.model import Channel, Slot
from bot.storage.codec import decode, encode
from bot.storage.engine import Database
from bot.storage.model import Delivery, KeptSubscription, Overview, State
from bot.storage.tables import deliveries, marks, slots, subscriptions


class DeliveryStore:
    """What is owed to channels, and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, kept: KeptSubscription, slot: Slot, parts: Sequence[Message], next_due: datetime, now: datetime
    ) -> bool:
        """Freeze the parts for this slot, mark their deals as told and move on: all of it, once, or nothing.

        False when the slot was planned before. A slot without parts is one that had nothing to say.
        """
        channel, local = kept.subscription.channel, slot.local.isoformat()
        planned = insert(slots).values(subscription_id=kept.id, local=local, at=slot.at, planned_at=now)
        async with self._database.write() as connection:
            claimed = (await connection.execute(planned.on_conflict_do_nothing())).rowcount == 1
            if claimed and parts:
                rows = [_row(kept, local, number, part, len(parts), now) for number, part in enumerate(parts, 1)]
                await connection.execute(insert(deliveries), rows)
                told = {deal for part in parts for deal in part.deals}
                if told:
                    place = _place(channel) | {"marked_at": now}
                    await connection.execute(
                        insert(marks).on_conflict_do_nothing(), [place | {"deal_id": deal} for deal in sorted(told)]
                    )
            moved = update(subscriptions).where(subscriptions.c.id == kept.id)
            await connection.execute(
                moved.values(next_due_at=next_due, since=slot.at if claimed else subscriptions.c.since)
            )
            return claimed

    async def postpone(self, kept: KeptSubscription, next_due: datetime) -> None:
        """Nothing was due after all (the timetable changed): look again then."""
        async with self._database.write() as connection:
            moved = update(subscriptions).where(subscriptions.c.id == kept.id)
            await connection.execute(moved.values(next_due_at=next_due))

    async def open(self, now: datetime) -> tuple[Delivery, ...]:
        """The parts that are to be sent now: in order, and none whose forerunner in its digest is still open."""
        ahead = deliveries.alias()
        waiting = (
            select(ahead.c.id)
            .where(
                ahead.c.subscription_id == deliveries.c.subscription_id,
                ahead.c.id < deliveries.c.id,
                ahead.c.state.in_([State.PENDING, State.SENDING]),
                ahead.c.next_try_at > now,
            )
            .exists()
        )
        ready = and_(deliveries.c.state == State.PENDING, deliveries.c.next_try_at <= now, ~waiting)
        return await self._select(ready)

    async def interrupted(self) -> tuple[Delivery, ...]:
        """The parts whose sending began and whose end nobody recorded."""
        return await self._select(deliveries.c.state == State.SENDING)

    async def begin(self, delivery: Delivery, now: datetime) -> None:
        """Write down that this part is about to be sent, before it is."""
        await self._set(delivery, state=State.SENDING, sending_at=now, attempts=delivery.attempts + 1)

    async def sent(self, delivery: Delivery, posted_id: str, now: datetime) -> None:
        """The platform has it."""
        await self._set(delivery, state=State.SENT, sent_at=now, posted_id=posted_id, error=None)

    async def retry(self, delivery: Delivery, reason: str, next_try: datetime) -> None:
        """The platform surely does not have it: try again then."""
        await self._set(delivery, state=State.PENDING, next_try_at=next_try, error=reason)

    async def uncertain(self, delivery: Delivery, reason: str) -> None:
        """Nobody can tell whether the platform has it: it is never sent again by itself."""
        await self._set(delivery, state=State.UNCERTAIN, error=reason)

    async def dead(self, delivery: Delivery, reason: str) -> None:
        """It cannot be delivered."""
        await self._set(delivery, state=State.DEAD, error=reason)

    async def overview(self, channel: Channel) -> Overview:
        """How the deliveries of this channel's workspace stand."""
        here = and_(deliveries.c.platform == channel.platform, deliveries.c.workspace == channel.workspace)
        counted = select(deliveries.c.state, func.count(), func.max(deliveries.c.sent_at)).where(here)
        async with self._database.read() as connection:
            rows = (await connection.execute(counted.group_by(deliveries.c.state))).all()
        counts = {state: (count, last) for state, count, last in rows}
        pending = sum(counts.get(state, (0, None))[0] for state in (State.PENDING, State.SENDING))
        uncertain, dead = (counts.get(state, (0, None))[0] for state in (State.UNCERTAIN, State.DEAD))
        return Overview(pending, uncertain, dead, counts.get(State.SENT, (0, None))[1])

    async def _select(self, condition: ColumnElement[bool]) -> tuple[Delivery, ...]:
        async with self._database.read() as connection:
            rows = select(deliveries).where(condition).order_by(deliveries.c.id)
            return tuple(_delivery(row) for row in await connection.execute(rows))

    async def _set(self, delivery: Delivery, **values: object) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))


def delivery_key(channel: Channel, subscription: int, slot: str, part: int) -> str:
    """The mark of one part: 24 characters, the same in every process, different for every row."""
    name = "\x00".join((channel.platform, channel.workspace, channel.id, str(subscription), slot, str(part)))
    return blake2b(name.encode(), digest_size=12).hexdigest()


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
        "created_at": now,
        "next_try_at": now,
    }


def _place(channel: Channel) -> dict[str, object]:
    return {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.id}


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
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
    )
