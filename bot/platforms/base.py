"""What every platform can do, and what people may ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.digests.message import Message
from bot.digests.model import Channel

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Request:
    """One command as somebody gave it. `values` hold what was typed, checked against the options' types.

    `aimed` is the channel that an option of that kind names; it is one of the asker's own workspace.
    """

    channel: Channel
    user: str
    may_manage: bool
    values: Mapping[str, Value] = field(default_factory=dict)
    aimed: Channel | None = None

    def text(self, name: str) -> str | None:
        """The words given for this option, None where it was left out."""
        value = self.values.get(name)
        return None if value is None else str(value)

    @property
    def place(self) -> Channel:
        """The channel that the command is about: the one named, else the one where it was given."""
        return self.aimed or self.channel


class Offered(str):
    """A value that is offered for an option, with what to show for it where a platform shows more than the value."""

    label: str

    def __new__(cls, value: str, label: str) -> Offered:
        made = super().__new__(cls, value)
        made.label = label
        return made


class Person(str):
    """The kind of an option that names a person; where the platform has a list of people, they are picked from it."""

    __slots__ = ()


Complete = Callable[[Request, str], Awaitable[Sequence[str]]]
"""Offers values for an option that begin with (or hold) what has been typed so far."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a command can be told. `kind` is the Python type of its value: str, int, float or Channel.

    A Person is a text that a platform may let people pick.

    A channel is picked from a list where the platform has one, and becomes the request's `aimed`. `rest` takes
    everything that is left of the line, so that `search data platform` needs no quotes.
    """

    name: str
    description: str
    kind: type[str] | type[int] | type[float] | type[Channel] = str
    required: bool = False
    rest: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    complete: Complete | None = None


Run = Callable[[Request], Awaitable[Message]]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing people may ask. `name` may be two words: `feeds add`. `manages` asks for the right to manage."""

    name: str
    summary: str
    run: Run
    options: tuple[Option, ...] = ()
    manages: bool = False
    examples: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The name with its options, without the root: `deal <id>`; those in brackets may be left out."""
        options = (f"<{each.name}>" if each.required else f"[{each.name}]" for each in self.options)
        return " ".join((self.name, *options))


@dataclass(frozen=True, slots=True)
class Posted:
    """The platform has the message, under this id of its own."""

    id: str


class Remedy(StrEnum):
    """What helps after a post that surely failed."""

    RETRY = "retry"  # the same post later
    RENDER = "render"  # the same message in smaller or plainer parts
    PAUSE = "pause"  # nothing, until somebody mends the channel: rights, an invitation, a new token
    DEAD = "dead"  # nothing: the channel or the workspace is gone for good


@dataclass(frozen=True, slots=True)
class PostFailed:
    """The platform surely does not have the message, and what helps. `retry_after` is the platform's own wish."""

    reason: str
    remedy: Remedy = Remedy.RETRY
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """The platform may or may not have the message."""

    reason: str


PostOutcome = Posted | PostFailed | Unclear


@dataclass(frozen=True, slots=True)
class Found:
    """The message stands in the channel, under this id."""

    id: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The channel was read since the attempt, and the message is not in it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The channel's history cannot be read now, so nobody knows. `lasting`: nor can it ever be, so ask no more."""

    reason: str
    lasting: bool = False


FindOutcome = Found | NotFound | Unreadable


class Platform(Protocol):
    """A chat product. `key` marks one part of one delivery, so that it can be found again."""

    @property
    def name(self) -> str:
        """The `platform` of its channels."""
        ...

    def split(self, message: Message) -> tuple[Message, ...]:
        """The parts that each fit one post; pure. Each part's `deals` are those that it announces."""
        ...

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        """Show the part to the channel, once."""
        ...

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        """Tell those who manage the workspace, or this one user, by another way than a channel: whether it arrived."""
        ...

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        """Whether a part with this key was posted at or after `since`, in the platform's time."""
        ...

    def time(self) -> datetime | None:
        """The platform's own time, by its answers; None where none has told it, or it has no clock of its own."""
        ...
