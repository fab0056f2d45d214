"""Who is asked when: a window of feeds under way, refilled as answers come in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.feeds.links import gate_of
from bot.storage.feeds import FeedStore
from bot.storage.model import DueFeed

WINDOW = 256
"""Feeds that are under way at one time, most of them waiting for their publisher's turn."""

REFILL = 128
"""So many places must be free before more feeds are claimed."""

CROWD = 60
"""Feeds of one publisher that are under way at one time; more of them are asked a little later."""
LATER = timedelta(minutes=1)

LOOK = 5.0
LENGTH = 300.0
"""Seconds: while answers are awaited we look for more that is due every LOOK; a round takes on no more after LENGTH."""

Moment = Callable[[], datetime]
Poll = Callable[[DueFeed, Moment], Awaitable[None]]


class Round:
    """One round: everything that is due at its beginning, and what becomes due while it lasts."""

    def __init__(self, feeds: FeedStore, poll: Poll, turn: Callable[[], Awaitable[None]]) -> None:
        self._feeds = feeds
        self._poll = poll
        self._turn = turn
        self._under_way: dict[asyncio.Task[None], DueFeed] = {}
        # asyncio.wait() would look at all that is under way each time that one of them is done.
        self._done: list[asyncio.Task[None]] = []
        self._is_any_done = asyncio.Event()
        self._crowds = Counter[str]()

    async def run(self, now: datetime) -> None:
        """Poll until nothing is due and every answer is recorded. The first error of a poll ends the round."""
        clock = asyncio.get_running_loop().time
        began = look_at = clock()

        def moment() -> datetime:
            return now + timedelta(seconds=clock() - began)

        try:
            while True:
                if clock() >= look_at and clock() - began < LENGTH and len(self._under_way) <= WINDOW - REFILL:
                    is_more = await self._claim(moment)
                    look_at = clock() if is_more else clock() + LOOK
                if not self._under_way:
                    break
                await self._wait()
        finally:
            await self._end()

    async def _claim(self, moment: Moment) -> bool:
        """Begin what is due; whether there may be more."""
        wanted = WINDOW - len(self._under_way)
        due = await self._feeds.claim_due(moment(), wanted)
        asked = {feed.id for feed in self._under_way.values()}
        crowded: list[int] = []
        for feed in due:
            gate = gate_of(feed.feed.url)
            if feed.id in asked:
                continue  # it waits so long for its turn that its lease has run out
            if self._crowds[gate] >= CROWD:
                crowded.append(feed.id)
                continue
            self._crowds[gate] += 1
            task = asyncio.create_task(self._ask(feed, moment, gate))
            task.add_done_callback(self._tell_done)
            self._under_way[task] = feed
        if crowded:
            await self._feeds.postpone(crowded, moment() + LATER)
        return len(due) == wanted

    async def _ask(self, feed: DueFeed, moment: Moment, gate: str) -> None:
        try:
            await self._poll(feed, moment)
        finally:
            self._crowds[gate] -= 1
            if not self._crowds[gate]:
                del self._crowds[gate]

    def _tell_done(self, task: asyncio.Task[None]) -> None:
        self._done.append(task)
        self._is_any_done.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self._is_any_done.wait()
        except TimeoutError:
            await self._turn()
        self._is_any_done.clear()
        done, self._done = self._done, []
        for task in done:
            del self._under_way[task]
        for task in done:
            task.result()

    async def _end(self) -> None:
        """Nothing stays under way, and what was gathered is written, even when we are told to stop."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._turn()
