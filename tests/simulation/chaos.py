"""What goes wrong, drawn from a seed: first how often each thing does, then when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from random import Random
from sqlite3 import OperationalError
from typing import Any

LINE_FAULTS = ("slow line",)
POST_FAULTS = ("dropped", "accepted and dropped", "accepted late", "busy", "refused", "too long", "exception")
FIND_FAULTS = ("unreadable", "slow", "exception")
FETCH_FAULTS = ("server error", "overloaded", "slow fetch", "timeout")
DISK_FAULTS = {"disk full": 13, "disk locked": 5, "disk error": 10}


class Crash(BaseException):
    """The process is dead. Nobody catches this."""


@dataclass
class Chaos:
    """The rates of one seed (swarm testing: some seeds are calm and some are brutal), its dice and its record."""

    seed: int
    is_on: bool = True
    is_dead: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.rates = {name: self._rate(0.06) for name in (*LINE_FAULTS, *POST_FAULTS, *FIND_FAULTS, *FETCH_FAULTS)}
        self.rates |= {name: self._rate(0.003) for name in DISK_FAULTS}
        self.crash = self._rate(0.0005)
        self.jumps = self.dice.random() < 0.3
        self.leaps = self.dice.random() < 0.15
        self._trace = blake2b(digest_size=12)

    def _rate(self, most: float) -> float:
        """Never for a third of all kinds, else anything up to `most`, small rates as likely as great ones."""
        return 0.0 if self.dice.random() < 0.33 else most * self.dice.random() ** 2

    def note(self, *what: object) -> None:
        """One line of the trace."""
        self._trace.update(repr(what).encode())

    def trace(self) -> str:
        """The hash of all that was noted."""
        return self._trace.hexdigest()

    def draw(self, kinds: tuple[str, ...]) -> str | None:
        """Which of these goes wrong now, None for none."""
        for kind in kinds:
            if self.is_on and self.dice.random() < self.rates[kind]:
                self.counts[kind] += 1
                self.note(kind)
                return kind
        return None

    @property
    def troubles(self) -> int:
        """How often the machine has died, or its disk has failed."""
        return sum(self.counts[name] for name in ("crash", *DISK_FAULTS))

    def step(self) -> None:
        """A moment at which the machine may die; a dead one goes no further."""
        if self.is_dead:
            raise Crash
        if self.is_on and self.dice.random() < self.crash:
            self.counts["crash"] += 1
            self.note("crash")
            self.is_dead = True
            raise Crash

    def disk(self, name: str, call: Callable[[], Any]) -> Any:
        """One call of the database's driver, before and after which the machine may die; the disk may fail before."""
        if name not in {"execute", "executemany", "commit"}:
            return call()
        self.step()
        fault = self.draw(tuple(DISK_FAULTS))
        if fault:
            error = OperationalError(f"simulated: {fault}")
            error.sqlite_errorcode = DISK_FAULTS[fault]
            raise error
        result = call()
        self.step()
        return result
