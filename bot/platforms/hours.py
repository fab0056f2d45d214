"""What time it is at a platform: read off its answers, so that our own clock may be wrong or be set."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class Hours:
    """One platform's clock. Between two answers it goes on with the loop's own, which nobody sets."""

    def __init__(self) -> None:
        self._told: tuple[datetime, float] | None = None

    def heard(self, date: str | None) -> None:
        """The `Date` header of an answer (RFC 9110, section 6.6.1); one that cannot be read tells nothing."""
        try:
            told = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if told.tzinfo is not None:
            self._told = told.astimezone(UTC), asyncio.get_running_loop().time()

    def now(self) -> datetime | None:
        """The platform's time, to about a second; None before it told any."""
        if self._told is None:
            return None
        told, at = self._told
        return told + timedelta(seconds=asyncio.get_running_loop().time() - at)
