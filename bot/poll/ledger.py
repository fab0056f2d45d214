"""Answers that bring no deal, gathered so that many of them cost one transaction."""

from __future__ import annotations

from bot.storage.polls import Poll, PollStore

PAGE = 64
"""So many are written at once; a crash before that leaves their feeds leased, and they are asked again later."""


class Ledger:
    """Keeps what was polled until there is a page of it, or somebody turns it."""

    def __init__(self, polls: PollStore) -> None:
        self._polls = polls
        self._page: list[Poll] = []

    async def add(self, poll: Poll) -> None:
        """Remember this poll."""
        self._page.append(poll)
        if len(self._page) >= PAGE:
            await self.turn()

    async def turn(self) -> None:
        """Write what was gathered."""
        page, self._page = self._page, []
        await self._polls.record_all(page)
