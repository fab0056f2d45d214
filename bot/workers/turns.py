"""Whose turn it is to use a worker: small bodies of feeds that did well first; hostile ones hold up each other."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")

STEP = 128 * 1024
"""Bytes. Four of five feeds are smaller; within one such step who came first is served first."""


def rank_of(size: int, *, is_doubtful: bool = False) -> int:
    """The smaller the sooner. A feed that could not be read lately waits behind all others, whatever its size."""
    return size // STEP + (1_000 if is_doubtful else 0)


class Turns(Generic[T]):
    """Places that one user at a time holds; a free one goes to who waits with the lowest rank, then for longest."""

    def __init__(self) -> None:
        self._free: list[T] = []
        self._waiting: list[tuple[int, int, asyncio.Future[T]]] = []
        self._numbers = count()

    async def get(self, rank: int) -> T:
        """A place, the one given back last where several are free."""
        if self._free:
            return self._free.pop()
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._numbers), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.put(turn.result())  # it was ours at the very moment when we were told to stop
            raise

    def put(self, place: T) -> None:
        """Give it back."""
        while self._waiting:
            _, _, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(place)
                return
        self._free.append(place)
