"""Which digests are due, and what is in them: read what is wanted, decide, write once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.deliver import wording
from bot.digests.compose import compose, plan_digest
from bot.digests.message import Message
from bot.digests.model import Form, Slot, WhenEmpty
from bot.digests.timetable import after_quiet, due_slot, is_quiet, next_slot
from bot.errors import StorageError
from bot.logs import logger
from bot.platforms.base import Platform
from bot.storage import Storage
from bot.storage.model import KeptSubscription, SlotKind
from bot.storage.subscriptions import AHEAD, INSTANT

log = logger(__name__)


class Planner:
    """Turns due subscriptions into claimed slots."""

    def __init__(self, storage: Storage, platforms: Mapping[str, Platform], root: str) -> None:
        self._storage = storage
        self._platforms = platforms
        self._root = root

    async def plan(self, kept: KeptSubscription, now: datetime) -> None:
        """Claim what is due for this subscription, or move it on."""
        try:
            await self._plan(kept, now)
        except ZoneInfoNotFoundError:
            zone = kept.subscription.timetable.zone
            reason = f"the time zone {zone} is not known any more; set another with /{self._root} settings zone:"
            log.warning("deliver.paused", channel=kept.subscription.channel.id, reason=reason)
            await self._storage.channels.pause(kept, reason, now, wording.paused(kept, reason, self._root, now))
        except StorageError:
            raise
        except Exception:
            # The door behind which nothing of one channel can hold up the others; it stays due for the next tick.
            log.exception("deliver.fault", channel=kept.subscription.channel.id)

    async def claim(self, kept: KeptSubscription, slot: Slot, kind: SlotKind, now: datetime) -> bool:
        """Freeze the digest for this slot: whether it was not planned before."""
        subscription = kept.subscription
        candidates = await self._storage.deals.wanted(kept, now)
        coverage = await self._storage.feeds.coverage(subscription.channel)
        digest = plan_digest(subscription, slot, kept.since, candidates, coverage, now=now)
        when_empty = _when_empty(kept, kind)
        message = compose(digest, root=self._root, when_empty=when_empty, mention=subscription.mention)
        if kind is SlotKind.INSTANT and message is None:
            await self._storage.deliveries.postpone(kept, self._following(kept, now))
            return False
        parts = self._parts(kept, message)
        following = self._following(kept, max(slot.at, now))
        claimed = await self._storage.deliveries.claim(kept, slot, parts, following, now, kind=kind)
        log.info(
            "deliver.planned",
            channel=subscription.channel.id,
            slot=str(slot.local),
            deals=len(digest.deals),
            claimed=claimed,
        )
        return claimed

    async def _plan(self, kept: KeptSubscription, now: datetime) -> None:
        timetable = kept.subscription.timetable
        if kept.since and kept.since > now + AHEAD:
            # The clock had run ahead: what it planned is told, and from here on time counts as it is.
            return await self._storage.deliveries.postpone(kept, self._following(kept, now), since=now)
        if is_quiet(timetable, now):
            return await self._storage.deliveries.postpone(kept, after_quiet(timetable, now))
        slot = due_slot(timetable, kept.since or kept.created, now)
        if slot is None:
            return await self._plan_instant(kept, now)
        if now - slot.at > timedelta(hours=kept.subscription.catch_up):
            return await self._skip(kept, slot, now)
        await self.claim(kept, slot, SlotKind.DIGEST, now)
        return None

    async def _plan_instant(self, kept: KeptSubscription, now: datetime) -> None:
        slot = slot_now(kept, now)
        wanted = kept.subscription.form is Form.INSTANT
        if wanted and await self._storage.deliveries.instants(kept, slot.local.date()) < kept.subscription.instants:
            await self.claim(kept, slot, SlotKind.INSTANT, now)
        else:
            await self._storage.deliveries.postpone(kept, self._following(kept, now))

    async def _skip(self, kept: KeptSubscription, slot: Slot, now: datetime) -> None:
        """Too late to be news at its hour: say so in `status`, and let its deals wait for the next digest."""
        log.warning("deliver.skipped", channel=kept.subscription.channel.id, slot=str(slot.local))
        await self._storage.deliveries.claim(kept, slot, (), self._following(kept, now), now, skipped=True)

    def _following(self, kept: KeptSubscription, now: datetime) -> datetime:
        """When to look after this subscription next."""
        following = next_slot(kept.subscription.timetable, now).at
        if kept.subscription.form is Form.INSTANT:
            return min(following, after_quiet(kept.subscription.timetable, now + INSTANT))
        return following

    def _parts(self, kept: KeptSubscription, message: Message | None) -> tuple[Message, ...]:
        platform = self._platforms.get(kept.subscription.channel.platform)
        return () if message is None or platform is None else platform.split(message)


def slot_now(kept: KeptSubscription, now: datetime) -> Slot:
    """A slot for this very second, out of turn."""
    local = now.astimezone(ZoneInfo(kept.subscription.timetable.zone)).replace(tzinfo=None, microsecond=0)
    return Slot(local, now.replace(microsecond=0))


def _when_empty(kept: KeptSubscription, kind: SlotKind) -> WhenEmpty:
    """Who is told things as they come needs no line that says there is nothing left to tell."""
    instant = kind is SlotKind.INSTANT or kept.subscription.form is Form.INSTANT
    return WhenEmpty.SILENCE if instant else kept.subscription.when_empty
