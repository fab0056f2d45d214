"""What follows when a part did not arrive: every remedy, with a real database and a chat that refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.deliver.remedies import GiveUp, Rerender, TryAgain, after_failure, look_since, smaller_parts
from bot.digests.message import Card, Heading, Message, Text
from bot.digests.model import Channel, Form, Quiet, Slot, Subscription, Timetable, WhenEmpty
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.platforms.base import FindOutcome, Found, PostFailed, PostOutcome, Remedy, Unclear, Unreadable
from bot.storage import Storage
from bot.storage.model import Delivery, FeedState, Notice, State
from tests.builders import PUBLISHED, announced, party
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

MORNING = PUBLISHED.replace(hour=8)  # a Monday
DAILY = Timetable(frozenset(range(7)))
EIGHT = Subscription(HERE, DAILY)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        await opened.subscriptions.save(EIGHT, MORNING, MORNING - timedelta(hours=1))
        yield opened


async def learn(storage: Storage, name: str, at: datetime) -> None:
    """A feed of its own announces a deal of its own."""
    await storage.feeds.add(HERE, Feed(f"https://{name}.example/feed", name), at)
    (feed,) = await storage.feeds.claim_due(at, 1)
    state = FeedState(at + timedelta(days=7), Validators(), None)
    deal = announced(name, parties=(party(f"{name} Health"), party(f"{name} Cloud")), headline=f"{name}: a deal")
    await storage.polls.record(feed, state, triage([deal], ()), (), at)


def deliverer(storage: Storage, chat: RecordingPlatform) -> Deliverer:
    return Deliverer(storage, {chat.name: chat}, "deals")


def refusing(remedy: Remedy, times: int = 99) -> Callable[[int], PostOutcome | None]:
    left = [times]

    def answer(_: int) -> PostOutcome | None:
        left[0] -= 1
        return PostFailed("refused", remedy) if left[0] >= 0 else None

    return answer


def a_delivery(**changes: object) -> Delivery:
    message = Message("A digest", (Text("x"),))
    fields: dict[str, object] = {
        "id": 1, "key": "k", "channel": HERE, "part": 1, "parts": 1, "message": message, "state": State.SENDING,
        "attempts": 0, "created": MORNING, "sending_at": MORNING,
    }  # fmt: skip
    return Delivery(**{**fields, **changes})  # type: ignore[arg-type]


async def test_a_paused_channel_is_left_alone_and_told_about_once(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.PAUSE))
    for hours in range(0, 24 * 20, 6):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=hours))
    assert len(chat.notices) == 1
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    assert (kept.paused_at, kept.paused_reason) == (MORNING, "refused")
    assert [each.state for each in await storage.standing.unfinished(HERE)] == [State.PENDING]


async def test_a_resumed_channel_gets_one_digest_with_all_that_it_missed(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.PAUSE))
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING)
    await learn(storage, "late", MORNING + timedelta(days=12))
    chat.answer = None
    back = MORNING + timedelta(days=20, hours=2)
    assert await storage.channels.resume(HERE, back)
    for hours in range(20):
        await deliverer(storage, chat).deliver_due(back + timedelta(hours=hours))
    assert len(chat.posted) == 1
    assert "2 deals" in chat.posted[0][1]


async def test_a_channel_resumed_before_its_next_slot_gets_the_digest_that_it_was_owed(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.PAUSE))
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING)
    chat.answer = None
    await storage.channels.resume(HERE, MORNING + timedelta(hours=3))
    for hours in range(3, 6):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=hours))
    assert len(chat.posted) == 1


async def test_a_digest_of_which_a_part_arrived_is_brought_to_its_end_when_resumed(storage: Storage) -> None:
    chat = RecordingPlatform(size=1, answer=lambda number: PostFailed("refused", Remedy.PAUSE) if number else None)
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING)
    assert len(chat.posted) == 1
    chat.answer = None
    await storage.channels.resume(HERE, MORNING + timedelta(days=2))
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=2))
    keys = [key for _, _, key in chat.posted]
    assert len(keys) == len(set(keys)) == 3  # the second part of the old digest, and a new one with nothing new


async def test_a_digest_that_may_have_arrived_is_not_told_anew_when_its_channel_is_resumed(storage: Storage) -> None:
    class Lossy(RecordingPlatform):
        async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
            await RecordingPlatform.post(self, channel, part, key)
            return Unclear("the answer was lost")

    chat = Lossy()
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING)
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    await storage.channels.pause(kept, "removed", MORNING + timedelta(minutes=1), Notice(HERE, "k", "t"))
    assert await storage.channels.resume(HERE, MORNING + timedelta(days=2, hours=2))
    for hours in range(2, 6):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=2, hours=hours))
    assert sum("1 deal" in title for _, title, _ in chat.posted) == 1


async def test_a_channel_that_is_gone_ends(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.DEAD))
    for days in range(4):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=days))
    assert await storage.subscriptions.get(HERE) is None
    assert len(chat.notices) == 1
    assert [each.state for each in await storage.standing.unfinished(HERE)] == [State.DEAD]


async def test_a_part_that_is_refused_for_its_form_is_sent_in_two(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.RENDER, times=1))
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    for minutes in range(3):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert len(chat.posted) == 2
    assert len({key for _, _, key in chat.posted}) == 2


async def test_a_part_that_is_refused_twice_for_its_form_is_given_up_and_said(storage: Storage) -> None:
    chat = RecordingPlatform(answer=refusing(Remedy.RENDER))
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    for minutes in range(0, 200, 20):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert {each.state for each in await storage.standing.unfinished(HERE)} == {State.DEAD}
    assert chat.notices


async def test_smaller_parts_take_the_place_of_theirs_and_keep_the_order(storage: Storage) -> None:
    chat = RecordingPlatform(size=1)
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await learn(storage, "soon", MORNING - timedelta(minutes=20))
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    silent = RecordingPlatform(size=1, answer=lambda _: PostFailed("busy"))
    await deliverer(storage, silent).deliver_due(MORNING)
    (queue,) = await storage.deliveries.queues(MORNING + timedelta(hours=2))
    assert [part.part for part in queue.parts] == [1, 2, 3]
    smaller = (Message("a", (Heading("a"),)), Message("b", (Heading("b"),)))
    await storage.deliveries.rerender(queue.parts[1], smaller, MORNING)
    (queue,) = await storage.deliveries.queues(MORNING + timedelta(hours=2))
    assert [(part.part, part.parts) for part in queue.parts] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [part.message.title for part in queue.parts][1:3] == ["a", "b"]
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=2))
    assert len(chat.posted) == 4


async def test_a_part_that_waits_lets_none_behind_it_pass(storage: Storage) -> None:
    kept = await storage.subscriptions.get(HERE)
    assert kept is not None
    slot = Slot(MORNING.replace(tzinfo=None), MORNING)
    parts = [Message(name, (Text(name),)) for name in ("first", "second", "third")]
    await storage.deliveries.claim(kept, slot, parts, MORNING + timedelta(days=1), MORNING)
    (queue,) = await storage.deliveries.queues(MORNING)
    first, second, _ = queue.parts
    await storage.deliveries.dead(first, "given up", MORNING)
    await storage.deliveries.retry(second, "busy", MORNING + timedelta(hours=1))
    await storage.standing.retry(HERE, first.id, MORNING)  # a person sends the one before it
    chat = RecordingPlatform()
    await deliverer(storage, chat).deliver_due(MORNING)
    assert [title for _, title, _ in chat.posted] == ["first"]
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=1))
    assert [title for _, title, _ in chat.posted] == ["first", "second", "third"]


async def test_a_history_that_cannot_be_read_is_asked_again_before_it_is_uncertain(storage: Storage) -> None:
    class Blind(RecordingPlatform):
        looks = 0

        async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
            self.looks += 1
            return Unreadable("rate limited")

    chat = Blind(answer=lambda _: Unclear("the connection broke"))
    for minutes in range(0, 300, 5):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    (delivery,) = await storage.standing.unfinished(HERE)
    assert delivery.state is State.UNCERTAIN
    assert (chat.looks, chat.posted, len(chat.notices)) == (5, [], 1)


async def test_the_history_that_can_be_read_again_settles_it(storage: Storage) -> None:
    class Shy(RecordingPlatform):
        looks = 0

        async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
            self.looks += 1
            return Unreadable("rate limited") if self.looks < 3 else Found("x")

    chat = Shy(answer=lambda _: Unclear("the connection broke"))
    for minutes in range(0, 60, 5):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert await storage.standing.unfinished(HERE) == ()


async def test_a_fault_of_the_client_is_an_unclear_end(storage: Storage) -> None:
    def broken(_: int) -> PostOutcome:
        raise RuntimeError("a bug")

    chat = RecordingPlatform(answer=broken)
    await deliverer(storage, chat).deliver_due(MORNING)
    chat.answer = None
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=1))
    assert len(chat.posted) == 1


async def test_many_things_that_went_wrong_make_one_message_an_hour(storage: Storage) -> None:
    for number in range(30):
        place = replace(HERE, id=f"c{number}")
        await storage.subscriptions.save(Subscription(place, DAILY), MORNING, MORNING - timedelta(hours=1))
    chat = RecordingPlatform(answer=refusing(Remedy.PAUSE))
    for minutes in range(0, 180, 10):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(minutes=minutes))
    assert [title for _, title in chat.notices] == ["Pactwire needs somebody to look at 31 things"]


async def test_a_notice_that_reaches_nobody_is_tried_a_few_times_and_no_more(storage: Storage) -> None:
    class Deaf(RecordingPlatform):
        async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
            self.notices.append((workspace, message.title))
            return False

    chat = Deaf(answer=refusing(Remedy.PAUSE))
    for hours in range(24 * 5):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=hours))
    assert len(chat.notices) == 5


async def test_a_slow_channel_delays_nobody(storage: Storage) -> None:
    slow, stuck = replace(HERE, id="slow"), asyncio.Event()
    await storage.subscriptions.save(Subscription(slow, DAILY), MORNING, MORNING - timedelta(hours=1))

    class Slow(RecordingPlatform):
        async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
            if channel == slow:
                await stuck.wait()
            else:
                stuck.set()  # the slow one ends only when the other has been served
            return await RecordingPlatform.post(self, channel, part, key)

    chat = Slow()
    assert await deliverer(storage, chat).deliver_due(MORNING) == 2


async def test_a_digest_that_is_more_than_a_day_late_is_skipped_visibly_and_its_deals_come_with_the_next(
    storage: Storage,
) -> None:
    mondays = replace(EIGHT, timetable=Timetable(frozenset((0,))))
    await storage.subscriptions.save(mondays, MORNING, MORNING - timedelta(hours=1))
    chat = RecordingPlatform()
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=25))
    assert chat.posted == []
    assert (await storage.standing.overview(HERE, MORNING + timedelta(hours=25))).skipped == 1
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=7))
    assert "1 deal" in chat.posted[0][1]


async def test_deals_of_a_whole_month_are_in_a_monthly_digest(storage: Storage) -> None:
    monthly = replace(EIGHT, timetable=Timetable(frozenset((0,)), nth=-1))  # 30 November
    await storage.subscriptions.save(monthly, MORNING + timedelta(days=7), MORNING - timedelta(hours=1))
    chat = RecordingPlatform()
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=7))
    await learn(storage, "early", MORNING + timedelta(days=8))
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=35))  # 28 December
    assert "1 deal" in chat.posted[1][1]


async def test_nothing_is_sent_in_quiet_hours(storage: Storage) -> None:
    quiet = replace(EIGHT, timetable=replace(DAILY, times=(time(23),), quiet=Quiet(time(22), time(7))))
    await storage.subscriptions.save(quiet, MORNING.replace(hour=23), MORNING)
    chat = RecordingPlatform()
    for hours in range(14, 23):  # 22:00 to 06:00
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=hours))
    assert chat.posted == []
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=23))
    assert len(chat.posted) == 1


async def test_who_wants_deals_instantly_gets_a_few_a_day_and_the_rest_in_the_digest(storage: Storage) -> None:
    instant = replace(EIGHT, form=Form.INSTANT, instants=2, when_empty=WhenEmpty.LINE)
    await storage.subscriptions.save(instant, MORNING, MORNING + timedelta(minutes=1))
    chat = RecordingPlatform()
    for minutes in range(2, 400):
        now = MORNING + timedelta(minutes=minutes)
        if minutes % 60 == 0 and minutes <= 240:
            await learn(storage, f"deal{minutes}", now)
        if minutes % 60 < 3:
            await deliverer(storage, chat).deliver_due(now)
    assert len(chat.posted) == 2
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=1))
    assert len(chat.posted) == 3
    assert "2 deals" in chat.posted[2][1]


async def test_a_clock_that_ran_a_month_ahead_and_was_set_right_sends_nothing_twice_and_goes_on(
    storage: Storage,
) -> None:
    chat = RecordingPlatform()
    await learn(storage, "early", MORNING - timedelta(minutes=30))
    await deliverer(storage, chat).deliver_due(MORNING + timedelta(days=30))
    assert len(chat.posted) == 1
    for hours in range(49):
        await deliverer(storage, chat).deliver_due(MORNING + timedelta(hours=hours + 1))
    assert len(chat.posted) == 3  # one for each of the two mornings that came


async def test_a_zone_that_is_not_known_any_more_pauses_its_channel_alone(storage: Storage) -> None:
    lost = replace(HERE, id="lost")
    wrong = Subscription(lost, replace(DAILY, zone="Mars/Olympus"))
    await storage.subscriptions.save(wrong, MORNING, MORNING - timedelta(hours=1))
    chat = RecordingPlatform()
    assert await deliverer(storage, chat).deliver_due(MORNING) == 1
    kept = await storage.subscriptions.get(lost)
    assert kept is not None
    assert "Mars/Olympus is not known" in (kept.paused_reason or "")


def test_a_busy_platform_is_asked_again_later_and_later_but_not_longer_than_a_day() -> None:
    failed, now = PostFailed("busy"), MORNING
    waits = []
    for attempts in range(8):
        step = after_failure(a_delivery(attempts=attempts), failed, DAILY, now)
        assert isinstance(step, TryAgain)
        waits.append((step.at - now).total_seconds() / 60)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert isinstance(after_failure(a_delivery(), failed, DAILY, MORNING + timedelta(hours=24)), GiveUp)


def test_a_retry_waits_for_the_end_of_the_quiet_hours() -> None:
    quiet = replace(DAILY, quiet=Quiet(time(8), time(12)))
    assert after_failure(a_delivery(), PostFailed("busy"), quiet, MORNING) == TryAgain(MORNING + timedelta(hours=4))


def test_a_part_that_cannot_be_halved_is_sent_plain() -> None:
    card = Card(7, "A × B", "new", "They agreed.", ("10 years",), (), None, MORNING)
    (plain,) = smaller_parts(Message("t", (card,), deals=(7,)))
    assert plain.blocks == (Text("A × B\nThey agreed.\n10 years"),)
    first, second = smaller_parts(Message("t", (Heading("H"), card), deals=(7,), mention="9"))
    assert (first.deals, second.deals) == ((), (7,))
    assert (first.mention, second.mention) == ("9", None)
    assert isinstance(after_failure(a_delivery(), PostFailed("long", Remedy.RENDER), DAILY, MORNING), Rerender)


def test_a_clock_that_was_set_back_reads_a_whole_day_of_history() -> None:
    assert look_since(a_delivery(), MORNING) == MORNING - timedelta(hours=2)
    assert look_since(a_delivery(), MORNING - timedelta(minutes=1)) == MORNING - timedelta(hours=24, minutes=1)
