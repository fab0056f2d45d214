"""Feeds that fail, vanish and move: when they are given up, believed, and told about."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.digests.model import Channel
from bot.feeds.answer import Answer, FetchFailed, NotModified, Validators
from bot.feeds.model import Feed
from bot.storage.model import Origin
from tests.feedkit import HERE, NOW, item, rss
from tests.poll.publisher import BODY, ETAG, URL, Bot, Publisher, a_bot, served, steady, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = "https://new.example/feed"
TWO = Channel("slack", "T2", "C1")


def gone(*_: object) -> Answer:
    return FetchFailed("HTTP 410: the feed is gone for good", 410)


async def test_a_feed_that_is_gone_twice_a_day_apart_is_asked_no_more_and_that_is_told_once(tmp_path: Path) -> None:
    publisher = Publisher(gone)
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.follow(channel=TWO)
        await bot.live(DAY - HOUR)
        assert await told(bot) == []
        await bot.live(30 * DAY)
        asked = len(publisher.asked)
        assert publisher.times()[-1] - NOW < 2.3 * DAY
        notices = await told(bot)
        assert sorted(workspace for workspace, _ in notices) == ["T2", "local"]
        assert all("is asked no more" in text for _, text in notices)
        publisher.script = steady
        await bot.follow()
        await bot.live(HOUR)
        assert len(publisher.asked) == asked + 1
        (kept,) = await bot.storage.feeds.list(HERE)
        assert (kept.stopped, kept.failing_since) == (None, None)


async def test_a_feed_that_comes_back_between_is_not_given_up(tmp_path: Path) -> None:
    def now_and_then(url: str, validators: Validators, now: datetime) -> Answer:
        return gone() if (now - NOW).days % 2 == 0 else steady(url, validators, now)

    publisher = Publisher(now_and_then)
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(8 * DAY)
        (kept,) = await bot.storage.feeds.list(HERE)
        assert kept.stopped is None


@pytest.mark.parametrize("status", [404, 503, None])
async def test_no_other_failure_ends_a_feed_and_it_is_told_once_as_is_its_end(
    tmp_path: Path, status: int | None
) -> None:
    publisher = Publisher(lambda *_: FetchFailed("Out of order", status))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(DAY)
        assert await told(bot) == []
        await bot.live(30 * DAY)
        assert [text[:40] for _, text in await told(bot)] == ["The feed Example News could not be read "]
        assert publisher.now - publisher.times()[-1] < 1.2 * DAY
        publisher.script = steady
        await bot.live(2 * DAY)
        assert [text for _, text in await told(bot)] == ["The feed Example News can be read again."]


async def test_a_feed_that_is_missing_some_hours_each_day_is_nothing_to_tell(tmp_path: Path) -> None:
    def flaky(url: str, validators: Validators, now: datetime) -> Answer:
        return FetchFailed("HTTP 404", 404) if now.hour < 4 else steady(url, validators, now)

    publisher = Publisher(flaky)
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(5 * DAY)
        assert await told(bot) == []
        (kept,) = await bot.storage.feeds.list(HERE)
        assert kept.stopped is None
    assert any(asked.hour < 4 for asked in publisher.times())


class Moved:
    """A feed that redirects, for good or not, and has something new each time."""

    def __init__(self, to: str | None = NEW, body: bytes = BODY) -> None:
        self.to = to
        self.body = body
        self.count = 0

    def __call__(self, url: str, validators: Validators, now: datetime) -> Answer:
        self.count += 1
        to = self.to if url == URL else None
        return served(self.body + b" " * self.count, url=to or url, moved=to)


async def addresses(bot: Bot) -> list[str]:
    return [kept.feed.url for kept in await bot.storage.feeds.list(HERE)]


async def test_a_move_for_good_is_believed_after_three_sightings_over_a_day(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Moved())) as bot:
        await bot.follow()
        await bot.live(DAY - HOUR)
        assert await addresses(bot) == [URL]
        await bot.live(3 * HOUR)
        assert await addresses(bot) == [NEW]
        await bot.live(5 * HOUR)
        assert {url for url, _, _ in bot.publisher.asked[-3:]} == {NEW}
        assert all(validators == ETAG for _, validators, _ in bot.publisher.asked[1:])


async def test_the_former_address_goes_on_meaning_the_feed(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Moved())) as bot:
        await bot.follow()
        await bot.live(2 * DAY)
        await bot.storage.feeds.seed([(Feed(URL, "Example News"), Origin.CONFIG)], bot.publisher.now)
        added = await bot.storage.feeds.add(HERE, Feed(URL, "Again"), bot.publisher.now)
        assert (added.already, await addresses(bot)) == (True, [NEW])


async def test_a_move_that_is_not_for_good_is_never_believed(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Moved(to=None))) as bot:
        await bot.follow()
        await bot.live(30 * HOUR)
        assert await addresses(bot) == [URL]


async def test_a_move_that_changes_its_mind_is_counted_anew(tmp_path: Path) -> None:
    moved = Moved()
    async with a_bot(tmp_path / "db", Publisher(moved)) as bot:
        await bot.follow()
        for place in ("https://a.example/", "https://b.example/", "https://a.example/"):
            moved.to = place
            await bot.live(DAY - 2 * HOUR)
        assert await addresses(bot) == [URL]


async def test_a_stolen_name_that_shows_a_page_is_never_believed(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Moved(body=b"<!doctype html><html>Buy this name"))) as bot:
        await bot.follow()
        await bot.live(10 * DAY)
        assert await addresses(bot) == [URL]


async def test_a_304_at_the_new_place_is_a_sighting_and_no_proof(tmp_path: Path) -> None:
    publisher = Publisher(lambda *_: NotModified(moved=NEW))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(3 * DAY)
        assert await addresses(bot) == [URL]
        publisher.script = Moved()
        await bot.live(2 * HOUR)
        assert await addresses(bot) == [NEW]


async def test_a_feed_that_moves_to_another_ones_address_becomes_one_with_it(tmp_path: Path) -> None:
    def both(url: str, validators: Validators, now: datetime) -> Answer:
        own = item("Only here", "It has twenty beds.", link="https://news.example/own")
        body = BODY if url == NEW else rss(own).body + b" " * len(publisher.asked)
        return served(body, url=NEW, moved=NEW if url == URL else None)

    publisher = Publisher(both)
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow(URL)
        await bot.follow(NEW, TWO)
        await bot.live(30 * HOUR)
        for channel in (HERE, TWO):
            (kept,) = await bot.storage.feeds.list(channel)
            assert (kept.feed.url, kept.entries) == (NEW, 2)
