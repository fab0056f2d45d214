"""When a deal is to begin. A month or season without a year is resolved against the day of publication."""

from __future__ import annotations

import re
from datetime import datetime

from bot.deals.facts.wording import Stated

_NAMES = "january february march april may june july august september october november december"
_MONTHS = _NAMES.split()
_SHORT = {month[:3]: number for number, month in enumerate(_MONTHS, start=1)}
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
_PART = (
    r"(?:(?:the\s+)?(?:first|second|third|fourth)\s+(?:quarter|half)|q[1-4]|h[12]"
    r"|(?:the\s+)?(?:early|mid|late|spring|summer|autumn|fall|winter))"
)
_DATE = (
    rf"(?:(?P<month>{_MONTH})(?:\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<year>20\d\d))?"
    rf"|(?P<part>{_PART})(?:\s+of)?[\s-]+(?P<part_year>20\d\d|next year|this year)"
    r"|(?P<only_year>20\d\d)"
    r"|(?P<relative>(?:early |late )?next (?:month|year)|later this year))"
)
_BEGINS = re.compile(
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|commenc(?:es|ing)|effective(?: as of)?|tak(?:es|e|ing) effect"
    r"|go(?:es|ing)? live|kick(?:s|ing)? off|roll(?:s|ing)? out|(?:will|to) launch|launching)"
    rf"(?:\s+[\w-]+){{0,3}}?\s+(?:(?:in|on|from|as of|by|with|around)\s+)?{_DATE}\b",
    re.I,
)


def find_start(words: str, published: datetime | None) -> Stated | None:
    """The beginning that one sentence about a deal states, e.g. "January 2020", "1 July 2024", "2026"."""
    for match in _BEGINS.finditer(words):
        value = _value(match, published)
        if value and not _is_past(value, published):
            return Stated(value, match.start(), match.end())
    return None


def _value(match: re.Match[str], published: datetime | None) -> str | None:
    if match["month"]:
        return _month(match, published)
    if match["part"]:
        year = _year(match["part_year"], published)
        return year and f"{match['part'].removeprefix('the ')} {year}"
    if match["relative"]:
        return _relative(match["relative"].lower(), published)
    return match["only_year"]


def _month(match: re.Match[str], published: datetime | None) -> str:
    """The first such month that is not over when the text is published."""
    name = match["month"].rstrip(".").lower()
    number = _SHORT[name[:3]]
    year = match["year"]
    if year is None and published:
        year = str(published.year + (number < published.month))
    day = f"{int(match['day'])} " if match["day"] else ""
    return f"{day}{_MONTHS[number - 1].capitalize()}" + (f" {year}" if year else "")


def _relative(words: str, published: datetime | None) -> str | None:
    """What "next month" and its like come to; nothing where the day of publication is unknown."""
    if published is None:
        return None
    if words.endswith("next month"):
        return f"{_MONTHS[published.month % 12].capitalize()} {published.year + (published.month == 12)}"
    if words.endswith("next year"):
        return f"{words.removesuffix('next year')}{published.year + 1}"
    return f"late {published.year}"


def _year(words: str, published: datetime | None) -> str | None:
    if words.isdigit():
        return words
    if published is None:
        return None
    return str(published.year + (words.lower() == "next year"))


def _is_past(value: str, published: datetime | None) -> bool:
    year = re.search(r"20\d\d", value)
    return bool(year and published and int(year.group()) < published.year)
