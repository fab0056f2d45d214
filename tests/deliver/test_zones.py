"""A zone that is edited, or whose rules change under us: the next digest is reckoned anew, and no date gets two."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable, WhenEmpty
from bot.digests.timetable import next_slot
from bot.storage import Storage
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

MIDNIGHT = PUBLISHED.replace(hour=0)  # a Monday
DAILY = Timetable(frozenset(range(7)))


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        yield opened


async def wish(storage: Storage, zone: str, now: datetime) -> None:
    """What `settings zone:` does."""
    wanted = Subscription(HERE, replace(DAILY, zone=zone), when_empty=WhenEmpty.LINE)
    await storage.subscriptions.save(wanted, next_slot(wanted.timetable, now).at, now)


async def deliver(storage: Storage, chat: RecordingPlatform, now: datetime) -> None:
    await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(now)


async def next_due(storage: Storage) -> datetime:
    kept = await storage.subscriptions.get(HERE)
    assert kept
    return kept.next_due


@pytest.mark.parametrize("edited_at", [4, 22])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Europe/London", "America/New_York"),
        ("America/New_York", "Europe/London"),
        ("Pacific/Auckland", "America/New_York"),
        ("America/Los_Angeles", "Pacific/Kiritimati"),
        ("Asia/Kolkata", "Asia/Kathmandu"),
    ],
)
async def test_a_zone_that_is_edited_brings_no_date_two_digests_and_goes_on(
    storage: Storage, old: str, new: str, edited_at: int
) -> None:
    chat, dates = RecordingPlatform(), Counter[date]()
    await wish(storage, old, MIDNIGHT)
    for hours in range(0, 24 * 4, 2):
        now, zone = MIDNIGHT + timedelta(hours=hours), old if hours < 24 + edited_at else new
        if hours == 24 + edited_at:
            await wish(storage, new, now)
        before = len(chat.posted)
        await deliver(storage, chat, now + timedelta(minutes=45))
        dates[now.astimezone(ZoneInfo(zone)).date()] += len(chat.posted) - before
    assert max(dates.values()) == 1
    assert dates[(MIDNIGHT + timedelta(days=3)).date()] == 1
    assert await next_due(storage) > MIDNIGHT + timedelta(days=4)


@pytest.mark.parametrize("wrong_by", [timedelta(hours=-1), timedelta(hours=1), timedelta(minutes=-30)])
async def test_what_older_rules_of_a_zone_had_reckoned_is_reckoned_anew(storage: Storage, wrong_by: timedelta) -> None:
    """A new tzdata moves a zone's clocks: the moment in the database is the one that was right before."""
    chat, eight = RecordingPlatform(), MIDNIGHT + timedelta(hours=8)
    await storage.subscriptions.save(Subscription(HERE, DAILY), eight + wrong_by, MIDNIGHT)
    posted: list[float] = []
    for minutes in range(0, 24 * 60, 30):
        await deliver(storage, chat, MIDNIGHT + timedelta(minutes=minutes))
        posted += [minutes] * (len(chat.posted) - len(posted))
    assert posted == [max(8 * 60, 8 * 60 + wrong_by.total_seconds() // 60)]
    assert await next_due(storage) == eight + timedelta(days=1)


async def test_a_channel_whose_zone_vanished_goes_on_in_the_one_that_is_set_for_it(storage: Storage) -> None:
    chat = RecordingPlatform()
    lost = Subscription(HERE, replace(DAILY, zone="Mars/Olympus"))
    await storage.subscriptions.save(lost, MIDNIGHT + timedelta(hours=8), MIDNIGHT)
    await deliver(storage, chat, MIDNIGHT + timedelta(hours=8))
    assert chat.posted == []
    await wish(storage, "Europe/Oslo", MIDNIGHT + timedelta(hours=9))
    assert await storage.channels.resume(HERE, MIDNIGHT + timedelta(hours=9))
    for hours in range(9, 9 + 48):
        await deliver(storage, chat, MIDNIGHT + timedelta(hours=hours))
    assert len(chat.posted) == 2  # for each of the two mornings that came; the first tells what was missed as well
