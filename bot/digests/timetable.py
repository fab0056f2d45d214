"""When a channel wants its digest: one slot for each local date and time, whatever the clocks do.

A time that a clock change leaves out moves forward to the first instant after the gap; a time that happens twice takes
the first. A date that a zone never had (Apia, 30 December 2011) has no slot. A time within the quiet hours moves to
their end.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.model import Quiet, Slot, Timetable

HORIZON, MONTHLY = 16, 100
"""Days within which any timetable has a slot: a weekly or a monthly one, twice over, should one date not exist."""

_DAY = timedelta(days=1)


def due_slot(timetable: Timetable, after: datetime, now: datetime) -> Slot | None:
    """The latest slot with `after` < at <= `now`, both aware; None where none has come."""
    zone = ZoneInfo(timetable.zone)
    newest = now.astimezone(zone).date() + _DAY
    slots = (slot for back in _reach(timetable) for slot in reversed(_slots_of(timetable, zone, newest - back * _DAY)))
    latest = next((slot for slot in slots if slot.at <= now), None)
    return latest if latest and latest.at > after else None


def next_slot(timetable: Timetable, after: datetime) -> Slot:
    """The first slot after `after` (aware). ValueError where the timetable names no day or no time."""
    slot = next((slot for slot in _slots_from(timetable, after) if slot.at > after), None)
    if slot is None:
        raise ValueError("this timetable has no slot: it names no day or no time")
    return slot


def is_quiet(timetable: Timetable, now: datetime) -> bool:
    """Whether `now` (aware) lies in the quiet hours."""
    return timetable.quiet is not None and _is_within(timetable.quiet, now.astimezone(ZoneInfo(timetable.zone)).time())


def after_quiet(timetable: Timetable, at: datetime) -> datetime:
    """`at` (aware), or the end of the quiet hours that it lies in; in UTC."""
    quiet, zone = timetable.quiet, ZoneInfo(timetable.zone)
    local = at.astimezone(zone).replace(tzinfo=None)
    if quiet is None or not _is_within(quiet, local.time()):
        return at.astimezone(UTC)
    end = datetime.combine(local.date(), quiet.end)
    # In the hour that a clock change repeats, the end may lie in its first pass and `at` in its second.
    return max(_instant(end if end > local else end + _DAY, zone), at.astimezone(UTC))


def _is_within(quiet: Quiet, at: time) -> bool:
    if quiet.start < quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def _reach(timetable: Timetable) -> range:
    return range((HORIZON if timetable.nth is None else MONTHLY) + 3)


def _slots_from(timetable: Timetable, after: datetime) -> Iterator[Slot]:
    zone = ZoneInfo(timetable.zone)
    oldest = after.astimezone(zone).date() - 2 * _DAY
    for forward in _reach(timetable):
        yield from _slots_of(timetable, zone, oldest + forward * _DAY)


def _slots_of(timetable: Timetable, zone: ZoneInfo, day: date) -> tuple[Slot, ...]:
    """The slots of one local date, earliest first; none where the date does not exist."""
    if not _has_day(timetable, day) or not _exists(day, zone):
        return ()
    shown = [datetime.combine(day, at) for at in timetable.times]
    return tuple(Slot(local, after_quiet(timetable, _instant(local, zone))) for local in shown)


def _has_day(timetable: Timetable, day: date) -> bool:
    if day.weekday() not in timetable.days:
        return False
    if timetable.nth is None:
        return True
    _, length = monthrange(day.year, day.month)
    month = (day.replace(day=number) for number in range(1, length + 1))
    days = [each for each in month if each.weekday() in timetable.days]
    return days[timetable.nth - 1 if timetable.nth > 0 else timetable.nth] == day


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
