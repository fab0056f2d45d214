"""Answers that brought nothing new, gathered so that many of them cost one transaction."""

from __future__ import annotations

from datetime import datetime

from bot.storage.feeds import FeedStore
from bot.storage.model import DueFeed, FeedState

PAGE = 64
"""So many are written at once; a crash before that leaves their feeds leased, and they are asked again later."""


class Ledger:
    """Keeps unchanged feeds until there is a page of them, or somebody turns it."""

    def __init__(self, feeds: FeedStore) -> None:
        self._feeds = feeds
        self._page: list[tuple[DueFeed, FeedState, datetime]] = []

    async def add(self, feed: DueFeed, state: FeedState, now: datetime) -> None:
        """Remember that the feed had nothing new."""
        self._page.append((feed, state, now))
        if len(self._page) >= PAGE:
            await self.turn()

    async def turn(self) -> None:
        """Write what was gathered."""
        page, self._page = self._page, []
        await self._feeds.record_unchanged(page)
