"""`python -m tests.simulation.calendar_year [YEAR]`: a year of digests for ten channels, for a person to check.

Each channel's year is a line a month with a letter (M T W T F S S) on every date that has a digest; below stand the
days around each change of its clocks, with the local time asked for and the instant in UTC.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.model import Quiet, Slot, Timetable
from bot.digests.timetable import due_slot, next_slot

DAILY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))
CHANNELS = {
    "weekdays 08:00 in London": Timetable(WEEKDAYS, (time(8),), "Europe/London"),
    "daily 02:30 in New York (left out in spring)": Timetable(DAILY, (time(2, 30),), "America/New_York"),
    "daily 02:30 in Berlin (left out in spring, twice in autumn)": Timetable(DAILY, (time(2, 30),), "Europe/Berlin"),
    "weekdays 08:00 and 17:30 in Chicago": Timetable(WEEKDAYS, (time(8), time(17, 30)), "America/Chicago"),
    "Mondays 09:00 in Sydney": Timetable(frozenset((0,)), (time(9),), "Australia/Sydney"),
    "first Monday 08:00 in Paris": Timetable(frozenset((0,)), (time(8),), "Europe/Paris", nth=1),
    "last working day 16:00 in Denver": Timetable(WEEKDAYS, (time(16),), "America/Denver", nth=-1),
    "daily 00:00 in Cairo (no midnight on one day)": Timetable(DAILY, (time(0),), "Africa/Cairo"),
    "daily 23:00 in Madrid, quiet from 22:00 to 07:00": Timetable(
        DAILY, (time(23),), "Europe/Madrid", quiet=Quiet(time(22), time(7))
    ),
    "Tuesdays and Thursdays 08:00 in Kolkata (no clock change)": Timetable(
        frozenset((1, 3)), (time(8),), "Asia/Kolkata"
    ),
}


def main(year: int = 2026) -> None:
    """Print the year."""
    for number, (name, timetable) in enumerate(CHANNELS.items(), 1):
        slots = list(slots_of(timetable, year))
        print(f"{number}. {name}: {len(slots)} digests")
        for month in range(1, 13):
            print(f"   {datetime(year, month, 1):%b} {_month(slots, month)}")
        for change in changes(ZoneInfo(timetable.zone), year):
            print(f"   clocks change on {change:%a %d %b}:")
            for slot in slots:
                if abs(slot.at - change) < timedelta(days=2):
                    print(f"      {slot.local:%a %d %b %H:%M}  =  {slot.at:%a %d %b %H:%M} UTC")
        print()


def slots_of(timetable: Timetable, year: int) -> Iterator[Slot]:
    """The slots of a year as the bot meets them: each is due at its moment, and only once."""
    slot = next_slot(timetable, datetime(year - 1, 12, 31, tzinfo=UTC) - timedelta(days=1))
    while slot.local.year <= year:
        assert due_slot(timetable, slot.at - timedelta(seconds=1), slot.at) == slot
        assert due_slot(timetable, slot.at, slot.at + timedelta(minutes=1)) is None
        if slot.local.year == year:
            yield slot
        slot = next_slot(timetable, slot.at)


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The noons, in UTC, of the days on which the zone's offset changes in this year."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    return [
        noon
        for noon in noons
        if noon.astimezone(zone).utcoffset() != (noon - timedelta(days=1)).astimezone(zone).utcoffset()
    ]


def _month(slots: list[Slot], month: int) -> str:
    days = {slot.local.day: "MTWTFSS"[slot.local.weekday()] for slot in slots if slot.local.month == month}
    return " ".join(days.get(day, "·") for day in range(1, 32))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
