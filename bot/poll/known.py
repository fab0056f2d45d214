"""Which entries feeds have brought before, read for many feeds at once."""

from __future__ import annotations

import asyncio

from bot.storage.deals import DealStore


class _Batch:
    """Feeds that are asked about together, and the answer once it is there."""

    def __init__(self) -> None:
        self.feeds: set[int] = set()
        self.keys: dict[int, frozenset[str]] | None = None


class KnownKeys:
    """Asks for all who came while the last answer was on its way: a question costs more than a feed in it."""

    def __init__(self, deals: DealStore) -> None:
        self._deals = deals
        self._batch = _Batch()
        self._asking = asyncio.Lock()

    async def of(self, feed: int) -> frozenset[str]:
        """Every key under which this feed has brought an entry, hashed. Raises StorageError."""
        batch = self._batch
        batch.feeds.add(feed)
        async with self._asking:
            # The first of a batch to get here asks for all of it; should that fail, the next one asks again.
            if batch.keys is None:
                self._batch = _Batch()
                batch.keys = await self._deals.known_keys(batch.feeds)
        return batch.keys[feed]
