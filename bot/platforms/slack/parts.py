"""A message in parts that each fit one message of Slack's. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.digests.message import Block, Card, Heading, Message, Table, Text
from bot.platforms.slack.render import render

T = TypeVar("T")

_LONG = 9_000
"""Characters of one table or text that stay together, counted at their worst."""

_FURTHER = re.compile(r" \((?:[2-9]|[1-9]\d+) of \d+\)$")


def split(message: Message) -> tuple[Message, ...]:
    """The parts, in order: the first has the title and the aside, the last the footer and the next step.

    A heading never stands at the end of a part, and a part names only the deals that it shows.
    """
    if render(message).fits:
        return (message,)
    groups = _groups(message)
    total = len(groups)
    return tuple(_part(message, group, number, total) for number, group in enumerate(groups, 1))


def is_continuation(part: Message) -> bool:
    """Whether the part goes on where another began: the title that `split` gives says so."""
    return _FURTHER.search(part.title) is not None


def _groups(message: Message) -> list[tuple[Block, ...]]:
    groups: list[tuple[Block, ...]] = []
    group: tuple[Block, ...] = ()
    for piece in _pieces(message.blocks):
        # Measured with all that a part can have around its blocks, so that numbering changes nothing.
        if group and not render(_part(message, (*group, *piece), 1, 1, whole=True)).fits:
            groups.append(group)
            group = ()
        group = (*group, *piece)
    return [*groups, group] if group else groups or [()]


def _pieces(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    """The blocks, each heading together with the one below it."""
    pieces: list[tuple[Block, ...]] = []
    headings: tuple[Block, ...] = ()
    for block in (piece for whole in blocks for piece in _broken(whole)):
        if isinstance(block, Heading):
            headings = (*headings, block)
        else:
            pieces.append((*headings, block))
            headings = ()
    return [*pieces, headings] if headings else pieces


def _broken(block: Block) -> Iterator[Block]:
    """The block, or where it is a long table or text, several of it: between rows or lines, never inside one."""
    match block:
        case Table(rows, header):
            yield from (Table(tuple(some), header) for some in _gathered(rows, lambda row: sum(map(len, row))))
        case Text(text, quiet):
            yield from (Text("\n".join(some), quiet) for some in _gathered(text.split("\n"), len))
        case _:
            yield block


def _gathered(pieces: Sequence[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    """The pieces in groups of some length; at least one group, and at least one piece in each that has any."""
    group: list[T] = []
    left = _LONG
    for piece in pieces:
        # Escaped, a character can take five.
        left -= 5 * length(piece) + 10
        if group and left < 0:
            yield group
            group, left = [], _LONG - 5 * length(piece) - 10
        group.append(piece)
    yield group


def _part(message: Message, group: tuple[Block, ...], number: int, total: int, *, whole: bool = False) -> Message:
    shown = {block.deal for block in group if isinstance(block, Card)}
    return replace(
        message,
        title=message.title if number == 1 else f"{message.title[:130]} ({number} of {total})",
        blocks=group,
        aside=message.aside if whole or number == 1 else None,
        footer=message.footer if whole or number == total else (),
        next_step=message.next_step if whole or number == total else None,
        deals=tuple(deal for deal in message.deals if deal in shown),
    )
