"""Limits and breakers, in a time that does not pass by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.pace import PATIENCE, Breaker, Bucket, Pace, Rate
from tests.simulation.clock import run_virtually


@given(st.lists(st.floats(0, 5), min_size=2, max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_its_rate_and_burst(pauses: list[float], burst: int) -> None:
    bucket, now, went = Bucket(Rate(2, burst)), 0.0, []
    for pause in pauses:
        now += pause
        went.append(now + bucket.reserve(now))
    assert went == sorted(went)
    for start in went:
        assert sum(start <= each < start + 9.999 for each in went) <= 20 + burst


def test_whoever_is_held_back_comes_after_it() -> None:
    bucket = Bucket(Rate(1, 3))
    bucket.hold(100)
    assert [bucket.reserve(50) for _ in range(3)] == [50, 51, 52]


def test_the_breaker_opens_long_before_a_ban_and_closes_when_the_span_has_passed() -> None:
    breaker = Breaker(most=3, span=600)
    for at in (0, 10, 20):
        assert breaker.wait(at) == 0
        breaker.count(403, at)
    assert breaker.wait(20) == 580
    assert breaker.wait(600) == 0


def test_good_answers_are_not_counted() -> None:
    breaker = Breaker(most=1)
    for status in (200, 204, 404, 500):
        breaker.count(status, 0)
    assert breaker.wait(0) == 0


def test_one_refused_token_stops_everything_until_it_is_mended() -> None:
    breaker = Breaker()
    breaker.count(401, 0)
    assert breaker.wait(1e9) == 600
    breaker.mend()
    assert breaker.wait(1e9) == 0


def test_a_thousand_places_go_at_the_overall_rate_and_one_held_place_delays_nobody() -> None:
    async def all_of_them() -> tuple[list[float], list[timedelta | None]]:
        pace, went = Pace(Rate(25, 1), Rate(1)), []
        pace.heard(429, place="0", retry_after=timedelta(seconds=3000))

        async def one(place: str) -> timedelta | None:
            sent_away = await pace.turn(place)
            went.append(asyncio.get_running_loop().time())
            return sent_away

        return went, list(await asyncio.gather(*(one(str(number)) for number in range(1000))))

    went, answers = run_virtually(all_of_them())
    assert answers[0] == timedelta(seconds=3000)
    assert set(answers[1:]) == {None}
    assert max(went) - min(went) == pytest.approx(998 / 25, abs=0.1)


def test_a_wait_for_everybody_holds_also_those_who_wait_already() -> None:
    async def held() -> list[float]:
        pace, went = Pace(Rate(10), Rate(10)), []

        async def one(place: str) -> None:
            assert await pace.turn(place) is None
            went.append(asyncio.get_running_loop().time())

        waiting = [asyncio.ensure_future(one(str(number))) for number in range(5)]
        await asyncio.sleep(0.15)
        pace.heard(429, retry_after=timedelta(seconds=30))
        await asyncio.gather(*waiting)
        return went

    went = run_virtually(held())
    assert sum(at < 1 for at in went) == 2
    assert all(at >= 30.15 for at in went[2:])
    assert all(later - earlier > 0.09 for earlier, later in pairwise(went[2:]))


def test_a_wait_beyond_patience_sends_everybody_away_at_once() -> None:
    async def sent_away() -> timedelta | None:
        pace = Pace(Rate(10), Rate(10))
        pace.heard(429, retry_after=timedelta(seconds=PATIENCE + 1))
        return await pace.turn("a")

    assert run_virtually(sent_away()) == timedelta(seconds=PATIENCE + 1)


def test_a_storm_of_refusals_over_a_thousand_channels_stays_below_the_ban() -> None:
    async def storm() -> int:
        pace, asked = Pace(Rate(25, 5), Rate(5, 5)), 0

        async def one(place: str) -> None:
            nonlocal asked
            if await pace.turn(place) is None:
                asked += 1
                await asyncio.sleep(0.3)
                pace.heard(403, place=place)

        await asyncio.gather(*(one(str(number % 1000)) for number in range(3000)))
        return asked

    assert run_virtually(storm()) <= 1000
