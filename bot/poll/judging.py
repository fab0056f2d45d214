"""What of a feed is news, and where its page has to be read for a verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.deals.model import Judged, Rejected
from bot.feeds.answer import Fetched
from bot.feeds.model import Entry, Feed, News
from bot.storage.model import DueFeed
from bot.web.client import PAGES, Web
from bot.workers.pool import Workers

LATE = timedelta(days=14)
"""An entry that turns up later than this after its own date is old news, whenever its feed brings it."""

SHORT = 400
"""A body of fewer characters may hide what matters on its page."""

MOST_PAGES = 5
"""The most pages that are fetched for one feed at one poll."""


def news_of(feed: DueFeed, first_days: timedelta, now: datetime) -> News:
    """What of the feed is news: at its first poll the last days alone, and later not what it brings late.

    At a first poll, what has no date cannot show that it is new.
    """
    is_first = feed.first_read is None
    return News(now - (first_days if is_first else max(LATE, first_days)), undated=not is_first)


async def with_pages(judged: Sequence[Judged], feed: Feed, web: Web, workers: Workers) -> tuple[Judged, ...]:
    """The same, but where a short entry looks promising, its page was read before the final word."""
    short = [each.entry for each in judged if _hides_more(each)][:MOST_PAGES]
    fuller = [entry for entry in await asyncio.gather(*(_fuller(each, web, workers) for each in short)) if entry]
    if not fuller:
        return tuple(judged)
    again = {each.entry.id: each for each in await workers.judge(fuller, feed)}
    return tuple(again.get(each.entry.id, each) for each in judged)


def _hides_more(judged: Judged) -> bool:
    if not judged.entry.url or len(judged.entry.body) >= SHORT:
        return False
    return not isinstance(judged.verdict, Rejected) or judged.verdict.promising


async def _fuller(entry: Entry, web: Web, workers: Workers) -> Entry | None:
    """The entry with its page's text for a body; None where the page gives no more than the feed."""
    page = await web.fetch(entry.url, accept=PAGES) if entry.url else None
    text = await workers.article(page) if isinstance(page, Fetched) else None
    return replace(entry, body=text) if text and len(text) > max(SHORT, len(entry.body)) else None
