"""Brings one channel what it is owed: each part after the one before it, and none twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.deliver import wording
from bot.deliver.remedies import (
    EndChannel,
    GiveUp,
    PauseChannel,
    Rerender,
    TryAgain,
    after_failure,
    look_since,
    next_look,
    replaced_since,
)
from bot.digests.timetable import is_quiet
from bot.errors import StorageError
from bot.logs import logger
from bot.platforms.base import (
    FindOutcome,
    Found,
    NotFound,
    Platform,
    Posted,
    PostFailed,
    PostOutcome,
    Unclear,
    Unreadable,
)
from bot.storage import Storage
from bot.storage.deliveries import LONGEST_WAIT, smaller_key
from bot.storage.model import Delivery, Queue, State

log = logger(__name__)

Now = Callable[[], datetime]


class Sender:
    """Sends queues. What it learns is written down before it goes on."""

    def __init__(self, storage: Storage, platforms: Mapping[str, Platform], root: str) -> None:
        self._storage = storage
        self._platforms = platforms
        self._root = root

    async def serve(self, queue: Queue, now: Now) -> int:
        """Send what may be sent, until a part has to wait: how many parts arrived."""
        platform = self._platforms.get(queue.kept.subscription.channel.platform)
        arrived = 0
        if platform is None or is_quiet(queue.kept.subscription.timetable, now()):
            return arrived
        for delivery in queue.parts:
            if not _is_ripe(delivery, now()):
                break
            if delivery.state is State.SENDING:
                goes_on = await self._settle(platform, queue, delivery, now)
            else:
                goes_on = await self._send(platform, queue, delivery, now)
            if not goes_on:
                break
            arrived += 1
        return arrived

    async def _send(self, platform: Platform, queue: Queue, delivery: Delivery, now: Now) -> bool:
        if not await self._storage.deliveries.begin(delivery, now(), platform.time() or now()):
            return False
        outcome = await _posted(platform, delivery)
        match outcome:
            case Posted(posted_id):
                await self._storage.deliveries.sent(delivery, posted_id, now())
                return True
            case PostFailed():
                await self._failed(queue, delivery, outcome, now())
            case Unclear(reason):
                log.warning("deliver.unclear", delivery=delivery.id, reason=reason)
                await self._storage.deliveries.unclear(delivery, reason, now())
            case _:
                assert_never(outcome)
        return False

    async def _failed(self, queue: Queue, delivery: Delivery, failed: PostFailed, now: datetime) -> None:
        """It surely did not arrive."""
        log.warning("deliver.failed", delivery=delivery.id, reason=failed.reason, remedy=failed.remedy)
        kept, store, reason = queue.kept, self._storage, failed.reason
        step = after_failure(delivery, failed, kept.subscription.timetable, now)
        match step:
            case TryAgain(at):
                await store.deliveries.retry(delivery, reason, at)
            case Rerender(parts):
                await store.deliveries.rerender(delivery, parts, now)
            case PauseChannel():
                await store.channels.pause(kept, reason, now, wording.paused(kept, reason, self._root, now), delivery)
            case EndChannel():
                await store.channels.end(kept, reason, now, wording.gone(kept, reason, self._root, now))
            case GiveUp(why):
                await store.deliveries.dead(delivery, why, now, wording.dead(delivery, why, self._root))
            case _:
                assert_never(step)

    async def _settle(self, platform: Platform, queue: Queue, delivery: Delivery, now: Now) -> bool:
        """Nobody knows whether it arrived: look for its mark in the channel, and send it where it is not there."""
        found = await _found(platform, delivery, platform.time() or now())
        smaller = replaced_since(delivery, queue.kept.told_until) if isinstance(found, NotFound) else ()
        if smaller:
            found = await _any_found(platform, delivery, len(smaller), platform.time() or now())
            if isinstance(found, Found):
                # Each of them is looked for from here on, as it is not known how far they had come.
                await self._storage.deliveries.rerender(delivery, smaller, now())
                return False
        log.warning("deliver.settled", delivery=delivery.id, found=type(found).__name__)
        match found:
            case Found(posted_id):
                await self._storage.deliveries.sent(delivery, posted_id, now())
                return True
            case NotFound():
                await self._storage.deliveries.retry(delivery, "it had not arrived", now())
                return await self._send(platform, queue, delivery, now)
            case Unreadable(reason, lasting):
                again = None if lasting else next_look(delivery, now())
                if again:
                    await self._storage.deliveries.look_again(delivery, reason, again)
                else:
                    notice = wording.uncertain(delivery, reason, self._root)
                    await self._storage.deliveries.uncertain(delivery, reason, now(), notice)
            case _:
                assert_never(found)
        return False


async def _posted(platform: Platform, delivery: Delivery) -> PostOutcome:
    try:
        return await platform.post(delivery.channel, delivery.message, delivery.key)
    except StorageError:
        raise
    except Exception as error:
        log.exception("deliver.fault", delivery=delivery.id)
        return Unclear(f"{type(error).__name__} while posting")


async def _found(platform: Platform, delivery: Delivery, now: datetime) -> FindOutcome:
    try:
        return await platform.find(delivery.channel, delivery.key, look_since(delivery, now))
    except Exception as error:
        log.exception("deliver.fault", delivery=delivery.id)
        return Unreadable(f"{type(error).__name__} while reading the channel")


async def _any_found(platform: Platform, delivery: Delivery, count: int, now: datetime) -> FindOutcome:
    """Whether one of the smaller parts stands there that would have replaced this one."""
    found: FindOutcome = NotFound()
    for number in range(count):
        found = await _found(platform, replace(delivery, key=smaller_key(delivery.key, number)), now)
        if not isinstance(found, NotFound):
            break
    return found


def _is_ripe(delivery: Delivery, now: datetime) -> bool:
    at = delivery.next_try
    return at is None or at <= now or at > now + LONGEST_WAIT
