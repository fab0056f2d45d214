"""Posts as JSON lines become entries of a feed they could come from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.feeds.lines import NoPost, Post, read_row
from bot.feeds.model import Register


def post(**row: object) -> Post:
    read = read_row({"id": "x", "title": "Acme and Globex", **row}, "k")
    assert isinstance(read, Post)
    return read


@pytest.mark.parametrize(
    ("row", "register"),
    [
        ({}, Register.TRADE_NEWS),
        ({"publisher": "Acme"}, Register.VENDOR_BLOG),
        ({"source": "GlobeNewswire"}, Register.PRESS_RELEASE),
        ({"publisher": "Acme", "register": "press_release"}, Register.PRESS_RELEASE),
        ({"register": "poem"}, Register.TRADE_NEWS),
    ],
)
def test_the_register_is_what_the_line_says_or_lets_guess(row: dict[str, object], register: Register) -> None:
    assert post(**row).feed.register is register


@pytest.mark.parametrize(
    ("published", "date"),
    [
        ("2019-09-10", datetime(2019, 9, 10, tzinfo=UTC)),
        ("2019-09", datetime(2019, 9, 1, tzinfo=UTC)),
        ("2019", datetime(2019, 1, 1, tzinfo=UTC)),
        ("Tue, 10 Sep 2019 12:00:00 GMT", datetime(2019, 9, 10, 12, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_dates_may_be_short(published: str, date: datetime | None) -> None:
    assert post(published=published).entry.published == date


def test_html_loses_its_markup_and_wins_over_text() -> None:
    entry = post(html="<p>Acme &amp; Globex</p><script>x()</script>", text="other").entry

    assert entry.body == "Acme & Globex"


def test_a_text_that_repeats_the_title_is_no_text() -> None:
    assert post(text="Acme and Globex").entry.body == ""


def test_a_dangerous_address_is_dropped() -> None:
    assert post(url="javascript:alert(1)").entry.url is None


def test_the_publisher_owns_the_feed() -> None:
    assert post(publisher="Acme").feed.owner == "Acme"


def test_a_null_counts_as_missing() -> None:
    assert isinstance(read_row({"id": 1, "title": None, "text": None}, "k"), NoPost)
