"""Copies: whole, made while the database is written, and cautious when they are put back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.model import Subscription, Timetable, WhenEmpty
from bot.errors import StorageError
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.platforms.base import PostFailed, PostOutcome, Remedy
from bot.storage import Storage, open_storage
from bot.storage.backup import copy_file
from bot.storage.model import FeedState, State
from tests.builders import PUBLISHED, announced
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

DAILY = Subscription(HERE, Timetable(frozenset(range(7))), when_empty=WhenEmpty.SILENCE)
MORNING = PUBLISHED.replace(hour=8)


async def learn(storage: Storage, at: datetime, *, published: datetime = PUBLISHED) -> None:
    await storage.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), at)
    (feed,) = await storage.feeds.claim_due(at, 1)
    state = FeedState(at + timedelta(days=99), Validators(), None)
    await storage.polls.record(feed, state, triage([announced(published=published)], ()), (), at)


async def test_a_copy_made_while_others_write_is_whole(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:

        async def write(number: int) -> None:
            await storage.feeds.add(HERE, Feed(f"https://{number}.example/feed", str(number)), MORNING)

        await asyncio.gather(
            *map(write, range(30)), storage.backups.write(tmp_path / "copy"), *map(write, range(30, 60))
        )
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        feeds, words = copy.execute("SELECT count(*), (SELECT count(*) FROM workspace_feeds) FROM feeds").fetchone()
    copy.close()
    assert feeds == words <= 60


async def test_another_process_may_copy_while_the_bot_runs(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:
        await storage.feeds.add(HERE, Feed("https://a.example/feed", "Alpha"), MORNING)
        copy_file(tmp_path / "db", tmp_path / "copy")
        await storage.feeds.add(HERE, Feed("https://b.example/feed", "Beta"), MORNING)
    async with open_storage(tmp_path / "copy") as copied:
        assert [each.feed.title for each in await copied.feeds.list(HERE)] == ["Alpha"]


async def test_seven_daily_copies_are_kept_and_one_is_made_a_day(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:
        for day in range(1, 11):
            assert await storage.backups.daily(date(2026, 11, day))
            assert await storage.backups.daily(date(2026, 11, day)) is None
    kept = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert kept == [f"db-2026-11-{day:02}.db" for day in range(4, 11)]


async def test_a_copy_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:
        with pytest.raises(StorageError, match="could not be written"):
            await storage.backups.write(tmp_path / "nowhere" / "copy")
    with pytest.raises(StorageError, match="There is no database"):
        copy_file(tmp_path / "other", tmp_path / "copy")


async def test_a_file_that_lived_on_is_not_taken_for_a_copy(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:
        await storage.backups.write(tmp_path / "copy")
        assert not await storage.backups.settle_restored(MORNING)
    async with open_storage(tmp_path / "copy") as restored:
        assert await restored.backups.settle_restored(MORNING)
        assert not await restored.backups.settle_restored(MORNING)


@pytest.mark.parametrize("sent_before_backup", [True, False])
async def test_a_restored_copy_sends_nothing_again(tmp_path: Path, *, sent_before_backup: bool) -> None:
    chat = RecordingPlatform()
    async with open_ready(tmp_path / "db") as storage:
        await storage.subscriptions.save(DAILY, MORNING, MORNING - timedelta(hours=2))
        await learn(storage, MORNING - timedelta(hours=1))
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        if sent_before_backup:
            await deliverer.deliver_due(MORNING)
        await storage.backups.write(tmp_path / "copy")
        await deliverer.deliver_due(MORNING)
    shutil.copy(tmp_path / "copy", tmp_path / "restored")
    async with open_storage(tmp_path / "restored") as restored:
        later = MORNING + timedelta(days=1, hours=3)
        assert await restored.backups.settle_restored(later)
        deliverer = Deliverer(restored, {chat.name: chat}, "deals")
        for days in range(3):
            await deliverer.deliver_due(later + timedelta(days=days))
    assert len(chat.posted) == 1


async def test_a_restored_copy_looks_for_what_it_still_owed(tmp_path: Path) -> None:
    chat = RecordingPlatform()
    async with open_ready(tmp_path / "db") as storage:
        kept = await storage.subscriptions.save(replace(DAILY, when_empty=WhenEmpty.LINE), MORNING, MORNING)
        silent = RecordingPlatform(answer=lambda _: (_ for _ in ()).throw(RuntimeError("not now")))
        deliverer = Deliverer(storage, {chat.name: silent}, "deals")
        await deliverer.deliver_now(kept, MORNING)
        await storage.backups.write(tmp_path / "copy")
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING + timedelta(minutes=1))
        assert len(chat.posted) == 1
    async with open_storage(tmp_path / "copy") as restored:
        await restored.backups.settle_restored(MORNING + timedelta(hours=5))
        await Deliverer(restored, {chat.name: chat}, "deals").deliver_due(MORNING + timedelta(hours=5))
    assert len(chat.posted) == 1


def answering() -> tuple[list[PostOutcome], RecordingPlatform]:
    """A chat that answers a post with the next of these, and then takes what comes; it takes nothing at first."""
    answers: list[PostOutcome] = [PostFailed("not now", Remedy.RETRY)]
    return answers, RecordingPlatform(answer=lambda _: answers.pop(0) if answers else None)


async def owing(storage: Storage, chat: RecordingPlatform, copy: Path) -> Deliverer:
    """A copy is made while the morning's digest is owed to a chat that took nothing."""
    await storage.subscriptions.save(DAILY, MORNING, MORNING - timedelta(hours=2))
    await learn(storage, MORNING - timedelta(hours=1))
    deliverer = Deliverer(storage, {chat.name: chat}, "deals")
    await deliverer.deliver_due(MORNING)
    await storage.backups.write(copy)
    return deliverer


async def test_a_restored_copy_looks_for_the_smaller_parts_that_were_sent_after_it_was_made(tmp_path: Path) -> None:
    answers, chat = answering()
    too_long = PostFailed("too long", Remedy.RENDER)
    async with open_ready(tmp_path / "db") as storage:
        deliverer = await owing(storage, chat, tmp_path / "copy")
        answers.append(too_long)
        for minutes in range(10, 20):
            await deliverer.deliver_due(MORNING + timedelta(minutes=minutes))
    assert (len(chat.posted), answers) == (2, [])
    async with open_storage(tmp_path / "copy") as restored:
        later = MORNING + timedelta(hours=5)
        await restored.backups.settle_restored(later)
        answers.append(too_long)
        for minutes in range(10):
            await Deliverer(restored, {chat.name: chat}, "deals").deliver_due(later + timedelta(minutes=minutes))
    assert (len(chat.posted), answers) == (2, [too_long])  # nothing was posted that could be refused


async def test_a_restored_copy_looks_for_the_smaller_parts_that_replaced_one_meanwhile(tmp_path: Path) -> None:
    """A part that was refused whole after the copy was made, and then is not, would stand beside its own halves."""
    answers, chat = answering()
    async with open_ready(tmp_path / "db") as storage:
        deliverer = await owing(storage, chat, tmp_path / "copy")
        answers.append(PostFailed("too long", Remedy.RENDER))
        await deliverer.deliver_due(MORNING + timedelta(minutes=10))
        answers.append(PostFailed("not now", Remedy.RETRY))  # the second half waits, when the machine is lost
        chat.answer = lambda number: answers.pop(0) if answers and number else None
        await deliverer.deliver_due(MORNING + timedelta(minutes=11))
    (half,) = chat.posted
    chat.answer = None
    async with open_storage(tmp_path / "copy") as restored:
        later = MORNING + timedelta(hours=5)
        await restored.backups.settle_restored(later)
        for minutes in range(3):
            await Deliverer(restored, {chat.name: chat}, "deals").deliver_due(later + timedelta(minutes=minutes))
        (first, second) = chat.posted
        assert (first, second[2] != half[2]) == (half, True)
        assert await restored.standing.unfinished(HERE) == ()


async def test_what_was_planned_by_a_clock_that_ran_ahead_is_uncertain_when_a_copy_is_put_back(tmp_path: Path) -> None:
    """Nobody knows since when to look for it."""
    chat = RecordingPlatform(answer=lambda _: PostFailed("not now", Remedy.RETRY))
    async with open_ready(tmp_path / "db") as storage:
        kept = await storage.subscriptions.save(replace(DAILY, when_empty=WhenEmpty.LINE), MORNING, MORNING)
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_now(kept, MORNING + timedelta(days=30))
        await storage.backups.write(tmp_path / "copy")
    chat.answer = None
    async with open_storage(tmp_path / "copy") as restored:
        await restored.backups.settle_restored(MORNING + timedelta(hours=5))
        await Deliverer(restored, {chat.name: chat}, "deals").deliver_due(MORNING + timedelta(hours=6))
        (left,) = await restored.standing.unfinished(HERE)
    assert (chat.posted, left.state) == ([], State.UNCERTAIN)


async def test_what_is_published_after_a_restore_is_told(tmp_path: Path) -> None:
    chat = RecordingPlatform()
    async with open_ready(tmp_path / "db") as storage:
        await storage.subscriptions.save(DAILY, MORNING, MORNING - timedelta(hours=2))
        await storage.backups.write(tmp_path / "copy")
    async with open_storage(tmp_path / "copy") as restored:
        await restored.backups.settle_restored(MORNING)
        await learn(restored, MORNING + timedelta(hours=2), published=MORNING + timedelta(hours=1))
        await Deliverer(restored, {chat.name: chat}, "deals").deliver_due(MORNING + timedelta(days=1))
    assert len(chat.posted) == 1
