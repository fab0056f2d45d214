"""Answers that bring no deal, gathered so that many of them cost one transaction."""

from __future__ import annotations

from bot.storage.polls import Poll, PollStore

PAGE = 128
"""So many are written at once; a crash before that leaves their feeds leased, and they are asked again later."""

FULL = 100
"""With so many entries a page is full as well: making their rows ready is work that holds up everything else."""


class Ledger:
    """Keeps what was polled until there is a page of it, or somebody turns it."""

    def __init__(self, polls: PollStore) -> None:
        self._polls = polls
        self._page: list[Poll] = []
        self._entries = 0

    async def add(self, poll: Poll) -> None:
        """Remember this poll."""
        self._page.append(poll)
        self._entries += len(poll.passed_over) + len(poll.triage.judged)
        if len(self._page) >= PAGE or self._entries >= FULL:
            await self.turn()

    async def turn(self) -> None:
        """Write what was gathered."""
        page, self._page, self._entries = self._page, [], 0
        await self._polls.record_all(page)
