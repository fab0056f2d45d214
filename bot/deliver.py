"""Digests out: due slots → plan → claim → post → record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.digests.compose import compose, plan_digest
from bot.digests.message import Message
from bot.digests.model import Slot
from bot.digests.timetable import due_slot, next_slot
from bot.logs import logger
from bot.platforms.base import Found, NotFound, Platform, Posted, PostFailed, PostOutcome, Remedy, Unclear, Unreadable
from bot.storage import Storage
from bot.storage.model import Delivery, KeptSubscription

log = logger(__name__)

HORIZON = timedelta(hours=24)
"""How long a part that surely did not arrive is tried again."""

LONGEST_PAUSE = timedelta(hours=1)


class Deliverer:
    """Brings digests to channels. What it promises is written down before anything is sent."""

    def __init__(self, storage: Storage, platforms: Mapping[str, Platform], root: str) -> None:
        self._storage = storage
        self._platforms = platforms
        self._root = root
        self._one_at_a_time = asyncio.Lock()

    async def deliver_due(self, now: datetime) -> int:
        """Settle what was interrupted, plan every slot that has come, send what is owed: how many parts arrived.

        A part that is still being sent when this begins was left so by a crash, or by a disk that was full just then:
        its channel is asked whether it arrived, and it is never sent again blindly.
        """
        async with self._one_at_a_time:
            await self._settle(now)
            await self._plan_due(now)
            return await self._send_open(now)

    async def deliver_now(self, kept: KeptSubscription, now: datetime) -> int:
        """Plan a slot for this very second, out of turn, and send it."""
        local = now.astimezone(ZoneInfo(kept.subscription.timetable.zone)).replace(tzinfo=None, microsecond=0)
        async with self._one_at_a_time:
            await self._settle(now)
            await self._plan(kept, Slot(local, now.replace(microsecond=0)), now)
            return await self._send_open(now)

    async def _settle(self, now: datetime) -> None:
        for delivery in await self._storage.deliveries.interrupted():
            await self._reconcile(delivery, now)

    async def _plan_due(self, now: datetime) -> None:
        for kept in await self._storage.subscriptions.due(now):
            slot = due_slot(kept.subscription.timetable, kept.since or kept.created, now)
            if slot is None:
                await self._storage.deliveries.postpone(kept, next_slot(kept.subscription.timetable, now).at)
            else:
                await self._plan(kept, slot, now)

    async def _plan(self, kept: KeptSubscription, slot: Slot, now: datetime) -> None:
        """Read what is wanted, decide, write once."""
        subscription = kept.subscription
        candidates = await self._storage.deals.wanted(kept, now)
        coverage = await self._storage.feeds.coverage(subscription.channel)
        digest = plan_digest(subscription, slot, kept.since, candidates, coverage, now=now)
        message = compose(digest, root=self._root, when_empty=subscription.when_empty)
        parts = self._parts(kept, message)
        following = next_slot(subscription.timetable, max(slot.at, now)).at
        claimed = await self._storage.deliveries.claim(kept, slot, parts, following, now)
        log.info(
            "deliver.planned",
            channel=subscription.channel.id,
            slot=str(slot.local),
            deals=len(digest.deals),
            claimed=claimed,
        )

    def _parts(self, kept: KeptSubscription, message: Message | None) -> tuple[Message, ...]:
        platform = self._platforms.get(kept.subscription.channel.platform)
        return () if message is None or platform is None else platform.split(message)

    async def _send_open(self, now: datetime) -> int:
        waiting = sorted(await self._storage.deliveries.open(now), key=lambda each: (_place(each), each.id))
        channels = [tuple(group) for _, group in groupby(waiting, key=_place)]
        return sum(await asyncio.gather(*(self._send_in_order(parts, now) for parts in channels)))

    async def _send_in_order(self, parts: Sequence[Delivery], now: datetime) -> int:
        """One channel's parts, each only after the one before it; answers how many arrived."""
        for number, delivery in enumerate(parts):
            if not await self._send(delivery, now):
                return number
        return len(parts)

    async def _send(self, delivery: Delivery, now: datetime) -> bool:
        platform = self._platforms.get(delivery.channel.platform)
        if platform is None:
            return False
        await self._storage.deliveries.begin(delivery, now)
        try:
            outcome: PostOutcome = await platform.post(delivery.channel, delivery.message, delivery.key)
        except Exception as error:
            log.exception("deliver.fault", delivery=delivery.id)
            outcome = Unclear(f"{type(error).__name__} while posting")
        match outcome:
            case Posted(posted_id):
                await self._storage.deliveries.sent(delivery, posted_id, now)
                return True
            case PostFailed():
                await self._failed(delivery, outcome, now)
            case Unclear():
                await self._reconcile(delivery, now)
            case _:
                assert_never(outcome)
        return False

    async def _failed(self, delivery: Delivery, failed: PostFailed, now: datetime) -> None:
        """It surely did not arrive: try again later, unless that cannot help or is too late."""
        pause = failed.retry_after or min(timedelta(minutes=2**delivery.attempts), LONGEST_PAUSE)
        log.warning("deliver.failed", delivery=delivery.id, reason=failed.reason, remedy=failed.remedy)
        if failed.remedy == Remedy.DEAD or now + pause > delivery.created + HORIZON:
            await self._storage.deliveries.dead(delivery, failed.reason)
        else:
            await self._storage.deliveries.retry(delivery, failed.reason, now + pause)

    async def _reconcile(self, delivery: Delivery, now: datetime) -> None:
        """Nobody knows whether it arrived: look for its mark in the channel."""
        platform = self._platforms.get(delivery.channel.platform)
        if platform is None:
            return
        found = await platform.find(delivery.channel, delivery.key, delivery.sending_at or delivery.created)
        log.warning("deliver.reconciled", delivery=delivery.id, found=type(found).__name__)
        match found:
            case Found(posted_id):
                await self._storage.deliveries.sent(delivery, posted_id, now)
            case NotFound():
                await self._storage.deliveries.retry(delivery, "it had not arrived", now)
            case Unreadable(reason):
                await self._storage.deliveries.uncertain(delivery, reason)
            case _:
                assert_never(found)


def _place(delivery: Delivery) -> tuple[str, str, str]:
    return (delivery.channel.platform, delivery.channel.workspace, delivery.channel.id)
