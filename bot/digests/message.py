"""A message as any platform can show it. Text is plain: escaping and limits belong to the platform that renders it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Link:
    """A validated http(s) address under words of our own choosing."""

    text: str
    url: str


class Name(str):
    """A person, channel or role in a cell of a table, by the platform's own id; where it can, a platform shows who.

    It equals no plain text of the same letters, for it is not shown like it.
    """

    kind: Literal["person", "channel", "role"]

    def __new__(cls, id: str, kind: Literal["person", "channel", "role"]) -> Name:
        made = super().__new__(cls, id)
        made.kind = kind
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and (self.kind, str(self)) == (other.kind, str(other))

    def __hash__(self) -> int:
        return hash((self.kind, str(self)))


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a group, e.g. a sector."""

    text: str
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `quiet` ones are asides that a platform may show smaller or dimmed."""

    text: str
    quiet: bool = False
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a source, and where they stand. `label` says what they prove, e.g. "term: 10 years"."""

    label: str
    text: str
    source: Link | None = None
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells under an optional header; every row is as long as the header when there is one."""

    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Card:
    """One deal: what a reader sees at a glance. `facts` are short phrases, `seen` is when it was first known here.

    `kind` is the kind of partnership in words, for platforms that sort by it.
    """

    deal: int
    headline: str
    badge: str
    summary: str
    facts: tuple[str, ...]
    sources: tuple[Link, ...]
    published: datetime | None
    seen: datetime
    kind: str = ""
    type: Literal["card"] = "card"


Block = Heading | Text | Quote | Table | Card


@dataclass(frozen=True, slots=True)
class Message:
    """A digest or a reply. `aside` stands beside the title where there is room; `footer` lines close it.

    `deals` are the ids of the deals that it announces (none in a reply). `next_step` is the command that helps now.
    `mention` is the platform's id of the one role that it calls for, if any.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    aside: str | None = None
    footer: tuple[str, ...] = ()
    next_step: str | None = None
    deals: tuple[int, ...] = ()
    mention: str | None = None
