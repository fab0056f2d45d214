"""How many requests may be under way, so that slow servers never hold up quick ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """A quick lane for `quick` requests; one that takes longer than `patience` seconds moves to a lane for `slow`."""

    def __init__(self, quick: int, *, slow: int, patience: float) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._all = asyncio.Semaphore(quick + slow)
        self._patience = patience

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits for a place in the quick lane, and holds one in either."""
        async with self._all:
            await self._quick.acquire()
            leaving = _Once(self._quick)
            timer = asyncio.get_running_loop().call_later(self._patience, leaving.leave)
            try:
                yield
            finally:
                timer.cancel()
                leaving.leave()


class _Once:
    """Gives a place back, the first time it is told to."""

    def __init__(self, lane: asyncio.Semaphore) -> None:
        self._lane: asyncio.Semaphore | None = lane

    def leave(self) -> None:
        if self._lane:
            self._lane.release()
        self._lane = None
