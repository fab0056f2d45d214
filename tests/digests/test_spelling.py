"""Timetables as people write and read them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.digests.model import Timetable
from bot.digests.spelling import check_zone, describe, parse_days, parse_times, zones
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
