"""The terminal as a platform."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from bot.digests.message import Message
from bot.platforms.base import Platform, Posted, PostFailed, Remedy, Unreadable
from bot.platforms.terminal.client import CHANNEL, Terminal, wants_colour

MESSAGE = Message("Partnership news × more")


class Screen(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


class Broken(io.StringIO):
    """A pipe whose reader has left."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def terminal(out: io.StringIO | io.TextIOWrapper) -> Terminal:
    return Terminal(out, colour=False, width=lambda: 60)


async def test_what_is_posted_is_printed_once_and_has_an_id_of_its_own() -> None:
    out = Screen()
    platform: Platform = terminal(out)
    first, second = await platform.post(CHANNEL, MESSAGE, "key"), await platform.post(CHANNEL, MESSAGE, "key2")
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert first.id != second.id
    assert out.getvalue() == "Partnership news × more\n\n" * 2


async def test_a_terminal_that_is_gone_surely_shows_nothing_and_does_not_come_back() -> None:
    closed = Screen()
    closed.close()
    for out in (Broken(), closed):
        outcome = await terminal(out).post(CHANNEL, MESSAGE, "key")
        assert isinstance(outcome, PostFailed)
        assert outcome.remedy == Remedy.DEAD


async def test_nobody_can_tell_what_a_terminal_showed() -> None:
    found = await terminal(Screen()).find(CHANNEL, "key", datetime(2026, 1, 1, tzinfo=UTC))
    assert found == Unreadable("what a terminal showed cannot be read back", lasting=True)


def test_a_terminal_scrolls_so_every_message_is_one_part() -> None:
    assert terminal(Screen()).split(MESSAGE) == (MESSAGE,)


async def test_a_screen_that_does_not_know_a_character_shows_a_question_mark() -> None:
    raw = io.BytesIO()
    screen = io.TextIOWrapper(raw, encoding="ascii")
    await terminal(screen).post(CHANNEL, MESSAGE, "key")
    assert raw.getvalue() == b"Partnership news ? more\n\n"


@pytest.mark.parametrize(
    ("out", "environment", "wanted"),
    [
        (Screen(), {}, True),
        (Screen(), {"NO_COLOR": "1"}, False),
        (Screen(), {"NO_COLOR": ""}, True),
        (Screen(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_screens_whose_owners_did_not_refuse_them(
    out: io.StringIO, environment: dict[str, str], wanted: bool
) -> None:
    assert wants_colour(out, environment) is wanted
