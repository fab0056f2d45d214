"""What a feed says about how often it wants to be asked: ttl, skipHours, skipDays (RSS 2.0), sy: (RSS 1.0 module)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from bot.feeds.dates import read_date
from bot.feeds.model import Hub, Rhythm

_HEAD = 50_000
_SKIPPED = {
    name: re.compile(rf"<{name}\b[^>]*>(.{{0,2000}}?)</{name}>", re.DOTALL | re.IGNORECASE)
    for name in ("skipHours", "skipDays")
}
_HOUR = re.compile(r"<hour\b[^>]*>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day\b[^>]*>\s*(mon|tues|wednes|thurs|fri|satur|sun)day\s*</day>", re.IGNORECASE)
_DAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}


def read_rhythm(feed: Any, text: str, hub: Hub | None = None) -> Rhythm:
    """The wishes of feedparser's `feed`, whose body is `text`. All 24 hours or 7 days skipped count as none."""
    ttl = timedelta(minutes=_number(feed.get("ttl")))
    period = _period(feed)
    hours = frozenset(int(hour) % 24 for hour in _HOUR.findall(_skipped(text, "skipHours")) if int(hour) <= 24)
    days = frozenset(_DAYS.index(day.lower()) for day in _DAY.findall(_skipped(text, "skipDays")))
    return Rhythm(
        wish=max(ttl, period) or None,
        quiet_hours=hours if len(hours) < 24 else frozenset(),
        quiet_days=days if len(days) < 7 else frozenset(),
        base=_base(feed) if period > ttl else None,
        hub=hub,
    )


def _period(feed: Any) -> timedelta:
    hours = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0)
    return timedelta(hours=hours) / max(_number(feed.get("sy_updatefrequency")), 1)


def _base(feed: Any) -> datetime | None:
    return read_date(str(feed.get("sy_updatebase") or "").strip())


def _skipped(text: str, name: str) -> str:
    block = _SKIPPED[name].search(text, 0, _HEAD)
    return block[1] if block else ""


def _number(text: str | None) -> int:
    stripped = (text or "").strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 6 else 0
