"""How many commands one person and one workspace may give: what a chat lets through before it looks anything up.

A person who types never meets these limits; a script that gives a thousand commands a minute meets them at once, and
takes nothing from other workspaces. Kept in memory, so a restart forgives.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from bot.platforms.pace import PLACES, Bucket, Rate

PERSON, WORKSPACE = Rate(0.5, burst=20), Rate(10.0, burst=100)
"""Twenty commands at once and thirty a minute for a person; a hundred at once and six hundred a minute for all."""


class Turnstile:
    """`seconds` tells the time of any clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float], person: Rate = PERSON, workspace: Rate = WORKSPACE) -> None:
        self._seconds = seconds
        self._person, self._workspace = person, workspace
        self._buckets: OrderedDict[tuple[str, ...], Bucket] = OrderedDict()

    def refusal(self, workspace: str, user: str) -> str | None:
        """None, and the command counts; or a sentence for the asker, and it does not."""
        now = self._seconds()
        person = self._bucket((workspace, user), self._person)
        everybody = self._bucket((workspace,), self._workspace)
        wait = max(person.wait(now), everybody.wait(now))
        if wait > 0:
            whose = "you ask" if person.wait(now) > 0 else "this workspace asks"
            return f"That is more than can be answered: {whose} too fast. Please try again in {_told(wait)}."
        person.reserve(now)
        everybody.reserve(now)
        return None

    def _bucket(self, key: tuple[str, ...], rate: Rate) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate)
        self._buckets.move_to_end(key)
        while len(self._buckets) > PLACES:
            self._buckets.popitem(last=False)
        return self._buckets[key]


def _told(seconds: float) -> str:
    whole = max(1, ceil(seconds))
    return f"{whole} second{'' if whole == 1 else 's'}"
