"""A text as the recogniser sees it: sentences, and the names of organisations in them. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feeds.model import Entry, Feed, Sector


@dataclass(frozen=True, slots=True)
class Name:
    """One occurrence of an organisation's name, `text[start:end]` of the whole cleaned text.

    `key` tells which organisation it is: a gazetteer id, or a folded form of the name. `organisation` is the
    gazetteer id alone. A "we" of a first-party feed is a Name whose `name` is the feed's owner.
    """

    name: str
    start: int
    end: int
    key: str
    organisation: str | None = None
    sector: Sector | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, `text[start:end]`; line 0 is the title. `names` stand in order."""

    start: int
    end: int
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The cleaned text of an entry, in lines. Every offset counts characters of `entry.text`."""

    entry: Entry
    feed: Feed
    lines: tuple[Line, ...]

    def words(self, line: Line) -> str:
        """The text of one line."""
        return self.entry.text[line.start : line.end]
