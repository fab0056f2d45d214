"""The blocks of a message as markdown of Discord's, each within a share of one message's text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import assert_never

from bot.digests.message import Block, Card, Heading, Link, Message, Name, Quote, Table, Text
from bot.platforms.discord.text import calling, code, cut, length, link, markdown, pieces, when
from bot.platforms.harmless import harmless

SHARE = 1_600
"""The most text of one block. With the longest title, aside and footer it is still one message (4,000)."""

_TITLE, _ASIDE, _LINE, _FOOTER = 250, 200, 600, 1_500
_HEADING_UP_TO = 90

MOST_SOURCES = 4
"""Publishers that a deal names in its text; a dozen would fill a phone. The rest is counted, and a button away."""


def opening(message: Message) -> str:
    """The title and the aside. A long title is a sentence and is set as one; one that stands alone has more room."""
    title = markdown(message.title, _TITLE if message.blocks else SHARE) or "–"
    aside = f"\n-# {markdown(message.aside, _ASIDE)}" if message.aside else ""
    return f"## {title}{aside}" if length(message.title) <= _HEADING_UP_TO else f"{title}{aside}"


def closing(message: Message) -> str:
    """The footer, and the next step where somebody has to fill it in; empty where there is neither."""
    lines, room = [], _FOOTER
    for line in message.footer:
        shown = markdown(line, max(1, min(_LINE, room)))
        room -= length(shown)
        lines.append(f"-# {shown}")
        if room <= 0:
            break
    if message.next_step and not is_ready(message.next_step):
        lines.append(f"Next: {code(cut(message.next_step, _ASIDE))}")
    return "\n".join(lines)


def is_ready(step: str) -> bool:
    """Whether the next step can be taken as it stands."""
    return "<" not in step and length(step) <= _ASIDE


@lru_cache(maxsize=1_000)  # a block is measured again and again while its message is split
def markdown_of(block: Block) -> str:
    """The block in at most SHARE units, if it is one of `shares`."""
    match block:
        case Heading(text):
            return f"### {markdown(text, 200)}"
        case Text():
            lines = (markdown(line, SHARE) for line in block.text.split("\n"))
            return "\n".join(f"-# {line}" if block.quiet and line else line for line in lines)
        case Quote():
            return _quote(block)
        case Table():
            return "\n".join(_rows(block))
        case Card():
            return _card(block)
        case _:
            assert_never(block)


def shares(block: Block) -> Iterator[Block]:
    """The block in pieces that each take at most SHARE; most blocks are one."""
    match block:
        case Text():
            yield from (Text(piece, block.quiet) for piece in pieces(block.text, SHARE - 200))
        case Table():
            yield from _tables(block)
        case _:
            yield block


def _card(card: Card) -> str:
    """Headline, summary, facts and sources; of the first few sources as many are links as there is room for."""
    lines = [
        f"**{markdown(card.headline, 400) or '–'}** · {markdown(card.badge, 40)}",
        markdown(card.summary, 600),
        f"-# {markdown(' · '.join(card.facts), 300)}" if card.facts else "",
    ]
    date = when(card.published) if card.published else f"seen {when(card.seen)}"
    end = f"{date} · #{card.deal}"
    told = "\n".join(line for line in lines if line)
    sources = [*_sources(card.sources[:MOST_SOURCES], SHARE - length(told) - length(end) - 30)]
    more = len(card.sources) - len(sources)
    rest = [f"and {more} more"] if more else []
    return f"{told}\n-# {' · '.join([*sources, *rest, end])}"


def _sources(links: Sequence[Link], room: int) -> Iterator[str]:
    for each in links:
        shown = link(each, 80)
        if length(shown) + 3 > room:
            shown = markdown(each.text, 80)
        if length(shown) + 3 > room:
            return
        room -= length(shown) + 3
        yield shown


def _quote(quote: Quote) -> str:
    told = f"**{markdown(quote.label, 600) or '–'}**\n> {markdown(quote.text, 800)}"
    source = [*_sources((quote.source,), SHARE - length(told) - 4)] if quote.source else []
    return f"{told}\n-# {source[0]}" if source else told


def _rows(table: Table) -> Iterator[str]:
    """A line a row: on a phone, columns would not stand below each other."""
    if table.header:
        yield f"-# {markdown(' · '.join(table.header), 300)}"
    for row in table.rows:
        cells = [cell for cell in row if harmless(cell)]
        first, *rest = cells or [""]
        shown = [_first(first), *(_name(cell) for cell in rest if isinstance(cell, Name))]
        told = [harmless(cell) for cell in rest if not isinstance(cell, Name)]
        yield " · ".join([*shown, *([markdown(" · ".join(told), 500)] if told else [])])


def _first(cell: str) -> str:
    plain = harmless(cell)
    if isinstance(cell, Name):
        return _name(cell)
    return code(cut(plain, 150)) if plain.startswith("/") else f"**{markdown(plain, 200) or '–'}**"


def _name(name: Name) -> str:
    return calling(name, {"person": "@", "channel": "#", "role": "@&"}[name.kind])


def _tables(table: Table) -> Iterator[Table]:
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        if rows and length(markdown_of(Table((*rows, row), table.header))) > SHARE:
            yield Table(tuple(rows), table.header)
            rows = []
        rows.append(row)
    yield Table(tuple(rows), table.header)
