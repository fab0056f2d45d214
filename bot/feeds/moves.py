"""When a feed that says it has moved is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SIGHTINGS = 3
PATIENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """Where redirects for good have led lately: how often in a row, and since when."""

    to: str
    since: datetime
    seen: int = 1


def sighted(before: Move | None, moved: str | None, now: datetime) -> Move | None:
    """What is known after a good answer that came from `moved` (None: from the feed's own address)."""
    if moved is None:
        return None
    if before is None or before.to != moved:
        return Move(moved, now)
    return Move(moved, before.since, before.seen + 1)


def is_settled(move: Move | None, now: datetime) -> bool:
    """Whether it was seen often enough over a time long enough; a parked or stolen name rarely lasts that long."""
    return move is not None and move.seen >= SIGHTINGS and now - move.since >= PATIENCE
