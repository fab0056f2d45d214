"""One request at a time for each publisher, and a pause before the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_SWEEP_FROM = 256


@dataclass(slots=True)
class _Gate:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    closed_until: float = 0.0

    def is_kept(self, now: float) -> bool:
        return self.free_at > now or self.closed_until > now


class Gates:
    """Hands out turns. `pause` is the least time in seconds from the end of one turn to the start of the next."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._gates: dict[str, _Gate] = {}
        self._sweep_at = _SWEEP_FROM

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Waits for this name's turn, in order of asking, and holds it."""
        gate = self._gates.setdefault(name, _Gate())
        gate.users += 1
        clock = asyncio.get_running_loop().time
        try:
            async with gate.lock:
                if (wait := gate.free_at - clock()) > 0:
                    await asyncio.sleep(wait)
                try:
                    yield
                finally:
                    gate.free_at = clock() + self._pause
        finally:
            gate.users -= 1
            self._sweep(clock())

    def close(self, name: str, seconds: float) -> None:
        """Nobody should be given this name's turn for so long."""
        gate = self._gates.setdefault(name, _Gate())
        gate.closed_until = max(gate.closed_until, asyncio.get_running_loop().time() + seconds)

    def closed_for(self, name: str) -> float:
        """For how many more seconds this name is closed; 0 where it is open."""
        gate = self._gates.get(name)
        return max(gate.closed_until - asyncio.get_running_loop().time(), 0.0) if gate else 0.0

    def _sweep(self, now: float) -> None:
        """Forgets gates that nobody uses, now and then, so that a year of hosts does not pile up."""
        if len(self._gates) < self._sweep_at:
            return
        self._gates = {name: gate for name, gate in self._gates.items() if gate.users or gate.is_kept(now)}
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._gates))
