"""How often one person may ask for something that costs others."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

REMEMBERED = 1_000
"""People whose last requests are remembered; beyond that, those who asked longest ago are forgotten."""


class Pace:
    """Allows each asker at most `most` times in `span`; kept in memory, so a restart forgives."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._asked: OrderedDict[str, list[datetime]] = OrderedDict()

    def wait(self, asker: str, now: datetime) -> timedelta | None:
        """None and it counts; or how long until the asker may ask again."""
        recent = [at for at in self._asked.get(asker, []) if now - at < self._span]
        if len(recent) >= self._most:
            return recent[0] + self._span - now
        self._asked[asker] = [*recent, now]
        self._asked.move_to_end(asker)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return None
