"""Time that passes when nobody has anything to do: an event loop whose clock jumps to the next timer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

RESOLUTION = 1e-6
"""The loop's clock resolution. A timer is due within it; with the real clock's nanosecond, a float that has grown past
97 days steps further than that, and a loop that jumps exactly to its next timer would stall there."""

PATIENCE = 30.0
"""Real seconds that work outside the loop (a database thread) may take before a standstill counts as a fault."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs what is ready; when all wait for timers, and no thread works for us, the clock jumps to the first timer."""

    def __init__(self) -> None:
        super().__init__(_Jumping(self))
        self._seconds = 0.0
        self._clock_resolution = RESOLUTION
        self.outside = 0  # calls under way in threads, during which virtual time stands still

    def time(self) -> float:
        return self._seconds

    def jump(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds


class _Jumping(selectors.DefaultSelector):
    """A selector that turns waiting for a timer into a jump of the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if self._loop.outside or timeout is None:
            ready = super().select(PATIENCE)
            if not ready:
                raise RuntimeError("nothing moves: everybody waits for something that never comes")
            return ready
        ready = super().select(0)
        if not ready and timeout > 0:
            self._loop.jump(timeout)
        return ready


class Wall:
    """The wall clock over a virtual loop. It can be set, as people and time servers do."""

    def __init__(self, loop: VirtualLoop, start: datetime) -> None:
        self._loop = loop
        self._zero = start

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self._zero + timedelta(seconds=round(self._loop.time(), 6))

    def shift(self, by: timedelta) -> None:
        """Set the clock forward or back; timers do not notice."""
        self._zero += by


START = datetime(2026, 1, 1, tzinfo=UTC)


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own, in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
