"""Who waits for a worker is served in the order that hurts nobody."""

from __future__ import annotations

import asyncio

import pytest

from bot.feeds.answer import Fetched
from bot.feeds.model import ParsedFeed
from bot.workers.pool import Workers
from bot.workers.turns import STEP, Turns, rank_of
from tests.workers.attacks import rss

KIB = 1024


async def waiting(turns: Turns[str], served: list[str], name: str, rank: int) -> asyncio.Task[None]:
    async def use() -> None:
        place = await turns.get(rank)
        served.append(name)
        turns.put(place)

    task = asyncio.create_task(use())
    await asyncio.sleep(0)
    return task


async def test_the_lowest_rank_goes_first_and_within_it_who_came_first() -> None:
    turns, served = Turns[str](), list[str]()
    turns.put("place")
    place = await turns.get(0)
    tasks = [await waiting(turns, served, name, rank) for name, rank in zip("abcde", (2, 0, 1, 0, 2), strict=True)]
    turns.put(place)
    await asyncio.gather(*tasks)
    assert "".join(served) == "bdcae"


async def test_who_gives_up_waiting_takes_no_place_with_him() -> None:
    turns, served = Turns[str](), list[str]()
    turns.put("place")
    place = await turns.get(0)
    gone, late = await waiting(turns, served, "gone", 0), await waiting(turns, served, "late", 1)
    turns.put(place)  # it is his already when he is told to stop
    gone.cancel()
    await asyncio.gather(gone, late, return_exceptions=True)
    assert served[-1] == "late"
    assert await turns.get(0) == "place"


async def test_the_place_that_was_used_last_is_used_next() -> None:
    turns = Turns[str]()
    for place in ("one", "two"):
        turns.put(place)
    assert [await turns.get(0), await turns.get(0)] == ["two", "one"]


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        (rank_of(0), rank_of(STEP)),
        (rank_of(STEP), rank_of(5 * STEP)),
        (rank_of(10 * KIB * KIB), rank_of(0, is_doubtful=True)),
        (rank_of(0, is_doubtful=True), rank_of(STEP, is_doubtful=True)),
    ],
)
def test_small_bodies_go_before_large_ones_and_doubtful_feeds_last(smaller: int, larger: int) -> None:
    assert smaller < larger


async def test_a_small_feed_does_not_wait_for_large_and_doubtful_ones() -> None:
    done = list[str]()
    small, large = rss("<item><title>A</title></item>"), rss(f"<item><title>A</title></item>{' ' * 400 * KIB}")

    async with Workers(1) as workers:

        async def read(name: str, body: str, *, is_doubtful: bool = False) -> None:
            fetched = Fetched("https://example.com/feed", body.encode(), "")
            found = await workers.parse(fetched, fetched.url, is_doubtful=is_doubtful)
            assert isinstance(found, ParsedFeed)
            done.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(read("first", small))
            await asyncio.sleep(0)
            group.create_task(read("doubtful", small, is_doubtful=True))
            group.create_task(read("large", large))
            group.create_task(read("small", small))
    assert done == ["first", "small", "large", "doubtful"]
