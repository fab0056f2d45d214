"""What a publisher finds in his logs. Time is made up, the poller, its timetable and the database are real."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.commands.health import state
from bot.digests.model import Channel
from bot.feeds.answer import Answer, Fetched, FetchFailed, NotModified, Postponed, Validators
from bot.feeds.model import Feed, NotAFeed, ParsedFeed
from bot.storage.model import Origin
from bot.workers.child import WorkerError
from tests.fakes import InlineWorkers
from tests.feedkit import HERE, NOW, item, rss
from tests.poll.publisher import BODY, ETAG, Publisher, a_bot, served, steady
from tests.ready import open_ready

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NONE = Validators()


def patient(url: str, validators: Validators, now: datetime) -> Answer:
    answer = steady(url, validators, now)
    return NotModified(wish=12 * HOUR) if isinstance(answer, NotModified) else answer


async def test_in_ninety_days_with_restarts_and_a_new_subscription_all_is_asked_for_once(tmp_path: Path) -> None:
    publisher = Publisher(patient)
    for period in range(9):
        async with a_bot(tmp_path / "db", publisher) as bot:
            if period == 4:
                (kept,) = await bot.storage.feeds.list(HERE)
                await bot.storage.feeds.remove(HERE, kept.id, publisher.now)
            await bot.follow()
            await bot.live(10 * DAY)
    unconditional = [at for _, validators, at in publisher.asked if validators == NONE]
    assert unconditional == [NOW]
    assert len(publisher.asked) > 150
    assert all(later - earlier >= 12 * HOUR for earlier, later in pairwise(publisher.times()[1:]))


async def test_restarts_every_few_minutes_ask_nobody_more_often(tmp_path: Path) -> None:
    publisher = Publisher()
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
    for number in range(40):
        async with a_bot(tmp_path / "db", publisher) as bot:
            await bot.poll_at(NOW + number * 7 * MINUTE)
    assert all(later - earlier >= HOUR for earlier, later in pairwise(publisher.times()))
    assert 4 <= len(publisher.times()) <= 5


async def test_after_a_week_down_ten_thousand_feeds_are_spread_over_an_hour(tmp_path: Path) -> None:
    async with open_ready(tmp_path / "db") as storage:
        feeds = [(Feed(f"https://f{number}.example/feed", f"F{number}"), Origin.CONFIG) for number in range(10_000)]
        await storage.feeds.seed(feeds, NOW - 7 * DAY)
        assert await storage.feeds.spread(NOW) == 10_000
        after = [len(await storage.feeds.claim_due(NOW + minutes * MINUTE, 10_000)) for minutes in (0, 30, 60)]
    assert after[0] == 1
    assert 4_900 <= after[1] <= 5_100
    assert after[2] == 10_000


async def test_a_few_feeds_are_asked_at_once_after_a_stop(tmp_path: Path) -> None:
    publisher = Publisher()
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.follow("https://other.example/feed")
    publisher.now = NOW + 7 * DAY
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.poll_at(publisher.now)
    assert len(publisher.asked) == 2


async def test_a_validator_that_a_new_answer_lacks_is_dropped(tmp_path: Path) -> None:
    bodies = [served(), served(BODY + b" ", NONE), served(BODY + b"  ", Validators(None, "Monday"))]
    publisher = Publisher(lambda *_: bodies.pop(0) if bodies else NotModified())
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(5 * HOUR)
    sent = [validators for _, validators, _ in publisher.asked]
    assert sent[:4] == [NONE, ETAG, NONE, Validators(None, "Monday")]


async def test_what_a_304_says_is_taken_over(tmp_path: Path) -> None:
    later = Validators('"2"', "Tuesday")
    answers: list[Answer] = [served(), NotModified(later, 5 * HOUR), NotModified(), NotModified()]
    publisher = Publisher(lambda *_: answers.pop(0))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(8 * HOUR)
    assert [validators for _, validators, _ in publisher.asked] == [NONE, ETAG, later, later]
    first, second, third, _ = publisher.times()
    assert second - first < 2 * HOUR <= 5 * HOUR <= third - second


async def test_what_a_feed_wishes_outlives_a_304_and_a_failure(tmp_path: Path) -> None:
    body = BODY.replace(b"<title>Example News</title>", b"<title>Example News</title><ttl>360</ttl>")
    answers: list[Answer] = [served(body), NotModified(), FetchFailed("HTTP 500", 500), NotModified()]
    publisher = Publisher(lambda *_: answers.pop(0))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(20 * HOUR)
    assert len(publisher.asked) == 4
    assert all(later - earlier >= 6 * HOUR for earlier, later in pairwise(publisher.times()))


async def test_one_address_is_asked_once_for_two_hundred_workspaces(tmp_path: Path) -> None:
    publisher = Publisher()
    async with a_bot(tmp_path / "db", publisher) as bot:
        for number in range(200):
            await bot.follow(channel=Channel("slack", f"T{number}", "C1"))
        await bot.poll_at(NOW)
    assert len(publisher.asked) == 1


async def test_new_entries_alone_are_added_and_delete_nothing(tmp_path: Path) -> None:
    news = rss(item("Acme hires a chef", "She cooks.", link="https://news.example/2")).body
    answers: list[Answer] = [served(), served(news, Validators('"2"'), is_part=True), served(BODY, Validators('"3"'))]
    publisher = Publisher(lambda *_: answers.pop(0))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(2.5 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
    assert kept.entries == 2
    assert [validators for _, validators, _ in publisher.asked] == [NONE, ETAG, Validators('"2"')]


@pytest.mark.parametrize("page", [b"<!doctype html><html><body>Just a moment...</body></html>", b"", b"{}"])
async def test_a_page_in_place_of_a_feed_changes_nothing_that_is_kept(tmp_path: Path, page: bytes) -> None:
    answers: list[Answer] = [served(), served(page, Validators('"page"')), NotModified()]
    publisher = Publisher(lambda *_: answers.pop(0))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(1.5 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
        assert (kept.entries, kept.failing_since is None) == (1, False)
        await bot.live(1.5 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
        assert (kept.entries, kept.failing_since) == (1, None)
    assert [validators for _, validators, _ in publisher.asked] == [NONE, ETAG, ETAG]


class Crowded(InlineWorkers):
    """Workers of which none can start, so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def parse(self, fetched: Fetched, feed_url: str, **more: Any) -> ParsedFeed | NotAFeed:
        self.times -= 1
        if self.times >= 0:
            raise WorkerError
        return await super().parse(fetched, feed_url, **more)


async def test_a_feed_that_finds_no_free_worker_has_not_failed_and_loses_nothing(tmp_path: Path) -> None:
    publisher = Publisher(lambda *_: served())
    async with a_bot(tmp_path / "db", publisher, Crowded(2)) as bot:
        await bot.follow()
        for minutes in (0, 16, 32):
            (kept,) = await bot.storage.feeds.list(HERE)
            assert (kept.failing_since, kept.last_success, kept.validators) == (None, None, NONE)
            await bot.poll_at(NOW + minutes * MINUTE)
        (kept,) = await bot.storage.feeds.list(HERE)
    assert (kept.entries, kept.failing_since, kept.validators) == (1, None, ETAG)
    assert [validators for _, validators, _ in publisher.asked] == [NONE, NONE, NONE]


async def test_large_bodies_that_find_no_room_come_again_soon_and_have_not_failed(tmp_path: Path) -> None:
    large = BODY.replace(b"</channel>", b"<!--" + b"x" * (40 * 1024 * 1024) + b"--></channel>")
    publisher = Publisher(lambda url, *_: served(large, url=url))
    async with a_bot(tmp_path / "db", publisher, Slow()) as bot:
        for name in "ab":
            await bot.follow(f"https://{name}.example/feed")
        await bot.poll_at(NOW)
        kept = await bot.storage.feeds.list(HERE)
        assert [each.failing_since for each in kept] == [None, None]
        assert sorted(each.entries for each in kept) == [0, 1]
        (late,) = (each for each in kept if not each.entries)
        assert late.validators == NONE
        assert late.next_poll is not None
        assert 15 * MINUTE <= late.next_poll - NOW <= 17 * MINUTE
        await bot.poll_at(late.next_poll)
        assert [each.entries for each in await bot.storage.feeds.list(HERE)] == [1, 1]


class Slow(InlineWorkers):
    """Workers that let others go first."""

    async def parse(self, fetched: Fetched, feed_url: str, **more: Any) -> ParsedFeed | NotAFeed:
        for _ in range(20):
            await asyncio.sleep(0)
        return await super().parse(replace(fetched, body=BODY), feed_url, **more)


async def test_a_postponed_feed_waits_and_has_not_failed(tmp_path: Path) -> None:
    answers: list[Answer] = [Postponed(4 * HOUR), served()]
    publisher = Publisher(lambda *_: answers.pop(0))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        await bot.live(5 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
    assert kept.failing_since is None
    first, second = publisher.times()
    assert second - first >= 4 * HOUR


async def test_of_a_huge_feed_the_newest_500_are_kept_and_the_rest_is_counted_where_people_look(tmp_path: Path) -> None:
    path = tmp_path / "db"
    long = "<category>c</category>" * 20
    items = [item(f"News {n} " + "x" * 1_000, long, link=f"/{n}", published=NOW) for n in range(700)]
    publisher = Publisher(lambda url, *_: served(rss(*items).body))
    async with a_bot(path, publisher) as bot:
        await bot.follow()
        empty = path.stat().st_size
        await bot.live(3 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
        assert (kept.entries, kept.left_out) == (500, 200)
        assert "200 of its entries are too many and left out" in state(kept, bot.publisher.now)
        del items[400:]
        await bot.live(3 * HOUR)
        (kept,) = await bot.storage.feeds.list(HERE)
        assert kept.left_out == 0
    assert path.stat().st_size - empty <= 2 * 1024 * 1024


async def test_a_feed_that_is_cut_short_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    whole = rss(*(item(f"News {n}", "Text", link=f"https://news.example/{n}") for n in range(20))).body
    cuts = [len(whole) * part // 40 for part in range(1, 40)]
    bodies = [whole, *(whole[:cut] for cut in cuts), whole]
    publisher = Publisher(lambda url, *_: served(bodies[min(len(publisher.asked), len(bodies)) - 1], Validators(), url))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.follow()
        while len(publisher.asked) < len(bodies):
            await bot.live(DAY)
            (kept,) = await bot.storage.feeds.list(HERE)
            assert kept.entries == 20
