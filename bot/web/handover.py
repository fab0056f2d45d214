"""Answers that somebody has just been given, for whoever asks for the same next."""

from __future__ import annotations

from collections import OrderedDict

from bot.feeds.answer import Fetched

MOST = 16
LARGEST = 1024 * 1024
FRESH = 600.0
"""Seconds."""


class Handover:
    """A few answers, each handed out once: the search for a feed fetches it, and its first poll need not again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Fetched]] = OrderedDict()

    def keep(self, url: str, answer: Fetched, now: float) -> None:
        """Keep the answer, where there is room for it."""
        if len(answer.body) <= LARGEST:
            self._kept[url] = (now, answer)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def take(self, url: str, now: float) -> Fetched | None:
        """The answer for this address, if it is fresh; it is gone then."""
        at, answer = self._kept.pop(url, (now, None))
        return answer if now - at <= FRESH else None
