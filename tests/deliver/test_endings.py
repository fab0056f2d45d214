"""A subscription that ends while a part is under way: the part is settled, visible, and never sent later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.deliver import Deliverer
from bot.digests.message import Message, Text
from bot.digests.model import Channel, Slot, Subscription, Timetable
from bot.platforms.base import FindOutcome, PostFailed, PostOutcome, Remedy, Unclear
from bot.storage import Storage
from bot.storage.model import KeptSubscription, Notice, State
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

MORNING = PUBLISHED.replace(hour=8)
LATER = MORNING + timedelta(minutes=5)
DAILY = Subscription(HERE, Timetable(frozenset(range(7))))

Happening = Callable[[], Awaitable[object]]


class BusyChat(RecordingPlatform):
    """While a part is posted or looked for, something else happens."""

    during_post: Happening | None = None
    during_look: Happening | None = None

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        if self.during_post:
            await self.during_post()
        return await RecordingPlatform.post(self, channel, part, key)

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        if self.during_look:
            await self.during_look()
        return await RecordingPlatform.find(self, channel, key, since)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        yield opened


async def owing(storage: Storage) -> KeptSubscription:
    """A channel that is owed one part."""
    kept = await storage.subscriptions.save(DAILY, MORNING, MORNING - timedelta(hours=1))
    slot = Slot(MORNING.replace(tzinfo=None), MORNING)
    part = Message("A digest", (Text("x"), Text("y")))
    assert await storage.deliveries.claim(kept, slot, (part,), MORNING + timedelta(days=1), MORNING)
    return kept


def deliverer(storage: Storage, chat: RecordingPlatform) -> Deliverer:
    return Deliverer(storage, {chat.name: chat}, "deals")


async def states(storage: Storage) -> list[State]:
    return [each.state for each in await storage.standing.unfinished(HERE)]


async def unsubscribe(storage: Storage) -> None:
    assert await storage.subscriptions.remove(HERE, MORNING)


async def subscribe_again(storage: Storage, now: datetime) -> None:
    await storage.subscriptions.save(DAILY, now + timedelta(days=1), now)


async def test_an_unclear_part_of_an_ended_subscription_is_visible_and_not_sent_weeks_later(storage: Storage) -> None:
    await owing(storage)
    silent = RecordingPlatform(answer=lambda _: Unclear("no answer"))
    await deliverer(storage, silent).deliver_due(MORNING)
    await unsubscribe(storage)
    assert await states(storage) == [State.UNCERTAIN]
    chat, weeks = RecordingPlatform(), MORNING + timedelta(weeks=3)
    await subscribe_again(storage, weeks)
    await deliverer(storage, chat).deliver_due(weeks)
    assert chat.posted == []


async def test_a_part_of_an_ended_subscription_cannot_be_asked_for_again(storage: Storage) -> None:
    await owing(storage)
    silent = RecordingPlatform(answer=lambda _: Unclear("no answer"))
    await deliverer(storage, silent).deliver_due(MORNING)
    await unsubscribe(storage)
    (left,) = await storage.standing.unfinished(HERE)
    assert await storage.standing.retry(HERE, left.id, MORNING) is None
    assert await storage.standing.discard(HERE, left.id)


async def test_a_part_that_arrives_while_its_subscription_ends_counts_as_sent(storage: Storage) -> None:
    await owing(storage)
    chat = BusyChat()
    chat.during_post = lambda: unsubscribe(storage)
    await deliverer(storage, chat).deliver_due(MORNING)
    assert (len(chat.posted), await states(storage)) == (1, [])


@pytest.mark.parametrize("remedy", list(Remedy))
async def test_a_part_that_is_refused_while_its_subscription_ends_is_not_owed_again(
    storage: Storage, remedy: Remedy
) -> None:
    await owing(storage)
    chat = BusyChat(answer=lambda _: PostFailed("refused", remedy))
    chat.during_post = lambda: unsubscribe(storage)
    await deliverer(storage, chat).deliver_due(MORNING)
    chat.during_post = chat.answer = None
    await subscribe_again(storage, LATER)
    await deliverer(storage, chat).deliver_due(LATER)
    assert (chat.posted, await states(storage)) == ([], [State.UNCERTAIN])


async def test_a_channel_that_is_gone_by_the_end_of_a_look_gets_nothing_more(storage: Storage) -> None:
    kept = await owing(storage)
    silent = RecordingPlatform(answer=lambda _: Unclear("no answer"))
    await deliverer(storage, silent).deliver_due(MORNING)
    chat = BusyChat()
    gone = Notice(HERE, "gone", "It is gone")
    chat.during_look = lambda: storage.channels.end(kept, "it was deleted", LATER, gone)
    await deliverer(storage, chat).deliver_due(LATER)
    assert (chat.posted, await states(storage)) == ([], [State.DEAD])
