"""A message as text for a terminal. Pure: the same message and width always give the same lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.digests.message import Block, Card, Heading, Link, Message, Quote, Table, Text
from bot.digests.moments import day
from bot.platforms.harmless import harmless
from bot.platforms.terminal.paint import Paint
from bot.platforms.terminal.table import table_lines
from bot.platforms.terminal.text import fit, width_of, wrap

NARROWEST, WIDEST = 40, 120


def render(message: Message, *, width: int, colour: bool) -> str:
    """The message in lines of at most `width` columns (kept between 40 and 120), ending with a line break.

    Only the address of a quote's source may be longer. Whatever its texts hold, nothing in them can move the cursor,
    colour the screen or reorder what is read.
    """
    page = _Page(min(max(width, NARROWEST), WIDEST), Paint(colour))
    lines = [*page.title(message)]
    for before, block in zip((None, *message.blocks), message.blocks, strict=False):
        if _apart(before, block):
            lines.append("")
        lines += page.block(block)
    if closing := [*page.closing(message)]:
        lines += ["", *closing]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _apart(before: Block | None, block: Block) -> bool:
    """Whether a blank line stands between two blocks; the rest of a group stays together."""
    if before is None or isinstance(block, Heading):
        return True
    if isinstance(block, Text):
        return not isinstance(before, Heading | Text)
    return not isinstance(before, Heading)


class _Page:
    """What all lines of one message share: how wide they may be, and how they are painted."""

    def __init__(self, width: int, paint: Paint) -> None:
        self._width = width
        self._paint = paint
        self._told: set[str] = set()

    def title(self, message: Message) -> Iterator[str]:
        aside = harmless(message.aside or "")
        yield from self._two_sides(harmless(message.title), aside, left="bold", right="quiet")

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from (self._paint(line, "heading") for line in self._wrapped(block.text))
            case Text():
                style = "quiet" if block.quiet else "plain"
                yield from (self._paint(line, style) for line in self._paragraphs(block.text))
            case Quote():
                yield from self._quote(block)
            case Table():
                yield from table_lines(block, self._width, self._paint)
            case Card():
                yield from self._card(block)
            case _:
                assert_never(block)

    def closing(self, message: Message) -> Iterator[str]:
        footer = [harmless(line) for line in message.footer]
        if len(footer) == 2 and sum(map(width_of, footer)) + 4 <= self._width:
            yield from self._two_sides(*footer, left="quiet", right="quiet")
        else:
            yield from (self._paint(line, "quiet") for text in footer for line in wrap(text, self._width))
        if message.next_step:
            yield from (self._paint(line, "step") for line in self._wrapped(f"Next: {message.next_step}"))

    def _card(self, card: Card) -> Iterator[str]:
        yield from self._headline(card)
        for text, style in ((card.summary, "plain"), (" · ".join(card.facts), "facts")):
            yield from (self._paint(f"  {line}", style) for line in wrap(harmless(text), self._width - 2))
        yield from self._sources(card)

    def _headline(self, card: Card) -> Iterator[str]:
        """The headline with the badge at the right end of its first line."""
        badge = harmless(card.badge)
        lines = wrap(harmless(card.headline), self._width - width_of(badge) - 4) or [""]
        blanks = " " * max(2, self._width - 2 - width_of(lines[0]) - width_of(badge))
        yield f"{self._paint('●', 'dot')} {self._paint(lines[0], 'bold')}{blanks}{self._paint(badge, card.badge)}"
        yield from (f"  {self._paint(line, 'bold')}" for line in lines[1:])

    def _sources(self, card: Card) -> Iterator[str]:
        """The publishers, and at the right end of the last line the date and the deal's id."""
        date = day(card.published) if card.published else f"seen {day(card.seen)}"
        end = f"{date}  #{card.deal}"
        lines = [*self._links(card.sources, self._width - 2)] or [("", 0)]
        *full, (last, taken) = lines
        yield from (f"  {line}" for line, _ in full)
        if taken + 2 + width_of(end) <= self._width - 2:
            yield f"  {last}{' ' * (self._width - 2 - taken - width_of(end))}{self._paint(end, 'quiet')}"
        else:
            yield f"  {last}"
            yield f"{' ' * (self._width - width_of(end))}{self._paint(end, 'quiet')}"

    def _links(self, links: Sequence[Link], width: int) -> Iterator[tuple[str, int]]:
        """The links joined with dots in lines, each with the columns it takes; a link is never broken."""
        line, taken = "", 0
        for link in links:
            name = fit(harmless(link.text), width)
            if taken and taken + 3 + width_of(name) > width:
                yield line, taken
                line, taken = "", 0
            line = f"{line}{' · ' if taken else ''}{self._paint.link(name, link.url)}"
            taken += (3 if taken else 0) + width_of(name)
        if taken:
            yield line, taken

    def _quote(self, quote: Quote) -> Iterator[str]:
        yield from (self._paint(line, "bold") for line in self._wrapped(quote.label))
        yield from (f"  {line}" for line in wrap(f"“{harmless(quote.text)}”", self._width - 2))
        if quote.source:
            yield from self._origin(quote.source)

    def _origin(self, source: Link) -> Iterator[str]:
        """The publisher, and the first time its address: whole, however long, for a broken one cannot be followed."""
        for line in wrap(harmless(source.text), self._width - 2):
            yield f"  {self._paint.link(self._paint(line, 'quiet'), source.url)}"
        if source.url not in self._told:
            self._told.add(source.url)
            yield f"  {self._paint(harmless(source.url), 'quiet')}"

    def _two_sides(self, left_text: str, right_text: str, *, left: str, right: str) -> Iterator[str]:
        """Two texts at the two ends of one line, or below each other where they do not fit."""
        blanks = self._width - width_of(left_text) - width_of(right_text)
        if right_text and blanks >= 2:
            yield f"{self._paint(left_text, left)}{' ' * blanks}{self._paint(right_text, right)}"
            return
        yield from (self._paint(line, left) for line in wrap(left_text, self._width))
        yield from (self._paint(line, right) for line in wrap(right_text, self._width))

    def _paragraphs(self, text: str) -> Iterator[str]:
        for line in text.split("\n"):
            yield from self._wrapped(line) or [""]

    def _wrapped(self, text: str) -> list[str]:
        return wrap(harmless(text), self._width)
