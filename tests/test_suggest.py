"""Did you mean …?"""

from __future__ import annotations

import pytest

from bot.suggest import did_you_mean, suggest

CHOICES = ("search", "subscribe", "feeds list", "Europe/London")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("serch", "search"),
        ("SUBSCRIB", "subscribe"),
        ("feed lst", "feeds list"),
        ("europe/lundon", "Europe/London"),
        ("search", "search"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_what_was_probably_meant_is_suggested_and_nothing_far_off(word: str, meant: str | None) -> None:
    assert suggest(word, CHOICES) == meant


def test_the_question_is_asked_only_where_there_is_something_to_ask() -> None:
    assert did_you_mean("serch", CHOICES, "/deals {}") == " Did you mean /deals search?"
    assert did_you_mean("xyzzy", CHOICES) == ""
