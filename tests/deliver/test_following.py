"""Who follows a deal is told, alone and once, what more is announced of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.deals.model import Announcement, JoinedDeal, NewDeal, Triage, UnitedDeal
from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.storage import Storage
from bot.storage.model import FeedState, Remark
from tests.builders import PUBLISHED, announced
from tests.desk import shown
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

NOON = PUBLISHED.replace(hour=12)


@dataclass
class Chat(RecordingPlatform):
    """Keeps whom it told what."""

    told: list[tuple[str | None, Message]] = field(default_factory=list)
    deaf: bool = False

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        self.told.append((user, message))
        return not self.deaf


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        for feed in ("alpha", "beta"):
            await opened.feeds.add(HERE, Feed(f"https://{feed}.example/feed", feed), NOON)
        await record(opened, "alpha", "e1")
        yield opened


async def record(
    storage: Storage, feed: str, entry: str, *, joins: int | None = None, follows: int | None = None
) -> None:
    """One poll of the feed that brings one announcement: of a new deal, or of a known one."""
    judged = announced(entry, publisher=f"{feed.title()} News")
    assert isinstance(judged.verdict, Announcement)
    new = (NewDeal((judged.verdict,), follows),) if joins is None else ()
    joined = (JoinedDeal(joins, judged.verdict),) if joins else ()
    await polled(storage, feed, Triage((judged,), new, joined))


async def polled(storage: Storage, feed: str, triage: Triage) -> None:
    days = 9 * int(triage.judged[0].entry.id.removeprefix("e"))  # each poll after the lease of the one before
    due = {each.feed.title: each for each in await storage.feeds.claim_due(NOON + timedelta(days=days), 10)}
    await storage.polls.record(due[feed], FeedState(NOON, Validators(), None), triage, (), NOON)


async def tell(storage: Storage, chat: Chat, *, hours: int = 0) -> None:
    await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(NOON + timedelta(hours=hours))


async def test_who_follows_a_deal_is_told_of_each_new_announcement_once(storage: Storage) -> None:
    chat = Chat()
    await storage.feedback.follow(HERE, "ana", 1, NOON)
    await record(storage, "beta", "e2", joins=1)
    for hours in range(0, 48, 3):
        await tell(storage, chat, hours=hours)
    ((user, message),) = chat.told
    assert user == "ana"
    assert message.title == "News of what you follow"
    assert "#1 Acme Health × Borealis Cloud" in shown(message)
    assert "Beta News announces it as well: “Acme Health and Borealis Cloud sign" in shown(message)


async def test_what_comes_within_an_hour_is_one_message(storage: Storage) -> None:
    chat = Chat()
    await storage.feedback.follow(HERE, "ana", 1, NOON)
    await record(storage, "beta", "e2", joins=1)
    await tell(storage, chat)
    for entry in ("e3", "e4"):
        await record(storage, "beta", entry, joins=1)
        await tell(storage, chat)
    await tell(storage, chat, hours=2)
    assert [len(message.blocks) for _, message in chat.told] == [1, 2]


async def test_a_deal_that_goes_on_from_it_is_news_too(storage: Storage) -> None:
    chat = Chat()
    await storage.feedback.follow(HERE, "ana", 1, NOON)
    await record(storage, "beta", "e2", follows=1)
    await tell(storage, chat)
    ((_, message),) = chat.told
    assert "It goes on in deal #2" in shown(message)


async def test_a_deal_that_went_into_another_takes_its_followers_along(storage: Storage) -> None:
    chat = Chat()
    await record(storage, "beta", "e2")
    await storage.feedback.follow(HERE, "ana", 2, NOON)
    judged = announced("e3", publisher="Alpha News")
    assert isinstance(judged.verdict, Announcement)
    both = Triage((judged,), joined=(JoinedDeal(2, judged.verdict),), united=(UnitedDeal(2, 1),))
    await polled(storage, "alpha", both)
    await tell(storage, chat)
    ((_, message),) = chat.told
    assert shown(message).count("#1 Acme Health × Borealis Cloud") == 1


async def test_nobody_else_is_told(storage: Storage) -> None:
    elsewhere = Channel(HERE.platform, "elsewhere", HERE.id)
    refusing = replace(elsewhere, workspace="refusing")
    await storage.feeds.add(refusing, Feed("https://beta.example/feed", "beta"), NOON)
    await storage.feedback.follow(HERE, "ben", 1, NOON)
    await storage.feedback.follow(HERE, "ben", 1, NOON)  # and no more
    await storage.feedback.follow(elsewhere, "eva", 1, NOON)  # where this feed is not read
    await storage.feedback.follow(refusing, "gil", 1, NOON)  # where it is said to be no partnership
    await storage.feedback.remark(refusing, "gil", 1, Remark.PARTNERSHIP, NOON)
    chat = Chat()
    await record(storage, "beta", "e2", joins=1)
    await tell(storage, chat)
    assert chat.told == []


async def test_who_cannot_be_reached_is_of_no_concern_to_those_who_manage(storage: Storage) -> None:
    chat = Chat(deaf=True)
    await storage.feedback.follow(HERE, "ana", 1, NOON)
    await record(storage, "beta", "e2", joins=1)
    await tell(storage, chat)
    assert [user for user, _ in chat.told] == ["ana"]


async def test_many_followers_are_told_some_at_a_time(storage: Storage) -> None:
    chat = Chat()
    for number in range(25):
        await storage.feedback.follow(HERE, f"u{number}", 1, NOON)
    await record(storage, "beta", "e2", joins=1)
    told = []
    for _ in range(4):
        await tell(storage, chat)
        told.append(len({user for user, _ in chat.told}))
    assert told == [10, 20, 25, 25]
    assert len(chat.told) == 25
