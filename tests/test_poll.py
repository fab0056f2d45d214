"""Polling with a real server, real workers and a real database. All ask the same worker, as a bot's feeds do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot.poll import Habits
from bot.storage.model import Outcome
from bot.web.server import Page
from bot.workers.pool import Workers
from tests.builders import PUBLISHED
from tests.feedkit import DEAL, HERE, NO_DEAL, NOW, Kit, item, kit, rss

Opening = Callable[..., AbstractAsyncContextManager[Kit]]

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER = NOW + timedelta(hours=2)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1) as started:
        yield started


@pytest.fixture
def opened(tmp_path: Path, workers: Workers) -> Opening:
    """The polling side over some pages, on a database of its own."""
    return partial(kit, tmp_path / "db", workers=workers)


async def test_a_feed_that_announces_a_deal_makes_a_deal(opened: Opening) -> None:
    pages = {"/a": rss(item(*DEAL, link="https://news.example/1"), item(*NO_DEAL, link="https://news.example/2"))}
    async with opened(pages) as bot:
        await bot.follow("/a")
        report = await bot.poller.poll_due(NOW)
        assert (report.read, report.entries, report.announcements, report.deals) == (1, 2, 1, 1)
        (known,) = await bot.storage.deals.latest(HERE, 5)
        assert {party.name for party in known.deal.parties} == {"Acme Health", "Borealis Cloud"}
        rejected = await bot.storage.deals.verdict(HERE, "https://news.example/2")
        assert rejected is not None
        assert rejected.outcome == Outcome.REJECTED


async def test_two_feeds_announcing_one_deal_at_the_same_moment_make_one_deal(opened: Opening) -> None:
    pages = {f"/{name}": rss(item(*DEAL, link=f"https://{name}.example/1"), title=name) for name in "abcd"}
    async with opened(pages) as bot:
        await bot.follow(*pages)
        report = await bot.poller.poll_due(NOW)
        assert (report.announcements, report.deals) == (4, 1)
        (known,) = await bot.storage.deals.latest(HERE, 5)
        assert len(known.deal.announcements) == 4


async def test_the_second_poll_asks_conditionally_and_brings_nothing_new(opened: Opening) -> None:
    pages = {"/a": rss(item(*DEAL, link="https://news.example/1"))}
    async with opened(pages) as bot:
        await bot.follow("/a")
        await bot.poller.poll_due(NOW)
        again = await bot.poller.poll_due(LATER)
        assert (again.read, again.unchanged, again.entries) == (0, 1, 0)
        assert bot.server.unchanged["/a"] == 1


async def test_a_feed_is_not_asked_before_it_is_due(opened: Opening) -> None:
    async with opened({"/a": rss()}) as bot:
        await bot.follow("/a")
        await bot.poller.poll_due(NOW)
        await bot.poller.poll_due(NOW + timedelta(minutes=59))
        assert bot.server.requests["/a"] == 1


async def test_an_entry_whose_address_or_wording_is_touched_is_not_told_again(opened: Opening) -> None:
    pages = {"/a": rss(item(*DEAL, link="https://news.example/1"))}
    async with opened(pages) as bot:
        await bot.follow("/a")
        await bot.poller.poll_due(NOW)
        pages["/a"] = rss(
            item(DEAL[0], DEAL[1] + " (updated)", link="https://news.example/1?utm_source=feed"),
            item(*DEAL, link="https://news.example/moved"),
        )
        again = await bot.poller.poll_due(LATER)
        assert (again.read, again.entries, again.deals) == (1, 0, 0)


async def test_the_backlog_of_a_new_feed_is_passed_over(opened: Opening) -> None:
    old = item(*DEAL, link="https://news.example/1", published=PUBLISHED - timedelta(days=4))
    undated = item(f"{DEAL[0]} at last", DEAL[1], link="https://news.example/2", published=None)
    async with opened({"/a": rss(old, undated)}) as bot:
        await bot.follow("/a")
        report = await bot.poller.poll_due(NOW)
        assert (report.entries, report.announcements) == (2, 0)
        seen = await bot.storage.deals.verdict(HERE, "https://news.example/1")
        assert seen is not None
        assert seen.outcome == Outcome.PASSED_OVER


async def test_the_operator_may_let_older_entries_in(opened: Opening) -> None:
    old = item(*DEAL, link="https://news.example/1", published=PUBLISHED - timedelta(days=4))
    async with opened({"/a": rss(old)}, Habits(first_days=timedelta(days=9))) as bot:
        await bot.follow("/a")
        assert (await bot.poller.poll_due(NOW)).deals == 1


async def test_old_news_that_a_feed_brings_late_is_passed_over(opened: Opening) -> None:
    pages = {"/a": rss()}
    async with opened(pages) as bot:
        await bot.follow("/a")
        await bot.poller.poll_due(NOW)
        pages["/a"] = rss(item(*DEAL, link="https://news.example/1", published=PUBLISHED - timedelta(days=30)))
        assert (await bot.poller.poll_due(LATER)).announcements == 0


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (Page(b"<!doctype html><html><body><p>Welcome</p></body></html>", "text/html"), "web page"),
        (Page(b"", "application/rss+xml"), "empty"),
        (Page(b"\x00\x01\x02" * 50, "application/octet-stream"), ""),
        (None, "404"),
    ],
)
async def test_what_is_no_feed_is_told_and_the_others_go_on(opened: Opening, page: Page | None, told: str) -> None:
    pages = {"/good": rss(item(*DEAL, link="https://news.example/1"))}
    if page:
        pages["/bad"] = page
    async with opened(pages) as bot:
        await bot.follow("/bad", "/good")
        report = await bot.poller.poll_due(NOW)
        assert (report.read, report.failed, report.deals) == (1, 1, 1)
        (failing,) = (await bot.storage.feeds.coverage(HERE)).failing
        assert told in failing.reason


async def test_an_empty_feed_is_read_without_complaint(opened: Opening) -> None:
    async with opened({"/a": rss()}) as bot:
        await bot.follow("/a")
        report = await bot.poller.poll_due(NOW)
        assert (report.read, report.failed, report.entries) == (1, 0, 0)


async def test_a_feed_that_fails_is_asked_again_later_and_later(opened: Opening) -> None:
    async with opened({}) as bot:
        await bot.follow("/gone")
        waits = []
        now = NOW
        for _ in range(6):
            await bot.poller.poll_due(now)
            (kept,) = await bot.storage.feeds.list(HERE)
            assert kept.next_poll is not None
            waits.append((kept.next_poll - now) / timedelta(hours=1))
            now = kept.next_poll
        backed_off = zip(waits, (1, 2, 4, 8, 16, 24), strict=True)
        assert all(hours <= wait <= hours * 1.1 for wait, hours in backed_off)
        assert bot.server.requests["/gone"] == 6


async def test_a_short_entry_that_sounds_like_a_deal_is_read_on_its_page(opened: Opening) -> None:
    sentences = " ".join([DEAL[1]] * 2)
    page = f"<html><body><article><h1>{DEAL[0]}</h1><p>{sentences}</p><p>{sentences}</p></article></body></html>"
    pages = {"/story": Page(page.encode(), "text/html; charset=utf-8")}
    async with opened(pages) as bot:
        pages["/a"] = rss(item(DEAL[0], "Read more on our site.", link=bot.server.url("/story")))
        await bot.follow("/a")
        await bot.poller.poll_due(NOW)
        assert bot.server.requests["/story"] == 1
        (known,) = await bot.storage.deals.latest(HERE, 5)
        assert "Borealis Cloud will open an office in Oslo" in known.deal.announcements[0].text
