from __future__ import annotations

from datetime import timedelta

from bot.digests.model import Channel, Subscription
from bot.storage import Storage
from tests.builders import PUBLISHED

HERE, THERE = Channel("discord", "1", "10"), Channel("discord", "2", "20")
NOW, LATER = PUBLISHED, PUBLISHED + timedelta(days=31)


async def subscribed(storage: Storage) -> None:
    for channel in (HERE, THERE):
        await storage.subscriptions.save(Subscription(channel), NOW, NOW)


async def due(storage: Storage) -> set[Channel]:
    return {kept.subscription.channel for kept in await storage.subscriptions.due(LATER)}


async def test_a_workspace_that_lets_us_go_gets_nothing_until_it_takes_us_back(storage: Storage) -> None:
    await subscribed(storage)
    assert await storage.workspaces.left("discord", "1", NOW) == 1
    assert await due(storage) == {THERE}
    assert await storage.workspaces.waiting("discord", "1") == (HERE,)
    assert await storage.workspaces.waiting("discord", "2") == ()
    await storage.channels.resume(HERE, NOW)
    assert await due(storage) == {HERE, THERE}


async def test_after_thirty_days_its_subscriptions_end(storage: Storage) -> None:
    await subscribed(storage)
    await storage.workspaces.left("discord", "1", NOW)
    assert await storage.workspaces.end_left(NOW - timedelta(days=1), LATER) == 0
    assert await storage.workspaces.end_left(NOW + timedelta(days=1), LATER) == 1
    assert await storage.subscriptions.get(HERE) is None
    assert await storage.subscriptions.get(THERE) is not None


async def test_who_comes_back_after_the_end_begins_anew_without_a_pause(storage: Storage) -> None:
    there = Channel("discord", "guild", "1")
    await storage.subscriptions.save(Subscription(there), NOW, NOW)
    await storage.workspaces.left("discord", "guild", NOW)
    assert await storage.workspaces.end_left(NOW + timedelta(days=31), NOW + timedelta(days=31)) == 1
    back = NOW + timedelta(days=40)
    await storage.subscriptions.save(Subscription(there), back, back)
    assert [kept.subscription.channel for kept in await storage.subscriptions.due(back)] == [there]
