"""The terminal as a platform: what is posted is printed, for one reader, at once."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import TextIO

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.platforms.base import FindOutcome, Posted, PostFailed, PostOutcome, Remedy, Unreadable
from bot.platforms.terminal.render import render

NAME = "terminal"
CHANNEL = Channel(NAME, "local", "screen")
"""The one channel a terminal has."""

USER = "you"
"""Whoever sits at it."""


def wants_colour(out: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `out` is a screen whose owner did not refuse colours (https://no-color.org, TERM=dumb)."""
    return out.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def columns() -> int:
    """How wide the terminal is now, 80 where nobody knows."""
    return shutil.get_terminal_size((80, 24)).columns


class Terminal:
    """A Platform that prints to `out`."""

    name = NAME

    def __init__(self, out: TextIO, *, colour: bool, width: Callable[[], int] = columns) -> None:
        self._out = out
        self._colour = colour
        self._width = width
        self._posted = count(1)

    def split(self, message: Message) -> tuple[Message, ...]:
        """A terminal scrolls: every message is one part."""
        return (message,)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        """Print the part. A closed or broken output surely shows nothing to anybody, and will not come back."""
        try:
            self.show(part)
        except (OSError, ValueError) as fault:
            return PostFailed(f"the terminal is gone ({type(fault).__name__})", Remedy.DEAD)
        return Posted(f"{key}/{next(self._posted)}")

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        """Print the message: whoever reads the terminal manages it."""
        try:
            self.show(message)
        except (OSError, ValueError):
            return False
        return True

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        """What was printed may have been seen by anybody or nobody."""
        return Unreadable("what a terminal showed cannot be read back", lasting=True)

    def time(self) -> None:
        """A terminal has no clock of its own."""

    def show(self, message: Message) -> None:
        """Print the message and flush; OSError or ValueError where the output is gone."""
        text = render(message, width=self._width(), colour=self._colour)
        # While a prompt is open, it puts something in place of stdout that keeps its line below what is printed.
        out = sys.stdout if self._out is sys.__stdout__ else self._out
        encoding = getattr(out, "encoding", None) or "utf-8"
        # A screen that knows no "●" shows "?" rather than nothing at all.
        out.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        out.flush()
