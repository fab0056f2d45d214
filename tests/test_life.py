"""Ticks go on until something ends, and news is looked after between them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.life import Duty, live

HOUR = timedelta(hours=1)


def clock() -> datetime:
    return datetime(2026, 11, 25, 8, tzinfo=UTC)


async def nothing() -> None:
    """What outlives a tick, where nothing does."""


async def test_news_is_looked_after_without_waiting_for_the_next_tick() -> None:
    news, looks = asyncio.Event(), asyncio.Semaphore(0)

    async def look(_: datetime) -> None:
        looks.release()

    async def a_person() -> None:
        await looks.acquire()  # the first tick
        news.set()
        await looks.acquire()

    async with asyncio.timeout(10):
        await live([Duty("deliver", HOUR, look, news)], clock, beside=[a_person()], farewell=nothing)

    assert not news.is_set()


async def test_looks_of_one_duty_take_turns() -> None:
    news, first, goes_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    at_work, most, looks = 0, 0, asyncio.Semaphore(0)

    async def look(_: datetime) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        first.set()
        await goes_on.wait()
        at_work -= 1
        looks.release()

    async def a_person() -> None:
        await first.wait()
        news.set()
        for _ in range(5):  # as many turns of the loop as a second look would need to begin
            await asyncio.sleep(0)
        goes_on.set()
        await looks.acquire()
        await looks.acquire()

    async with asyncio.timeout(10):
        await live([Duty("deliver", HOUR, look, news)], clock, beside=[a_person()], farewell=nothing)

    assert most == 1
