from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot.deals.model import Triage
from bot.feeds.answer import Validators
from bot.feeds.model import Entry, Feed
from bot.poll.ledger import FULL, PAGE, Ledger
from bot.storage.model import DueFeed, FeedState
from bot.storage.polls import Poll, PollStore
from tests.builders import PUBLISHED as NOW

FEED = DueFeed(1, Feed("https://news.example/feed", "News"), Validators(), None, 0, None)


class _Written:
    """Keeps how many polls were written at a time."""

    def __init__(self) -> None:
        self.pages: list[int] = []

    async def record_all(self, polls: Sequence[Poll]) -> None:
        if polls:
            self.pages.append(len(polls))


def poll(entries: int = 0) -> Poll:
    passed = tuple(Entry(f"e{number}", (f"e{number}",), "Title", "") for number in range(entries))
    return Poll(FEED, FeedState(NOW, Validators(), None, "as usual"), Triage(), passed, NOW)


async def test_answers_without_news_are_written_a_page_at_a_time() -> None:
    written = _Written()
    ledger = Ledger(cast("PollStore", written))

    for _ in range(PAGE + 1):
        await ledger.add(poll())
    await ledger.turn()

    assert written.pages == [PAGE, 1]


async def test_a_few_polls_with_many_entries_fill_a_page_too() -> None:
    written = _Written()
    ledger = Ledger(cast("PollStore", written))

    for _ in range(4):
        await ledger.add(poll(FULL // 2))

    assert written.pages == [2, 2]
