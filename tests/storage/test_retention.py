"""The database stays bounded, and forgetting never makes old news new."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.deals.triage import triage
from bot.digests.message import Message
from bot.digests.model import Channel, Slot, Subscription
from bot.feeds.answer import Validators
from bot.feeds.keys import hash_key
from bot.feeds.model import Feed
from bot.storage import Storage
from bot.storage.model import DueFeed, FeedState, Notice
from tests.builders import PUBLISHED, announced, entry, rejected

HERE = Channel("terminal", "local", "screen")
LATER = PUBLISHED + timedelta(days=91)


async def polled(storage: Storage, at: datetime = PUBLISHED) -> DueFeed:
    await storage.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), at)
    (feed,) = await storage.feeds.claim_due(at, 1)
    state = FeedState(at + timedelta(days=1), Validators(), None)
    await storage.polls.record(feed, state, triage([announced("e1"), rejected("e2")], ()), (entry("e3"),), at)
    return feed


async def test_what_was_rejected_is_let_go_but_never_read_again(storage: Storage) -> None:
    feed = await polled(storage)
    assert await storage.retention.forget(PUBLISHED + timedelta(days=89)) == 0
    assert await storage.retention.forget(LATER) == 2
    known = (await storage.deals.known_keys([feed.id]))[feed.id]
    assert {hash_key(key) for name in ("e1", "e2", "e3") for key in entry(name).keys} == known
    assert await storage.deals.verdict(HERE, "https://example.com/e2") is None


async def test_deals_and_what_was_told_stay(storage: Storage) -> None:
    await polled(storage)
    kept = await storage.subscriptions.save(Subscription(HERE), PUBLISHED, PUBLISHED)
    (deal,) = await storage.deals.wanted(kept, PUBLISHED)
    slot = Slot(datetime(2026, 11, 23, 8), PUBLISHED)
    await storage.deliveries.claim(kept, slot, (Message("one", deals=(deal.id,)),), LATER, PUBLISHED)
    (queue,) = await storage.deliveries.queues(PUBLISHED)
    await storage.deliveries.sent(queue.parts[0], "id", PUBLISHED)
    await storage.retention.forget(LATER)
    assert await storage.deals.get(HERE, deal.id) == deal
    assert await storage.deals.wanted(kept, PUBLISHED) == ()
    again = await storage.deliveries.claim(kept, slot, (), LATER, LATER)
    assert again  # the slot's row went with its delivery; nothing was in it to tell


async def test_what_is_still_owed_is_never_let_go(storage: Storage) -> None:
    kept = await storage.subscriptions.save(Subscription(HERE), PUBLISHED, PUBLISHED)
    slot = Slot(datetime(2026, 11, 23, 8), PUBLISHED)
    await storage.deliveries.claim(kept, slot, (Message("one"),), LATER, PUBLISHED)
    await storage.retention.forget(LATER)
    assert len(await storage.deliveries.queues(LATER)) == 1


async def test_a_channel_that_nobody_mends_for_a_month_ends(storage: Storage) -> None:
    kept = await storage.subscriptions.save(Subscription(HERE), PUBLISHED, PUBLISHED)
    await storage.channels.pause(kept, "no permission", PUBLISHED, Notice(HERE, "k", "t"))
    await storage.retention.forget(PUBLISHED + timedelta(days=29))
    assert await storage.subscriptions.get(HERE) is not None
    await storage.retention.forget(PUBLISHED + timedelta(days=31))
    assert await storage.subscriptions.get(HERE) is None


async def test_the_database_does_not_grow_with_rejected_entries(storage: Storage) -> None:
    await storage.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), PUBLISHED)
    sizes = []
    for month in range(6):
        at = PUBLISHED + timedelta(days=60 * month)
        (feed,) = await storage.feeds.claim_due(at, 1)
        batch = tuple(rejected(f"e{month}-{number}") for number in range(200))
        await storage.polls.record(
            feed, FeedState(at + timedelta(hours=1), Validators(), None), triage(batch, ()), (), at
        )
        await storage.upkeep(at)
        listed = await storage.feeds.list(HERE)
        sizes.append(listed[0].entries)
    assert sizes == [200, 400, 400, 400, 400, 400]
