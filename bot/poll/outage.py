"""Whether it is we who reach nobody: then no feed has failed, and one notice is enough."""

from __future__ import annotations

from datetime import datetime

from bot.storage.outages import OutageStore

SEVERAL = 3
"""Where so many publishers in a row cannot be reached, and nobody answers in between, it is hardly their fault."""


class Outage:
    """Counts the publishers that no connection could be made to since somebody answered last."""

    def __init__(self, store: OutageStore) -> None:
        self._store = store
        self._silent = set[str]()
        self._is_kept = False

    async def recall(self) -> None:
        """To be called once: an outage may be older than this process."""
        self._is_kept = await self._store.since() is not None

    async def heard(self, now: datetime) -> None:
        """A publisher's machine answered, whatever it said."""
        self._silent.clear()
        if self._is_kept:
            self._is_kept = False
            await self._store.is_over(now)

    async def unreached(self, publisher: str, now: datetime) -> bool:
        """Nothing of this publisher's answered: whether that is our own network's fault, as far as anybody can tell."""
        if not self._is_kept:
            self._silent.add(publisher)
            if len(self._silent) < SEVERAL:
                return False
        self._is_kept = True
        await self._store.goes_on(now)
        return True
