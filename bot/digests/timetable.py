"""When a channel wants its digest: one slot for each local date and time, whatever the clocks do.

A time that a clock change leaves out moves forward to the first instant after the gap; a time that happens twice takes
the first. A date that a zone never had (Apia, 30 December 2011) has no slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.model import Slot, Timetable

HORIZON = 16
"""Days within which any timetable has a slot: a weekly one, twice over, should one date not exist."""

_DAY = timedelta(days=1)


def due_slot(timetable: Timetable, after: datetime, now: datetime) -> Slot | None:
    """The latest slot with `after` < at <= `now`, both aware; None where none has come."""
    zone = ZoneInfo(timetable.zone)
    newest = now.astimezone(zone).date() + _DAY
    slots = (slot for back in range(HORIZON + 2) for slot in reversed(_slots_of(timetable, zone, newest - back * _DAY)))
    latest = next((slot for slot in slots if slot.at <= now), None)
    return latest if latest and latest.at > after else None


def next_slot(timetable: Timetable, after: datetime) -> Slot:
    """The first slot after `after` (aware). ValueError where the timetable names no day or no time."""
    slot = next((slot for slot in _slots_from(timetable, after) if slot.at > after), None)
    if slot is None:
        raise ValueError("this timetable has no slot: it names no day or no time")
    return slot


def _slots_from(timetable: Timetable, after: datetime) -> Iterator[Slot]:
    zone = ZoneInfo(timetable.zone)
    oldest = after.astimezone(zone).date() - _DAY
    for forward in range(HORIZON + 2):
        yield from _slots_of(timetable, zone, oldest + forward * _DAY)


def _slots_of(timetable: Timetable, zone: ZoneInfo, day: date) -> tuple[Slot, ...]:
    """The slots of one local date, earliest first; none where the date does not exist."""
    if day.weekday() not in timetable.days or not _exists(day, zone):
        return ()
    return tuple(Slot(local, _instant(local, zone)) for local in (datetime.combine(day, at) for at in timetable.times))


def _exists(day: date, zone: ZoneInfo) -> bool:
    return _instant(datetime.combine(day, time()), zone).astimezone(zone).date() == day


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which the zone's clocks first show `local`, or first show a later time."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap, fold=0 reads `local` with the offset before the change and fold=1 with the one after it (PEP 495), so
    # the change itself lies between the two.
    return _change(local.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second in (before, after] that has the offset of `after`."""
    offset = after.astimezone(zone).utcoffset()
    early, late = 0, int((after - before).total_seconds())
    while late - early > 1:
        middle = (early + late) // 2
        changed = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset
        early, late = (early, middle) if changed else (middle, late)
    return before + timedelta(seconds=late)
