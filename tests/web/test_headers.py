"""What response headers ask for, and what they cannot make us do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.headers import LONGEST, retry_after_of, wish_of

DATE = "Mon, 23 Nov 2026 08:00:00 GMT"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("headers", "wish"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=3600"}, HOUR),
        ({"Cache-Control": "public, Max-Age=3600, must-revalidate"}, HOUR),
        ({"Cache-Control": 'max-age="3600"'}, HOUR),
        ({"Cache-Control": "max-age = 3600"}, HOUR),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, timedelta(minutes=50)),
        ({"Cache-Control": "max-age=3600", "Age": "9999"}, None),
        ({"Cache-Control": "max-age=3600", "Age": "old"}, HOUR),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=1h"}, None),
        ({"Cache-Control": "max-age="}, None),
        ({"Cache-Control": "s-maxage=3600"}, None),
        ({"Cache-Control": "no-cache"}, None),
        ({"Cache-Control": "max-age=999999999999"}, LONGEST),
        ({"Expires": "Mon, 23 Nov 2026 09:00:00 GMT", "Date": DATE}, HOUR),
        ({"Expires": "Mon, 23 Nov 2026 09:00:00 GMT", "Date": DATE, "Age": "1800"}, HOUR),
        ({"Expires": "Mon, 23 Nov 2026 07:00:00 GMT", "Date": DATE}, None),
        ({"Expires": "0", "Date": DATE}, None),
        ({"Expires": "Mon, 23 Nov 2026 09:00:00 GMT"}, None),
        ({"Expires": "Mon, 23 Nov 2099 09:00:00 GMT", "Date": DATE}, LONGEST),
        (
            {"Expires": "Mon, 23 Nov 2026 09:00:00 GMT", "Date": DATE, "Cache-Control": "max-age=60"},
            timedelta(minutes=1),
        ),
    ],
)
def test_freshness_becomes_a_wish(headers: dict[str, str], wish: timedelta | None) -> None:
    assert wish_of(headers) == wish


@pytest.mark.parametrize(
    ("values", "wait"),
    [
        ([], None),
        (["120"], timedelta(minutes=2)),
        ([" 120 "], timedelta(minutes=2)),
        (["0"], None),
        (["-5"], None),
        (["1.5"], None),
        (["soon"], None),
        ([""], None),
        (["1000000000000"], LONGEST),
        (["9" * 40], None),
        (["Mon, 23 Nov 2026 09:00:00 GMT"], HOUR),
        (["Mon, 23 Nov 2026 07:00:00 GMT"], None),
        (["Mon, 23 Nov 2099 07:00:00 GMT"], LONGEST),
        (["60", "3600"], HOUR),
        (["x", "3600"], HOUR),
    ],
)
def test_retry_after_is_a_wait(values: list[str], wait: timedelta | None) -> None:
    assert retry_after_of(values, DATE) == wait


def test_a_moment_without_the_servers_clock_is_no_wait() -> None:
    assert retry_after_of(["Mon, 23 Nov 2026 09:00:00 GMT"], "") is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_header_breaks_the_reading(one: str, two: str, three: str) -> None:
    wish = wish_of({"Cache-Control": one, "Age": two, "Expires": three, "Date": DATE})
    wait = retry_after_of([one, two], three)
    assert wish is None or timedelta() < wish <= LONGEST
    assert wait is None or timedelta() < wait <= LONGEST
