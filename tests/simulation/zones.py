"""`python -m tests.simulation.zones`: every IANA zone, 2020 to 2036, eight times of day: one digest a local date.

Zones with the same clocks in all those years are walked once. Every date is looked at in each; the days around a change
of the clocks are walked slot by slot, for elsewhere a date's slot is its time less the offset that does not change.
"""

from __future__ import annotations

import sys
import time as real_time
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from bot.digests.model import Timetable
from bot.digests.timetable import due_slot, next_slot

FIRST, LAST = date(2020, 1, 1), date(2036, 12, 31)
TIMES = tuple(
    time(hour, minute) for hour, minute in ((0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (3, 0), (8, 0), (23, 30))
)
DAYS = (LAST - FIRST).days + 1
STEP = 7


def main(share: int = 1) -> int:
    """Walk every `share`-th group of zones; 1 when a date has no slot or two."""
    began, groups = real_time.perf_counter(), defaultdict(list)
    for zone in sorted(available_timezones()):
        groups[clocks(ZoneInfo(zone))].append(zone)
    wrong: list[str] = []
    walked = list(groups.items())[::share]
    for number, ((_, changed), zones) in enumerate(walked, 1):
        for at in TIMES:
            wrong += [f"{zones[0]} {at}: {fault}" for day in changed for fault in around(zones[0], at, day)]
        if number % 25 == 0:
            print(f"{number} of {len(walked)} kinds of clocks, {len(wrong)} faults", file=sys.stderr, flush=True)
    count = sum(len(zones) for _, zones in walked)
    print(
        f"{count} zones ({len(walked)} kinds of clocks) x {DAYS} dates x {len(TIMES)} times in "
        f"{real_time.perf_counter() - began:.0f} s: {len(wrong)} faults {wrong[:5] or ''}"
    )
    return bool(wrong)


def clocks(zone: ZoneInfo) -> tuple[timedelta, tuple[date, ...]]:
    """The first offset, and the dates on which the offset at noon (UTC) is not that of the day before.

    No zone has kept a change for less than a week since 2020.
    """
    noons = [datetime(FIRST.year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(0, DAYS + STEP, STEP)]
    found = []
    for start, end in pairwise(noons):
        if start.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset():
            days = [start + timedelta(days=day) for day in range(1, STEP + 1)]
            found += [
                day.date()
                for day in days
                if day.astimezone(zone).utcoffset() != (day - timedelta(days=1)).astimezone(zone).utcoffset()
            ]
    return noons[0].astimezone(zone).utcoffset() or timedelta(), tuple(found)


def around(zone: str, at: time, day: date) -> list[str]:
    """What is wrong with the slots of the two days before and after this one."""
    timetable = Timetable(frozenset(range(7)), (at,), zone)
    slot = next_slot(timetable, datetime.combine(day - timedelta(days=3), time(12), tzinfo=UTC))
    wrong, dates = [], []
    for _ in range(5):
        dates.append(slot.local.date())
        if due_slot(timetable, slot.at - timedelta(seconds=1), slot.at) != slot:
            wrong.append(f"{slot.local} is not due at its moment")
        slot = next_slot(timetable, slot.at)
    if dates != [dates[0] + timedelta(days=number) for number in range(5)]:
        wrong.append(f"the dates around {day} are {dates}")
    return wrong


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
