"""Instants as people write and read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from bot.errors import UserError

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30)}
_LONGEST = timedelta(days=36_500)
_AGE = re.compile(r"(\d{1,6})\s*(h|d|w|m)(?:ours?|ays?|eeks?|onths?)?", re.IGNORECASE)


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A time near `now` that cannot be mistaken: "Mon 08:00" within six days, else "10 Nov 08:00", or with its year."""
    local = at.astimezone(zone)
    if abs(now - at) < timedelta(days=6, hours=12):
        return f"{local:%a %H:%M}"
    year = "" if abs(now - at) < timedelta(days=300) else f" {local.year}"
    return f"{day_month(local)}{year} {local:%H:%M}"


def day(at: datetime) -> str:
    """A date: "10 Sep 2019"."""
    return f"{at.day} {at:%b %Y}"


def day_month(at: datetime) -> str:
    """A date of this year: "10 Sep"."""
    return f"{at.day} {at:%b}"


def ago(at: datetime, now: datetime) -> str:
    """How long ago it was, roughly: "just now", "5 min ago", "3 h ago", "12 days ago"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def parse_since(text: str, now: datetime) -> datetime:
    """The beginning of "30d" (h, d, w, m for months), or of a date such as 2026-09-01; UserError says what is right."""
    if found := _AGE.fullmatch(text.strip()):
        return now - min(int(found[1]) * _UNITS[found[2].lower()], _LONGEST)
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserError(
            f"“{text}” is no time to look back to. Write since:30d, since:6w or since:2026-09-01."
        ) from None
