"""One slot for each local date and time, in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.model import Quiet, Slot, Timetable
from bot.digests.timetable import after_quiet, due_slot, is_quiet, next_slot

DAILY = frozenset(range(7))
ZONES = sorted(available_timezones())
TIMES = tuple(
    time(hour, minute) for hour, minute in ((0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (3, 0), (8, 0), (23, 30))
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def daily(zone: str, *times: time) -> Timetable:
    return Timetable(DAILY, times or (time(8),), zone)


@pytest.mark.parametrize(
    ("zone", "shown", "at"),
    [
        ("Europe/London", "2026-11-24 08:00", "2026-11-24 08:00"),
        ("Europe/London", "2026-07-01 08:00", "2026-07-01 07:00"),
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:00"),  # a gap moves to its end
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),  # a fold takes the first
        ("America/New_York", "2026-03-08 02:00", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01 01:15", "2026-11-01 05:15"),
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),  # no midnight that day
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour
        ("America/Nuuk", "2026-03-28 23:30", "2026-03-29 01:00"),  # a gap that ends on the next date
        ("Asia/Kathmandu", "2026-01-05 08:00", "2026-01-05 02:15"),
    ],
)
def test_a_slot_is_the_first_instant_at_which_the_clocks_show_its_time_or_a_later_one(
    zone: str, shown: str, at: str
) -> None:
    wanted = local(shown)
    slot = next_slot(daily(zone, wanted.time()), utc(at) - timedelta(seconds=1))
    assert slot == Slot(wanted, utc(at))


def test_the_latest_of_several_missed_slots_is_due() -> None:
    slot = due_slot(daily("UTC"), utc("2026-11-01 00:00"), utc("2026-11-24 09:00"))
    assert slot == Slot(local("2026-11-24 08:00"), utc("2026-11-24 08:00"))


@pytest.mark.parametrize(
    ("after", "now", "due"),
    [
        ("2026-11-23 08:00", "2026-11-24 07:59:59", False),
        ("2026-11-23 08:00", "2026-11-24 08:00:00", True),
        ("2026-11-24 08:00", "2026-11-24 08:00:01", False),
        ("2026-11-24 09:00", "2026-11-24 08:30:00", False),  # a clock that went backwards
    ],
)
def test_a_slot_is_due_from_its_moment_on_and_only_once(after: str, now: str, due: bool) -> None:
    assert (due_slot(daily("UTC"), utc(after), utc(now)) is not None) is due


def test_only_the_weekdays_asked_for_have_slots() -> None:
    timetable = Timetable(frozenset((0, 3)), (time(8),), "UTC")
    first = next_slot(timetable, utc("2026-11-24 09:00"))  # a Tuesday
    assert [first.local.weekday(), next_slot(timetable, first.at).local.weekday()] == [3, 0]


def test_two_times_in_one_gap_make_one_digest() -> None:
    timetable = daily("Europe/London", time(1, 15), time(1, 45))
    slot = due_slot(timetable, utc("2026-03-28 12:00"), utc("2026-03-29 12:00"))
    assert slot == Slot(local("2026-03-29 01:45"), utc("2026-03-29 01:00"))
    assert due_slot(timetable, slot.at, utc("2026-03-29 12:00")) is None


def test_a_date_that_a_zone_never_had_has_no_slot() -> None:
    slot = next_slot(daily("Pacific/Apia"), utc("2011-12-29 19:00"))  # 09:00 on the 29th
    assert slot.local == local("2011-12-31 08:00")


def test_a_weekly_slot_is_found_even_when_its_date_does_not_exist() -> None:
    fridays = Timetable(frozenset((4,)), (time(8),), "Pacific/Apia")
    assert next_slot(fridays, utc("2011-12-23 20:00")).local == local("2012-01-06 08:00")
    due = due_slot(fridays, utc("2011-01-01 00:00"), utc("2012-01-05 00:00"))
    assert due is not None
    assert due.local == local("2011-12-23 08:00")


def test_a_timetable_without_days_has_no_slot() -> None:
    empty = Timetable(frozenset(), (time(8),), "UTC")
    assert due_slot(empty, utc("2026-01-01 00:00"), utc("2026-11-24 00:00")) is None
    with pytest.raises(ValueError, match="no slot"):
        next_slot(empty, utc("2026-01-01 00:00"))


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=st.sampled_from(TIMES),
    day=st.dates(date(2021, 1, 1), date(2036, 12, 1)),
)
def test_every_local_date_gets_exactly_one_slot_in_every_zone(zone: str, at: time, day: date) -> None:
    timetable = daily(zone, at)
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    slot, dates = next_slot(timetable, midnight - timedelta(days=1)), []
    for _ in range(6):
        dates.append(slot.local.date())
        assert due_slot(timetable, slot.at - timedelta(seconds=1), slot.at) == slot
        slot = next_slot(timetable, slot.at)
    assert dates == [dates[0] + timedelta(days=number) for number in range(6)]


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(ZONES), year=st.integers(2021, 2036), at=st.sampled_from(TIMES))
def test_around_every_clock_change_the_clocks_show_the_slot_time_or_jumped_over_it(
    zone: str, year: int, at: time
) -> None:
    for change in _changes(ZoneInfo(zone), year):
        slot = next_slot(daily(zone, at), change - timedelta(hours=26))
        while slot.at < change + timedelta(hours=26):
            shown = slot.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            before = (slot.at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert shown == slot.local or before < slot.local < shown
            slot = next_slot(daily(zone, at), slot.at)


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The noons, in UTC, of the days on which the zone's offset changes in this year."""
    days = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(365)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [day for day, old, new in zip(days[1:], offsets, offsets[1:], strict=False) if old != new]


@pytest.mark.parametrize(
    ("days", "nth", "dates"),
    [
        ((0,), 1, ["2026-01-05", "2026-02-02", "2026-03-02"]),
        ((0,), -1, ["2026-01-26", "2026-02-23", "2026-03-30"]),
        (range(5), 1, ["2026-01-01", "2026-02-02", "2026-03-02"]),
        (range(5), -1, ["2026-01-30", "2026-02-27", "2026-03-31"]),
        ((1, 3), 4, ["2026-01-13", "2026-02-12", "2026-03-12"]),
    ],
)
def test_a_monthly_slot_is_the_nth_of_its_days(days: tuple[int, ...], nth: int, dates: list[str]) -> None:
    timetable = Timetable(frozenset(days), (time(8),), "Europe/London", nth)
    slot, found = next_slot(timetable, utc("2025-12-31 23:00")), []
    for _ in dates:
        found.append(slot.local.date().isoformat())
        assert due_slot(timetable, slot.at - timedelta(days=1), slot.at + timedelta(days=20)) == slot
        slot = next_slot(timetable, slot.at)
    assert found == dates


@pytest.mark.parametrize(
    ("shown", "quiet", "until"),
    [
        ("2026-11-23 21:59", False, "2026-11-23 21:59"),
        ("2026-11-23 22:00", True, "2026-11-24 07:00"),
        ("2026-11-24 06:59", True, "2026-11-24 07:00"),
        ("2026-11-24 07:00", False, "2026-11-24 07:00"),
    ],
)
def test_quiet_hours_reach_over_midnight(shown: str, quiet: bool, until: str) -> None:
    timetable = Timetable(DAILY, (time(8),), "UTC", quiet=Quiet(time(22), time(7)))
    assert is_quiet(timetable, utc(shown)) is quiet
    assert after_quiet(timetable, utc(shown)) == utc(until)


def test_a_time_within_the_quiet_hours_waits_until_they_end_and_keeps_its_name() -> None:
    timetable = Timetable(DAILY, (time(6), time(23)), "UTC", quiet=Quiet(time(22), time(7)))
    slot = due_slot(timetable, utc("2026-11-23 21:00"), utc("2026-11-24 12:00"))
    assert slot == Slot(local("2026-11-24 06:00"), utc("2026-11-24 07:00"))  # both wait for one moment: one digest
    assert next_slot(timetable, slot.at).local == local("2026-11-24 23:00")


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(TIMES),
    end=st.sampled_from(TIMES),
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
)
def test_quiet_hours_end_within_about_a_day_whatever_the_clocks_do(
    zone: str, start: time, end: time, at: datetime
) -> None:
    if start == end:
        return
    timetable = Timetable(DAILY, (time(8),), zone, quiet=Quiet(start, end))
    moment = at.replace(tzinfo=UTC)
    after = after_quiet(timetable, moment)
    assert moment <= after <= moment + timedelta(hours=26)
    assert is_quiet(timetable, moment) or after == moment
