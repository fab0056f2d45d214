"""Who wants deals as soon as they are known need not wait for the next look."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.model import Form, Subscription, Timetable, WhenEmpty
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.storage import Storage
from bot.storage.model import FeedState
from tests.builders import PUBLISHED, announced
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

NOON = PUBLISHED.replace(hour=12)
DIGEST = Subscription(HERE, Timetable(frozenset(range(7))), when_empty=WhenEmpty.SILENCE)
INSTANT = replace(DIGEST, form=Form.INSTANT)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        await opened.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), NOON)
        yield opened


async def learn_of(storage: Storage, name: str, seconds: int) -> None:
    """A deal becomes known so many seconds after noon."""
    now = NOON + timedelta(seconds=seconds)
    (feed,) = await storage.feeds.claim_due(now, 1)
    told = announced(name, headline=f"{name}: partnership")
    await storage.polls.record(feed, FeedState(now, Validators(), None), triage([told], ()), (), now)


async def look(storage: Storage, chat: RecordingPlatform, seconds: int) -> int:
    """How many messages arrived when the deliverer looked so many seconds after noon."""
    return await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(NOON + timedelta(seconds=seconds))


async def test_a_new_deal_makes_who_waits_for_it_due_at_once(storage: Storage) -> None:
    chat = RecordingPlatform()
    await storage.subscriptions.save(INSTANT, NOON, NOON - timedelta(hours=1))
    assert await look(storage, chat, 1) == 0

    await learn_of(storage, "Acme", 5)

    assert storage.polls.news.is_set()
    assert await look(storage, chat, 6) == 1


async def test_what_comes_within_a_minute_of_a_message_comes_together(storage: Storage) -> None:
    chat = RecordingPlatform()
    await storage.subscriptions.save(INSTANT, NOON, NOON - timedelta(hours=1))
    await learn_of(storage, "Acme", 5)
    assert await look(storage, chat, 6) == 1

    await learn_of(storage, "Initech", 10)
    await learn_of(storage, "Umbra", 20)

    assert await look(storage, chat, 21) == 0
    assert await look(storage, chat, 67) == 1
    assert len(chat.posted) == 2


async def test_a_digest_keeps_its_hour(storage: Storage) -> None:
    await storage.subscriptions.save(DIGEST, NOON + timedelta(seconds=30), NOON - timedelta(hours=1))

    await learn_of(storage, "Acme", 5)

    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    assert kept.next_due == NOON + timedelta(seconds=30)
