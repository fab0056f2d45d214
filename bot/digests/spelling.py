"""Timetables as people write and read them."""

from __future__ import annotations

import re
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.digests.model import Quiet, Timetable
from bot.errors import UserError
from bot.suggest import suggest

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAXIMUM_TIMES = 8

_WEEKDAYS = frozenset(range(5))
_WEEKEND = frozenset((5, 6))
_DAILY = frozenset(range(7))
_NAMED = {
    "daily": _DAILY,
    "everyday": _DAILY,
    "all": _DAILY,
    "weekdays": _WEEKDAYS,
    "workdays": _WEEKDAYS,
    "weekday": _WEEKDAYS,
    "workday": _WEEKDAYS,
    "workingday": _WEEKDAYS,
    "day": _DAILY,
    "weekends": _WEEKEND,
    "weekend": _WEEKEND,
}
# Abbreviations are no zones: most have two meanings, and EST and MST, which IANA lists, never change to summer time.
_ABBREVIATED = {
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "ct": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "hst": "Pacific/Honolulu",
    "bst": "Europe/London",
    "cest": "Europe/Berlin",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "sgt": "Asia/Singapore",
    "aest": "Australia/Sydney",
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def describe(timetable: Timetable) -> str:
    """The timetable in words: "weekdays at 08:00, Europe/London"."""
    times = _listed([f"{at:%H:%M}" for at in timetable.times])
    days = _days_in_words(timetable.days)
    if timetable.nth is not None:
        ordinal = next(word for word, nth in _ORDINALS.items() if nth == timetable.nth)
        one = {"weekdays": "working day", "weekends": "weekend day", "daily": "day"}.get(days, days)
        days = f"the {ordinal} {one} of each month"
    return f"{days} at {times}, {timetable.zone}"


def parse_days(text: str) -> frozenset[int]:
    """Weekdays as in "weekdays", "daily", "mon,wed" or "mon-fri", 0 is Monday; UserError says what would be right.

    A leading "first" or "last" is left to `parse_nth`.
    """
    if parse_nth(text) is not None:
        text = text.strip().partition(" ")[2] or "nothing"
    named = _NAMED.get(text.strip().casefold().replace(" ", ""))
    if named is not None:
        return named
    days: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip().casefold())):
        days |= _NAMED.get(part) or _range(part, text)
    return frozenset(days)


def parse_nth(text: str) -> int | None:
    """Which of a month's days is meant by "first monday" or "last weekday": 1 to 4, -1 for the last, None for all."""
    return _ORDINALS.get(text.strip().casefold().partition(" ")[0])


def parse_quiet(text: str) -> Quiet | None:
    """Quiet hours as in "22:00-07:00" or "10pm to 7am", None for "none"; UserError says what would be right."""
    if text.strip().casefold() in {"none", "off", "no", "-"}:
        return None
    parts = re.split(r"\s*(?:-|–|\bto\b)\s*", text.strip(), flags=re.IGNORECASE)
    if len(parts) != 2:
        raise UserError(f"“{text.strip()}” is no span of hours. Write quiet:22:00-07:00, or quiet:none.")
    start, end = map(_time, parts)
    if start == end:
        raise UserError("Quiet hours from a time to the same time leave no hour for a digest.")
    return Quiet(start, end)


def parse_times(text: str) -> tuple[time, ...]:
    """Times as in "08:00,17:30" or "8am, 5:30 pm", earliest first, none twice; UserError says what would be right."""
    parts = [part for part in re.split(r"[,;]\s*|\s+(?=\d)", text.strip()) if part]
    times = sorted({_time(part) for part in parts})
    if not times:
        raise UserError("That names no time. Write times as 08:00 or 08:00,17:30.")
    if len(times) > MAXIMUM_TIMES:
        raise UserError(f"That is {len(times)} digests a day; {MAXIMUM_TIMES} is the most.")
    return tuple(times)


def check_zone(text: str) -> str:
    """The IANA name of the zone meant, in its right spelling; UserError suggests one where there is none such."""
    wanted = text.strip().replace(" ", "_")
    if wanted.casefold() in _ABBREVIATED:
        meant = _ABBREVIATED[wanted.casefold()]
        raise UserError(
            f"“{text.strip()}” is an abbreviation, and those do not tell summer time. Did you mean {meant}?"
        )
    exact = _zones_by_spelling().get(wanted.casefold())
    if exact is not None:
        return exact
    meant_by_city = _city(wanted)
    help_ = f"Did you mean {meant_by_city}?" if meant_by_city else "Write it as Europe/London or America/New_York."
    raise UserError(f"There is no time zone “{text.strip()}”. {help_}")


@cache
def zones() -> tuple[str, ...]:
    """Every zone that can be asked for, in the order of the alphabet; abbreviations are left out."""
    names = (name for name in available_timezones() if name.casefold() not in _ABBREVIATED)
    return tuple(sorted(name for name in names if "/" in name or name in {"UTC", "GMT"}))


@cache
def _zones_by_spelling() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _city(wanted: str) -> str | None:
    """The zone whose whole name, or whose last part, is what was probably meant."""
    cities = {name.rsplit("/", 1)[-1]: name for name in reversed(zones()) if not name.startswith("Etc/")}
    city = suggest(wanted.rsplit("/", 1)[-1], cities)
    return suggest(wanted, zones()) if "/" in wanted or city is None else cities[city]


def _range(part: str, text: str) -> set[int]:
    first, dash, last = part.partition("-")
    start, end = _day(first, text), _day(last if dash else first, text)
    return {day % 7 for day in range(start, (end if end >= start else end + 7) + 1)}


def _day(word: str, text: str) -> int:
    found = next((day for day, name in enumerate(DAYS) if len(word) >= 2 and name.startswith(word.rstrip("s."))), None)
    if found is None:
        raise UserError(f"“{text.strip()}” names no days. Write daily, weekdays, weekends, mon,wed,fri or mon-thu.")
    return found


def _time(part: str) -> time:
    found = _TIME.fullmatch(part.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3].casefold() == "pm" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise UserError(f"“{part.strip()}” is no time of day. Write times as 08:00 or 08:00,17:30.")
    return time(hour, minute)


def _days_in_words(days: frozenset[int]) -> str:
    for name, named in (("daily", _DAILY), ("weekdays", _WEEKDAYS), ("weekends", _WEEKEND)):
        if days == named:
            return name
    return _listed([DAYS[day][:3].title() for day in sorted(days)])


def _listed(words: list[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
