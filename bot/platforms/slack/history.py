"""Reading a channel back for the mark of one message, within Slack's limits."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from bot.platforms.base import FindOutcome, Found, NotFound, Unreadable
from bot.platforms.slack.calls import Answered, Calls, Lost, Refused
from bot.platforms.slack.remedies import LASTING, remedy
from bot.platforms.slack.teams import Team

PAGE, MOST_PAGES = 100, 10
"""Messages a call, and calls a look.

Apps that are sold outside Slack's marketplace get 15 messages once a minute, whatever they ask for
(https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps/).
"""

_REMEMBERED = 200
_PAUSE = 60.0


@dataclass
class _Reading:
    """How far back the looks for one mark have come."""

    cursor: str = ""


class History:
    """Looks for marks. What one look could not read the next one goes on with; a restart begins anew."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._readings: OrderedDict[str, _Reading] = OrderedDict()
        self._held_until: dict[str, float] = {}

    async def find(self, team: Team, channel: str, key: str, since: datetime, thread: str | None = None) -> FindOutcome:
        """From the newest message back to `since`, in the channel or in this thread of it.

        The mark's own message is older than the first look for it. A look that reads back to another moment is for
        another attempt, and begins at the newest message again.
        """
        if asyncio.get_running_loop().time() < self._held_until.get(team.id, 0.0):
            return Unreadable("Slack lets channels be read once a minute")
        sought = f"{key} {thread or ''} {since.isoformat()}"
        reading = self._reading(sought)
        for _ in range(MOST_PAGES):
            found = await self._page(
                team, {"channel": channel} | ({"ts": thread} if thread else {}), key, since, reading
            )
            if found is not None:
                if not isinstance(found, Unreadable):
                    self._readings.pop(sought, None)
                return found
        return Unreadable("so much was written there since that it takes more looks")

    async def _page(
        self, team: Team, place: Mapping[str, str], key: str, since: datetime, reading: _Reading
    ) -> FindOutcome | None:
        """One page; None where there is more to read."""
        outcome = await self._calls.read(
            team.token,
            "conversations.replies" if "ts" in place else "conversations.history",
            **place,
            oldest=f"{since.timestamp():.6f}",
            limit=PAGE,
            include_all_metadata=1,
            **({"cursor": reading.cursor} if reading.cursor else {}),
        )
        match outcome:
            case Answered(data):
                return _sought(data, key, reading)
            case Refused("ratelimited", wait):
                seconds = wait.total_seconds() if wait else _PAUSE
                self._held_until[team.id] = asyncio.get_running_loop().time() + seconds
                return Unreadable("Slack lets channels be read once a minute")
            case Refused(code, _, scope):
                return Unreadable(f"its history cannot be read: {remedy(code, scope)[1]}", lasting=code in LASTING)
            case Lost(reason):
                return Unreadable(reason)
            case _:
                assert_never(outcome)

    def _reading(self, key: str) -> _Reading:
        reading = self._readings.setdefault(key, _Reading())
        while len(self._readings) > _REMEMBERED:
            self._readings.popitem(last=False)
        return reading


def _sought(data: Mapping[str, Any], key: str, reading: _Reading) -> FindOutcome | None:
    if found := _marked(data.get("messages") or (), key):
        return Found(found)
    cursor = (data.get("response_metadata") or {}).get("next_cursor") or ""
    if not data.get("has_more"):
        return NotFound()
    if not cursor:
        return Unreadable("Slack does not say how to read on", lasting=True)
    reading.cursor = str(cursor)
    return None


def _marked(messages: Iterable[Mapping[str, Any]], key: str) -> str | None:
    """The id of the message with this mark."""
    for message in messages:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("id") == key:
            return str(message.get("ts", ""))
    return None
