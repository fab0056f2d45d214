"""A request that arrives after we gave it up: it is let arrive before anybody looks for it, whatever the clocks do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.platforms.base import FindOutcome, PostOutcome, Unclear
from bot.storage import Storage
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready
from tests.simulation.clock import run_virtually
from tests.simulation.inline import inline_sqlite

MORNING = PUBLISHED.replace(hour=8)


class LateChat(RecordingPlatform):
    """Takes the first post only some time after the asker gave up; `clock` is its own."""

    def __init__(self, *, asked_for: float = 5, late: float = 20, clock: datetime | None = None) -> None:
        super().__init__()
        self.asked_for, self.late, self.clock = asked_for, late, clock
        self.since: list[datetime] = []
        self.attempts = 0

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        self.attempts += 1
        if self.attempts > 1:
            return await RecordingPlatform.post(self, channel, part, key)
        await asyncio.sleep(self.asked_for)
        asyncio.get_running_loop().call_later(self.late, self.posted.append, (channel, part.title, key))
        return Unclear("no answer")

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        self.since.append(since)
        return await RecordingPlatform.find(self, channel, key, since)

    def time(self) -> datetime | None:
        return self.clock


def in_virtual_time(path: Path, story: Callable[[Storage], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_ready(path) as storage:
            daily = Subscription(HERE, Timetable(frozenset(range(7))))
            await storage.subscriptions.save(daily, MORNING, MORNING - timedelta(hours=1))
            await story(storage)

    with inline_sqlite(lambda _, call: call()):
        run_virtually(told())


async def ticks(deliverer: Deliverer, seconds: int, ahead: timedelta = timedelta()) -> None:
    """A tick every ten seconds, by a wall clock that is ahead by so much."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        await deliverer.deliver_due(MORNING + timedelta(seconds=loop.time()) + ahead)
        await asyncio.sleep(10)


def test_a_post_that_took_long_is_looked_for_only_some_time_after_its_end(tmp_path: Path) -> None:
    chat = LateChat(asked_for=70)  # limits were waited out first, and the moment of the beginning is long past

    async def story(storage: Storage) -> None:
        await ticks(Deliverer(storage, {chat.name: chat}, "deals"), 200)

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts, len(chat.since)) == (1, 1, 1)


def test_a_clock_that_is_set_forward_makes_nobody_look_too_early(tmp_path: Path) -> None:
    chat = LateChat()

    async def story(storage: Storage) -> None:
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        await ticks(deliverer, 10)
        await ticks(deliverer, 120, ahead=timedelta(hours=1))

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts, len(chat.since)) == (1, 1, 1)


def test_a_clock_that_is_set_far_back_makes_nobody_look_too_early(tmp_path: Path) -> None:
    """By it the next look lies a month ahead, which counts as one that a wrong clock wrote down."""
    chat = LateChat()

    async def story(storage: Storage) -> None:
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        await ticks(deliverer, 10, ahead=timedelta(days=30))
        await ticks(deliverer, 120)

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts, len(chat.since)) == (1, 1, 1)


def test_a_clock_that_is_set_between_the_start_and_the_first_tick_makes_nobody_look_too_early(tmp_path: Path) -> None:
    """As a time server does soon after a machine has come up."""
    chat = LateChat(asked_for=0)

    async def story(storage: Storage) -> None:
        loop = asyncio.get_running_loop()
        await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING)
        reborn = Deliverer(storage, {chat.name: chat}, "deals")
        await reborn.start(MORNING + timedelta(seconds=loop.time()))
        await ticks(reborn, 120, ahead=timedelta(hours=1))

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts, len(chat.since)) == (1, 1, 1)


def test_a_clock_that_is_set_while_a_request_waits_for_its_turn_makes_nobody_look_too_early(tmp_path: Path) -> None:
    """What is written down when the request ends goes by the clock as it is by then."""
    chat = LateChat(asked_for=45)

    async def story(storage: Storage) -> None:
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        first = asyncio.ensure_future(ticks(deliverer, 10))
        await asyncio.sleep(25)
        await ticks(deliverer, 200, ahead=timedelta(hours=1))
        await first

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts, len(chat.since)) == (1, 1, 1)


def test_a_restart_lets_arrive_what_the_life_before_was_sending(tmp_path: Path) -> None:
    chat = LateChat(asked_for=3600, late=0)

    async def story(storage: Storage) -> None:
        loop = asyncio.get_running_loop()
        dying = asyncio.ensure_future(Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING))
        await asyncio.sleep(45)  # the request goes out only now, and the process dies
        (queue,) = await storage.deliveries.queues(MORNING + timedelta(hours=1))
        (key,) = [part.key for part in queue.parts]
        loop.call_later(10, chat.posted.append, (HERE, "", key))
        dying.cancel()
        reborn = Deliverer(storage, {chat.name: chat}, "deals")
        await reborn.start(MORNING + timedelta(seconds=loop.time()))
        await ticks(reborn, 120)

    in_virtual_time(tmp_path / "db", story)
    assert (len(chat.posted), chat.attempts) == (1, 1)


def test_a_part_is_looked_for_in_the_platforms_time_not_in_ours(tmp_path: Path) -> None:
    there = MORNING - timedelta(days=30)  # our clock runs a month ahead
    chat = LateChat(clock=there)

    async def story(storage: Storage) -> None:
        await ticks(Deliverer(storage, {chat.name: chat}, "deals"), 120)

    in_virtual_time(tmp_path / "db", story)
    assert chat.since == [there - timedelta(hours=2)]
