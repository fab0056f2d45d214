"""A message in parts that each fit one message of Slack's. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.digests.message import Block, Card, Heading, Message
from bot.platforms.slack.render import render

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
    for block in blocks:
        if isinstance(block, Heading):
            headings = (*headings, block)
        else:
            pieces.append((*headings, block))
            headings = ()
    return [*pieces, headings] if headings else pieces


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
