"""A message as Slack's blocks, and as the fallback text that notifications and screen readers get. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.digests.message import Block, Card, Heading, Link, Message, Name, Quote, Table, Text
from bot.platforms.slack import blocks
from bot.platforms.slack.blocks import actions, button, context, divider, header, menu, option, section
from bot.platforms.slack.text import calling, code, link, mrkdwn, when

MOST_BLOCKS, MOST_CHARACTERS = 50, 12_000
"""Of one message. Slack documents 50 blocks, and cuts a message at about 13,200 characters over all of them."""

_FALLBACK = 3_000
MOST_SOURCES = 4
"""Publishers that a deal names in its text; a dozen would fill a phone. The rest is counted, and a menu away."""

_ROWS = 2_800


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent: `text` says the same as the blocks, escaped as well."""

    blocks: tuple[blocks.Block, ...]
    text: str

    @property
    def fits(self) -> bool:
        """Whether Slack takes it as one message and shows all of it."""
        return len(self.blocks) <= MOST_BLOCKS and self.characters <= MOST_CHARACTERS

    @property
    def characters(self) -> int:
        """The characters of all texts in all blocks."""
        return sum(map(_characters, self.blocks))


def render(message: Message, *, with_buttons: bool = True) -> Rendered:
    """The message as one message of Slack's, of whatever size; `split` finds parts that fit."""
    shown = [*_title(message)]
    for number, block in enumerate(message.blocks):
        shown += _block(block, first=number == 0, with_buttons=with_buttons)
    closing = [*_closing(message)]
    if closing and any(isinstance(block, Card) for block in message.blocks):
        shown.append(divider())
    return Rendered((*shown, *closing), fallback(message))


def fallback(message: Message) -> str:
    """The message in few words: its title, and the headlines of its deals or its first texts."""
    lines = [mrkdwn(message.title, 600), *(_gist(block) for block in message.blocks)]
    kept: list[str] = []
    left = _FALLBACK
    for line in filter(None, lines):
        if len(line) + 1 > left:
            break
        kept.append(line)
        left -= len(line) + 1
    return "\n".join(kept) or "–"


def _gist(block: Block) -> str:
    match block:
        case Card():
            return mrkdwn(f"#{block.deal} {block.headline}", 600)
        case Text() | Heading():
            return mrkdwn(block.text, 600)
        case Quote():
            return mrkdwn(f"{block.label}: {block.text}", 600)
        case Table():
            rows = (" ".join(_cell(cell, 500) for cell in row) for row in block.rows)
            return next(_gathered([*rows], 600), "")
        case _:
            assert_never(block)


def _title(message: Message) -> Iterator[blocks.Block]:
    """A header has 150 characters of plain text; a longer title (a refusal says a whole sentence) is a paragraph."""
    if message.blocks and len(message.title) <= blocks.HEADER:
        yield header(message.title)
    else:
        yield section(mrkdwn(message.title))
    if message.aside:
        yield context(mrkdwn(message.aside, blocks.CONTEXT))


def _block(block: Block, *, first: bool, with_buttons: bool) -> Iterator[blocks.Block]:
    match block:
        case Heading():
            if not first:
                yield divider()
            yield section(f"*{mrkdwn(block.text, 500)}*")
        case Text():
            yield from _text(block)
        case Quote():
            yield from _quote(block)
        case Table():
            yield from _table(block)
        case Card():
            yield from _card(block, with_buttons=with_buttons)
        case _:
            assert_never(block)


def _text(block: Text) -> Iterator[blocks.Block]:
    most = blocks.CONTEXT if block.quiet else blocks.SECTION
    lines = [mrkdwn(line, most) for line in block.text.split("\n")]
    if block.quiet:
        yield from (context(piece) for piece in _gathered(lines, blocks.CONTEXT))
    else:
        yield from (section(piece) for piece in _gathered(lines, blocks.SECTION))


def _quote(block: Quote) -> Iterator[blocks.Block]:
    yield section(f"*{mrkdwn(block.label, 500)}*\n“{mrkdwn(block.text, 2000)}”")
    if block.source:
        yield context(link(block.source))


def _table(block: Table) -> Iterator[blocks.Block]:
    rows = [f"_{mrkdwn(' · '.join(block.header), 500)}_"] if any(block.header) else []
    rows += [_row(row) for row in block.rows if row]
    yield from (section(piece) for piece in _gathered(rows, _ROWS))


def _row(row: Sequence[str]) -> str:
    """A line a row: on a phone, columns would not stand under each other anyway."""
    most = (_ROWS - 100) // len(row) - 3
    first, *rest = (_cell(cell, most) for cell in row)
    return f"*{first}*  {' · '.join(cell for cell in rest if cell)}" if first else " · ".join(rest)


def _cell(cell: str, most: int) -> str:
    return calling(cell) if isinstance(cell, Name) else mrkdwn(cell, most)


def _card(card: Card, *, with_buttons: bool) -> Iterator[blocks.Block]:
    title = f"*{mrkdwn(card.headline, 600)}*  ·  {mrkdwn(card.badge, 40)}"
    facts = mrkdwn(" · ".join(card.facts), 700)
    yield section("\n".join(line for line in (title, mrkdwn(card.summary, 1500), facts) if line))
    date = when(card.published) if card.published else f"seen {when(card.seen)}"
    yield context(" · ".join([*filter(None, _sources(card.sources)), date, f"#{card.deal}"]))
    if with_buttons:
        yield deal_buttons(card.deal)


def _sources(sources: Sequence[Link]) -> Iterator[str]:
    """The first few publishers; as many of them are links as there is room for."""
    room = blocks.CONTEXT - 150  # for the date, the number and the rest
    for source in sources[:MOST_SOURCES]:
        linked = link(source, 80)
        shown = linked if len(linked) <= room - 90 * MOST_SOURCES else mrkdwn(source.text, 80)
        room -= len(shown) + 3
        yield shown
    if len(sources) > MOST_SOURCES:
        yield f"and {len(sources) - MOST_SOURCES} more"


def deal_buttons(deal: int) -> blocks.Block:
    """What can be done with a deal, from any message that shows it."""
    more = (
        option("Sources", f"sources {deal}"),
        option("Not a partnership", f"wrong {deal} partnership"),
        option("Wrong fact", f"wrong {deal} fact"),
    )
    return actions(
        (
            button("Details", "do:details", f"deal {deal}"),
            button("Follow", "do:follow", f"follow {deal}"),
            menu("do:more", more),
        )
    )


def _closing(message: Message) -> Iterator[blocks.Block]:
    for line in message.footer:
        yield context(mrkdwn(line, blocks.CONTEXT))
    if message.next_step:
        yield context(f"Next: {code(message.next_step)}")


def _gathered(lines: Sequence[str], most: int) -> Iterator[str]:
    """The lines joined into pieces of at most `most` characters; no line is broken."""
    piece = ""
    for line in lines:
        if piece and len(piece) + 1 + len(line) > most:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    if piece.strip():
        yield piece


def _characters(value: Any) -> int:
    """The lengths of all `text` strings within a block."""
    if isinstance(value, str):
        return 0
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(each) for each in value.values())
    return sum(map(_characters, value)) if isinstance(value, list) else 0
