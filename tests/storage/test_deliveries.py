from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.digests.message import Heading, Message
from bot.digests.model import Channel, Slot, Subscription
from bot.storage import Storage
from bot.storage.deliveries import SETTLE, delivery_key
from bot.storage.model import Delivery, KeptSubscription, State
from tests.builders import PUBLISHED as NOW

HERE = Channel("terminal", "local", "screen")
SLOT = Slot(datetime(2026, 11, 23, 8), NOW)
NEXT = NOW + timedelta(days=1)
PARTS = (Message("one", (Heading("x"),)), Message("two"))


@pytest.fixture
async def kept(storage: Storage) -> KeptSubscription:
    return await storage.subscriptions.save(Subscription(HERE), NOW, NOW)


async def test_a_claimed_slot_moves_the_subscription_on(storage: Storage, kept: KeptSubscription) -> None:
    assert await storage.deliveries.claim(kept, SLOT, PARTS, NEXT, NOW)
    moved = await storage.subscriptions.get(HERE)
    assert moved is not None
    assert (moved.since, moved.next_due) == (SLOT.at, NEXT)
    assert await storage.subscriptions.due(NOW) == ()


async def owed(storage: Storage, at: datetime = NOW) -> tuple[Delivery, ...]:
    return tuple(part for queue in await storage.deliveries.queues(at) for part in queue.parts)


async def test_a_slot_is_claimed_once(storage: Storage, kept: KeptSubscription) -> None:
    assert await storage.deliveries.claim(kept, SLOT, PARTS, NEXT, NOW)
    assert not await storage.deliveries.claim(kept, SLOT, PARTS, NEXT, NOW)
    assert len(await owed(storage)) == 2


async def test_the_message_is_frozen_as_it_was_claimed(storage: Storage, kept: KeptSubscription) -> None:
    await storage.deliveries.claim(kept, SLOT, PARTS, NEXT, NOW)
    opened = await owed(storage)
    assert tuple(delivery.message for delivery in opened) == PARTS
    assert [(delivery.part, delivery.parts) for delivery in opened] == [(1, 2), (2, 2)]


async def test_a_later_part_waits_for_the_one_before_it(storage: Storage, kept: KeptSubscription) -> None:
    await storage.deliveries.claim(kept, SLOT, PARTS, NEXT, NOW)
    first, second = await owed(storage)
    await storage.deliveries.retry(first, "busy", NOW + timedelta(minutes=2))
    assert await owed(storage) == ()
    assert [each.part for each in await owed(storage, NOW + timedelta(minutes=2))] == [1, 2]
    await storage.deliveries.sent(first, "id", NOW)
    assert [each.part for each in await owed(storage)] == [second.part]


async def test_a_wait_that_a_wrong_clock_wrote_ends_when_the_clock_is_right(
    storage: Storage, kept: KeptSubscription
) -> None:
    await storage.deliveries.claim(kept, SLOT, PARTS[:1], NEXT, NOW)
    (delivery,) = await owed(storage)
    await storage.deliveries.retry(delivery, "busy", NOW + timedelta(days=30))
    assert len(await owed(storage)) == 1


async def test_what_is_being_sent_is_looked_for_when_it_had_time_to_arrive(
    storage: Storage, kept: KeptSubscription
) -> None:
    await storage.deliveries.claim(kept, SLOT, PARTS[:1], NEXT, NOW)
    (delivery,) = await owed(storage)
    assert await storage.deliveries.begin(delivery, NOW, NOW)
    assert not await storage.deliveries.begin(delivery, NOW, NOW)
    assert await owed(storage) == ()
    (interrupted,) = await owed(storage, NOW + SETTLE)
    assert (interrupted.state, interrupted.attempts, interrupted.sending_at) == (State.SENDING, 1, NOW)


async def test_the_overview_counts_what_did_not_arrive(storage: Storage, kept: KeptSubscription) -> None:
    await storage.deliveries.claim(kept, SLOT, (*PARTS, *PARTS), NEXT, NOW)
    sent, uncertain, dead, _ = await owed(storage)
    await storage.deliveries.sent(sent, "id", NOW)
    await storage.deliveries.uncertain(uncertain, "unreadable", NOW)
    await storage.deliveries.dead(dead, "gone", NOW)
    overview = await storage.standing.overview(HERE, NOW)
    assert (overview.pending, overview.uncertain, overview.dead, overview.last_sent) == (1, 1, 1, NOW)
    assert (await storage.standing.overview(HERE, NOW + timedelta(hours=1))).late == 1
    elsewhere = await storage.standing.overview(replace(HERE, workspace="other"), NOW)
    assert (elsewhere.pending, elsewhere.uncertain, elsewhere.dead) == (0, 0, 0)


def test_a_key_is_the_same_for_the_same_row_and_fits_discords_nonce() -> None:
    channels = [HERE, replace(HERE, id="other"), replace(HERE, workspace="other"), replace(HERE, platform="other")]
    days = [(datetime(2026, 1, 1, 8) + timedelta(days=day)).isoformat() for day in range(50)]
    keys = {
        delivery_key(channel, subscription, day, part)
        for channel in channels
        for subscription in range(50)
        for day in days
        for part in range(1, 11)
    }
    assert len(keys) == 4 * 50 * 50 * 10
    assert max(map(len, keys)) <= 25
    assert delivery_key(Channel("a", "b", "c"), 1, "d", 2) != delivery_key(Channel("a", "b\x00c", ""), 1, "d", 2)


def test_a_key_is_the_same_in_every_process_and_version() -> None:
    """What stands in a channel is found by it after an upgrade as well."""
    assert delivery_key(Channel("slack", "T1", "C1"), 7, "2026-11-23T08:00:00", 2) == "a1096f5461abf2f96b9260dd"


async def test_a_subscription_that_ended_begins_anew(storage: Storage, kept: KeptSubscription) -> None:
    await storage.deliveries.claim(kept, SLOT, (), NEXT, NOW)
    assert await storage.subscriptions.remove(HERE, NOW)
    assert not await storage.subscriptions.remove(HERE, NOW)
    assert await storage.subscriptions.get(HERE) is None
    again = await storage.subscriptions.save(Subscription(HERE), NEXT, NEXT)
    assert (again.since, again.created) == (None, NEXT)
    changed = await storage.subscriptions.save(Subscription(HERE, maximum=3), NEXT, NEXT + timedelta(days=1))
    assert (changed.created, changed.subscription.maximum) == (NEXT, 3)
