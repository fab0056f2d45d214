"""A platform's own time, read off its answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.platforms.hours import Hours
from tests.simulation.clock import run_virtually

TOLD = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_platforms_time_goes_on_from_what_it_told_last() -> None:
    async def read() -> datetime | None:
        hours = Hours()
        assert hours.now() is None
        hours.heard("Mon, 23 Nov 2026 08:00:00 GMT")
        await asyncio.sleep(90)
        return hours.now()

    assert run_virtually(read()) == TOLD + timedelta(seconds=90)


def test_a_date_that_cannot_be_read_leaves_what_was_known() -> None:
    async def read() -> datetime | None:
        hours = Hours()
        hours.heard("Mon, 23 Nov 2026 08:00:00 GMT")
        for nonsense in (None, "", "yesterday", "Mon, 99 Nov 2026 08:00:00 GMT"):
            hours.heard(nonsense)
        return hours.now()

    assert run_virtually(read()) == TOLD
