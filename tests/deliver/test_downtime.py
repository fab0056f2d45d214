"""The machine was off for a minute or two months: one digest for the gap, or one that was skipped and is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.message import Message, Text
from bot.digests.model import Channel, Slot, Subscription, Timetable, WhenEmpty
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.platforms.base import FindOutcome, PostOutcome, Unreadable
from bot.storage import Storage
from bot.storage.model import FeedState, State
from tests.builders import PUBLISHED, announced
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

MORNING = PUBLISHED.replace(hour=8)  # a Monday
DAILY = Subscription(HERE, Timetable(frozenset(range(7))), when_empty=WhenEmpty.SILENCE)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        yield opened


async def back_after(storage: Storage, wanted: Subscription, downtime: timedelta) -> RecordingPlatform:
    """A deal becomes known before the morning; the machine is off from its slot on, then it ticks for an hour."""
    await storage.subscriptions.save(wanted, MORNING, MORNING - HOUR)
    await storage.feeds.add(HERE, Feed("https://a.example/feed", "A"), MORNING - HOUR)
    (feed,) = await storage.feeds.claim_due(MORNING - HOUR, 1)
    state = FeedState(MORNING + 99 * DAY, Validators(), None)
    deal = announced(published=MORNING - HOUR)
    await storage.polls.record(feed, state, triage([deal], ()), (), MORNING - HOUR)
    chat = RecordingPlatform()
    for minutes in range(0, 60, 15):
        now = MORNING + downtime + timedelta(minutes=minutes)
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(now)
    return chat


@pytest.mark.parametrize(
    "downtime",
    [MINUTE, 14 * MINUTE, 16 * MINUTE, HOUR, 6 * HOUR, DAY - MINUTE, DAY, DAY + MINUTE, 2 * DAY, 6 * DAY, 13 * DAY],
    ids=str,
)
async def test_after_any_downtime_a_daily_channel_gets_one_digest_for_the_gap(
    storage: Storage, downtime: timedelta
) -> None:
    chat = await back_after(storage, DAILY, downtime)
    assert [title.count("1 deal") for _, title, _ in chat.posted] == [1]
    assert await storage.standing.skipped(HERE, MORNING + downtime) == ()


@pytest.mark.parametrize("downtime", [HOUR, DAY, DAY + HOUR, 3 * DAY, 6 * DAY], ids=str)
async def test_a_weekly_digest_comes_within_a_day_or_is_skipped_visibly_and_tells_its_deals_the_week_after(
    storage: Storage, downtime: timedelta
) -> None:
    weekly = replace(DAILY, timetable=Timetable(frozenset((0,))))
    chat = await back_after(storage, weekly, downtime)
    is_late = downtime > DAY
    assert len(chat.posted) == (not is_late)
    assert len(await storage.standing.skipped(HERE, MORNING + downtime + HOUR)) == is_late
    await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING + 7 * DAY)
    assert [title.count("1 deal") for _, title, _ in chat.posted] == [1]


@pytest.mark.parametrize("downtime", [30 * DAY, 60 * DAY], ids=str)
async def test_after_months_old_deals_are_no_news_and_the_channel_goes_on(
    storage: Storage, downtime: timedelta
) -> None:
    told = replace(DAILY, when_empty=WhenEmpty.LINE)
    chat = await back_after(storage, told, downtime)
    assert len(chat.posted) == 1
    kept = await storage.subscriptions.get(HERE)
    assert kept
    assert MORNING + downtime < kept.next_due <= MORNING + downtime + DAY


class Interrupted(RecordingPlatform):
    """Takes the first post, or does not, and the machine dies before it hears of that."""

    def __init__(self, *, arrives: bool, readable: bool) -> None:
        super().__init__()
        self.arrives, self.readable, self.attempts = arrives, readable, 0

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        self.attempts += 1
        if self.attempts > 1:
            return await RecordingPlatform.post(self, channel, part, key)
        if self.arrives:
            await RecordingPlatform.post(self, channel, part, key)
        raise asyncio.CancelledError

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        return await RecordingPlatform.find(self, channel, key, since) if self.readable else Unreadable("no permission")


@pytest.mark.parametrize("downtime", [2 * MINUTE, 10 * MINUTE, DAY, 40 * DAY], ids=str)
@pytest.mark.parametrize(("arrives", "readable"), [(True, True), (False, True), (True, False), (False, False)])
async def test_what_was_being_sent_is_settled_however_long_the_machine_was_away(
    storage: Storage, downtime: timedelta, *, arrives: bool, readable: bool
) -> None:
    chat = Interrupted(arrives=arrives, readable=readable)
    never = MORNING + 99 * DAY
    kept = await storage.subscriptions.save(DAILY, never, MORNING - DAY)
    slot = Slot(MORNING.replace(tzinfo=None), MORNING)
    assert await storage.deliveries.claim(kept, slot, (Message("A digest", (Text("x"),)),), never, MORNING)
    with suppress(asyncio.CancelledError):
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING)
    for minutes in range(0, 180, 15):
        now = MORNING + downtime + timedelta(minutes=minutes)
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(now)
    left = [each.state for each in await storage.standing.unfinished(HERE)]
    if readable:
        assert (len(chat.posted), left, chat.notices) == (1, [], [])
    else:
        assert (chat.attempts, left, len(chat.notices)) == (1, [State.UNCERTAIN], 1)
