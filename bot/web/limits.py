"""How much of us one publisher may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. `ratio` is how many times larger a body may get by unpacking, once it is over 1 MiB."""

    connect: float = 10.0
    total: float = 20.0
    wire: int = 5 * MIB
    decoded: int = 10 * MIB
    ratio: int = 100
    headers: int = 64 * 1024
    redirects: int = 5
