"""One line an event, whatever strangers write into it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import configure, logger

HOSTILE = [
    "two\nlines 2026-11-25 [error] forged",
    "carriage\rreturn",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "bidi \u202egnirts",
    "line\u2028separator\u2029\x85\x0b\x0c",
    "zero\u200bwidth\ufeff",
    "lone \ud800 surrogate",
    "\x00",
    "x" * 1_000_000,
    "\x1b" * 100_000,
    "{0} {value} %s %n",
]

# pytest keeps what libraries log, and what runs tests side by side cannot pass half a character on.
SAYABLE = [text for text in HOSTILE if "\ud800" not in text]


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> Iterator[str]:
    configure("debug", request.param)
    yield request.param
    configure("info", "text")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_stays_within_the_one_line_of_its_event(
    form: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logger("bot.poll").warning("poll.failed", feed=text, reason="as usual")
    said = capsys.readouterr().err
    assert said.endswith("\n")
    (line,) = said.splitlines()
    assert line.isprintable()
    assert len(line) <= 4_096
    assert "poll.failed" in line
    assert "as usual" in line
    if form == "json":
        assert json.loads(line)["reason"] == "as usual"


@pytest.mark.parametrize("text", SAYABLE, ids=range(len(SAYABLE)))
def test_what_libraries_log_is_tamed_as_well(form: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("discord").warning("it said %s", text)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert len(line) <= 4_096


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_an_errors_own_text_cannot_pass_for_an_event(form: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logger("bot.poll").exception("poll.fault", feed="News")
    first, *rest = capsys.readouterr().err.split("\n")
    assert "poll.fault" in first
    assert first.isprintable()
    assert all(line.isprintable() for line in rest)
    assert all(not line or line.startswith("    ") for line in rest)
    assert sum(map(len, rest)) < 40_000
