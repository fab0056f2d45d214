"""Timetables as people write and read them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.digests.model import Quiet, Timetable
from bot.digests.spelling import check_zone, describe, parse_days, parse_nth, parse_quiet, parse_times, zones
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", "0123456"),
        ("every day", "0123456"),
        ("weekdays", "01234"),
        ("Weekends", "56"),
        ("mon,wed", "02"),
        ("Mondays", "0"),
        ("tue thu", "13"),
        ("mon-fri", "01234"),
        ("fri - mon", "0456"),
        ("mon–wed, sat", "0125"),
        ("weekdays,sun", "012346"),
    ],
)
def test_days_can_be_written_in_the_usual_ways(text: str, days: str) -> None:
    assert parse_days(text) == {int(day) for day in days}


@pytest.mark.parametrize("text", ["", "noday", "mon-", "m", "1-5", "-", "mon;foo"])
def test_words_that_are_no_days_are_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(UserError, match="weekdays"):
        parse_days(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("08:00", [time(8)]),
        ("17:30,08:00", [time(8), time(17, 30)]),
        ("8:00 17:30", [time(8), time(17, 30)]),
        ("8", [time(8)]),
        ("8am, 5:30 pm", [time(8), time(17, 30)]),
        ("12am", [time(0)]),
        ("12 PM", [time(12)]),
        ("08:00,8:00", [time(8)]),
        ("7.45", [time(7, 45)]),
    ],
)
def test_times_can_be_written_in_the_usual_ways(text: str, times: list[time]) -> None:
    assert list(parse_times(text)) == times


@pytest.mark.parametrize("text", ["", "24:00", "8:60", "13pm", "noon", "08:00:00", "-1", "٨:٠٠am0"])
def test_words_that_are_no_times_are_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(UserError, match=r"08:00"):
        parse_times(text)


def test_a_channel_is_not_told_the_news_every_few_minutes() -> None:
    with pytest.raises(UserError, match="8 is the most"):
        parse_times(",".join(f"{hour}:00" for hour in range(9)))


@pytest.mark.parametrize(
    ("text", "zone"), [("Europe/London", "Europe/London"), (" america/new york ", "America/New_York"), ("utc", "UTC")]
)
def test_a_zone_is_known_however_it_is_cased(text: str, zone: str) -> None:
    assert check_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("london", "Europe/London"),
        ("Europe/Lodnon", "Europe/London"),
        ("Berlim", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("EST", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("BST", "Europe/London"),
    ],
)
def test_a_word_that_is_no_zone_is_answered_with_the_one_that_was_meant(text: str, meant: str) -> None:
    with pytest.raises(UserError, match=f"Did you mean {meant}"):
        check_zone(text)


def test_a_word_like_no_zone_is_answered_with_examples() -> None:
    with pytest.raises(UserError, match="Europe/London or America/New_York"):
        check_zone("x")


def test_every_zone_that_is_offered_is_accepted() -> None:
    assert len(zones()) > 400
    assert [check_zone(zone) for zone in zones()] == list(zones())


@pytest.mark.parametrize(
    ("timetable", "words"),
    [
        (Timetable(zone="Europe/London"), "weekdays at 08:00, Europe/London"),
        (Timetable(frozenset(range(7)), (time(8), time(17, 30))), "daily at 08:00 and 17:30, UTC"),
        (Timetable(frozenset((5, 6))), "weekends at 08:00, UTC"),
        (Timetable(frozenset((0,))), "Mon at 08:00, UTC"),
        (Timetable(frozenset((4, 0, 2))), "Mon, Wed and Fri at 08:00, UTC"),
    ],
)
def test_a_timetable_reads_as_people_would_say_it(timetable: Timetable, words: str) -> None:
    assert describe(timetable) == words


@pytest.mark.parametrize(
    ("text", "nth", "days"),
    [
        ("first monday", 1, {0}),
        ("Last weekday", -1, {0, 1, 2, 3, 4}),
        ("2nd tue", 2, {1}),
        ("weekdays", None, {0, 1, 2, 3, 4}),
        ("mon,wed", None, {0, 2}),
    ],
)
def test_days_of_a_month_are_named_by_their_order(text: str, nth: int | None, days: set[int]) -> None:
    assert (parse_nth(text), parse_days(text)) == (nth, frozenset(days))


@pytest.mark.parametrize("text", ["first", "first someday", "fifth monday"])
def test_an_order_without_a_day_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="names no days"):
        parse_days(text)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("22:00-07:00", Quiet(time(22), time(7))),
        ("10pm to 7am", Quiet(time(22), time(7))),
        ("12 – 13:30", Quiet(time(12), time(13, 30))),
        ("none", None),
    ],
)
def test_quiet_hours_are_read(text: str, quiet: Quiet | None) -> None:
    assert parse_quiet(text) == quiet


@pytest.mark.parametrize(("text", "why"), [("22:00", "no span"), ("7-7", "leave no hour"), ("25-26", "no time of day")])
def test_what_are_no_quiet_hours_is_refused(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        parse_quiet(text)
