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
    """One deal: what a reader sees at a glance. `facts` are short phrases, `seen` is when it was first known here."""

    deal: int
    headline: str
    badge: str
    summary: str
    facts: tuple[str, ...]
    sources: tuple[Link, ...]
    published: datetime | None
    seen: datetime
    type: Literal["card"] = "card"


Block = Heading | Text | Quote | Table | Card


@dataclass(frozen=True, slots=True)
class Message:
    """A digest or a reply. `aside` stands beside the title where there is room; `footer` lines close it.

    `deals` are the ids of the deals that it announces (none in a reply). `next_step` is the command that helps now.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    aside: str | None = None
    footer: tuple[str, ...] = ()
    next_step: str | None = None
    deals: tuple[int, ...] = ()
