"""How much of us one publisher may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. `ratio` is how many times larger a body may get by unpacking, once it is over 1 MiB.

    A request that takes longer than `patience` makes room for others; `slow` of such may be under way. What bodies
    under way have over 1 MiB each may be `room` for all together.
    """

    connect: float = 10.0
    total: float = 20.0
    wire: int = 5 * MIB
    decoded: int = 10 * MIB
    ratio: int = 100
    headers: int = 64 * 1024
    redirects: int = 5
    patience: float = 0.5
    slow: int = 112
    room: int = 64 * MIB
