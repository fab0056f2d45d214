"""Delivery with a real database and a chat that remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable, WhenEmpty
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.platforms.base import FindOutcome, PostFailed, Remedy, Unclear, Unreadable
from bot.storage import Storage
from bot.storage.deliveries import delivery_key
from bot.storage.model import FeedState
from tests.builders import PUBLISHED, announced
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready
from tests.simulation.clock import run_virtually
from tests.simulation.inline import inline_sqlite

MORNING = PUBLISHED.replace(hour=8)  # a Monday
EIGHT = Subscription(HERE, Timetable(frozenset(range(7))))


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        await opened.subscriptions.save(EIGHT, MORNING, MORNING - timedelta(hours=1))
        yield opened


async def learn_of_a_deal(storage: Storage) -> None:
    await storage.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), MORNING)
    (feed,) = await storage.feeds.claim_due(MORNING, 1)
    state = FeedState(MORNING + timedelta(days=99), Validators(), None)
    await storage.polls.record(feed, state, triage([announced()], ()), (), MORNING - timedelta(minutes=30))


def deliverer(storage: Storage, chat: RecordingPlatform) -> Deliverer:
    return Deliverer(storage, {chat.name: chat}, "deals")


async def test_a_due_digest_arrives_once(storage: Storage) -> None:
    chat = RecordingPlatform()
    await learn_of_a_deal(storage)
    for minutes in range(5):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert len(chat.posted) == 1


async def test_nothing_arrives_before_its_time(storage: Storage) -> None:
    chat = RecordingPlatform()
    await deliverer(storage, chat).deliver_due(MORNING - timedelta(seconds=1))
    assert chat.posted == []


async def test_a_deal_is_told_once_however_many_digests_follow(storage: Storage) -> None:
    await storage.subscriptions.save(
        Subscription(HERE, EIGHT.timetable, when_empty=WhenEmpty.SILENCE), MORNING, MORNING
    )
    chat = RecordingPlatform()
    await learn_of_a_deal(storage)
    for days in range(5):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=days))
    assert len(chat.posted) == 1


async def test_after_days_of_downtime_one_digest_comes(storage: Storage) -> None:
    chat = RecordingPlatform()
    await learn_of_a_deal(storage)
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=6, hours=3))
    assert len(chat.posted) == 1
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    assert kept.next_due == MORNING + timedelta(days=7)


def test_a_refusal_is_tried_again_and_then_arrives_once(tmp_path: Path) -> None:
    """In virtual time: where the first call takes a second of the machine's, the part is ripe a second later."""
    chat = RecordingPlatform(answer=lambda _: PostFailed("busy", retry_after=timedelta(seconds=30)))

    async def story() -> None:
        async with open_ready(tmp_path / "db") as storage:
            await storage.subscriptions.save(EIGHT, MORNING, MORNING - timedelta(hours=1))
            await deliverer(storage, chat).deliver_due(MORNING)
            chat.answer = None
            assert await deliverer(storage, chat).deliver_due(MORNING + timedelta(seconds=29)) == 0
            assert await deliverer(storage, chat).deliver_due(MORNING + timedelta(seconds=30)) == 1
            assert await deliverer(storage, chat).deliver_due(MORNING + timedelta(seconds=60)) == 0

    with inline_sqlite(lambda _, call: call()):
        run_virtually(story())


async def test_a_channel_that_is_gone_is_not_tried_again_and_is_seen(storage: Storage) -> None:
    asked: list[int] = []

    def gone(number: int) -> PostFailed:
        asked.append(number)
        return PostFailed("the channel is gone", Remedy.DEAD)

    chat = RecordingPlatform(answer=gone)
    for minutes in range(3):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert len(asked) == 1
    assert (await storage.standing.overview(HERE, MORNING)).dead == 1


async def test_what_keeps_failing_for_a_day_is_given_up_visibly(storage: Storage) -> None:
    chat = RecordingPlatform(answer=lambda _: PostFailed("busy"))
    for minutes in range(0, 26 * 60, 10):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert (await storage.standing.overview(HERE, MORNING)).dead == 1
    assert chat.posted == []


async def test_an_unclear_post_that_had_arrived_is_not_repeated(storage: Storage) -> None:
    chat = RecordingPlatform()

    def accept_then_drop(number: int) -> Unclear | None:
        (delivery,) = keys
        chat.posted.append((HERE, "", delivery))
        return Unclear("the connection broke")

    await learn_of_a_deal(storage)
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    keys = {delivery_key(HERE, kept.id, "2026-11-23T08:00:00", 1)}
    chat.answer = accept_then_drop
    for minutes in range(3):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert len(chat.posted) == 1


async def test_an_unclear_post_that_had_not_arrived_is_sent_again(storage: Storage) -> None:
    chat = RecordingPlatform(answer=lambda _: Unclear("the connection broke"))
    await deliverer(storage, chat).deliver_due(MORNING)
    chat.answer = None
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=1))
    assert len(chat.posted) == 1


async def test_where_history_cannot_be_read_nothing_is_sent_blindly(storage: Storage) -> None:
    class Blind(RecordingPlatform):
        async def find(self, *_: object) -> FindOutcome:
            return Unreadable("no permission", lasting=True)

    chat = Blind(answer=lambda _: Unclear("the connection broke"))
    await deliverer(storage, chat).deliver_due(MORNING)
    chat.answer = None
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=1))
    assert chat.posted == []
    assert (await storage.standing.overview(HERE, MORNING)).uncertain == 1


async def test_parts_arrive_in_order_and_resume_at_the_first_missing_one(storage: Storage) -> None:
    chat = RecordingPlatform(size=1, answer=lambda number: PostFailed("busy") if number == 1 else None)
    await learn_of_a_deal(storage)
    await deliverer(storage, chat).deliver_due(MORNING)
    first = [key for _, _, key in chat.posted]
    chat.answer = None
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=5))
    keys = [key for _, _, key in chat.posted]
    assert keys[: len(first)] == first
    assert len(keys) == len(set(keys)) > len(first)


async def test_a_digest_out_of_turn_does_not_disturb_the_timetable(storage: Storage) -> None:
    chat = RecordingPlatform()
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    await deliverer(storage, chat).deliver_now(kept, MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING)
    assert len(chat.posted) == 2
