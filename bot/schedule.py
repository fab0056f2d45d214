"""The ticks (the only owner of APScheduler). It says "look now" and holds no truth: that stands in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to look after every so often. A tick that is still running is never started a second time."""

    name: str
    every: timedelta
    look: Callable[[], Awaitable[object]]


class Schedule:
    """Runs ticks on the running event loop until stopped."""

    def __init__(self, ticks: Iterable[Tick], now: datetime) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for tick in ticks:
            self._scheduler.add_job(
                tick.look,
                IntervalTrigger(seconds=tick.every.total_seconds(), timezone=UTC),
                name=tick.name,
                next_run_time=now,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )

    def start(self) -> None:
        """Begin, each tick at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no further tick."""
        self._scheduler.shutdown(wait=False)
