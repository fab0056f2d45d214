"""A message in parts that each fit one message of Discord's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.digests.message import Block, Card, Heading, Message
from bot.platforms.discord.blocks import shares
from bot.platforms.discord.buttons import Press
from bot.platforms.discord.render import TEXT, Audience, Json, Layout, render
from bot.platforms.discord.text import length

MOST_TEXT, MOST_COMPONENTS = 4_000, 40
MOST_EMBEDS, MOST_EMBED_TEXT, MOST_DESCRIPTION, MOST_ROWS = 10, 6_000, 4_096, 5

_KEY = "0" * 24
_PAGES = (Press("◀", "page 00000000 00"), Press("▶", "page 00000000 00 "))


@dataclass(frozen=True, slots=True)
class Size:
    """What a payload takes of Discord's limits."""

    text: int
    components: int
    embeds: int = 0
    longest: int = 0
    rows: int = 0

    @property
    def fits(self) -> bool:
        """Whether Discord would take it in one message."""
        if self.embeds:
            return (
                self.embeds <= MOST_EMBEDS
                and self.text <= MOST_EMBED_TEXT
                and self.longest <= MOST_DESCRIPTION
                and self.rows <= MOST_ROWS
            )
        return self.text <= MOST_TEXT and self.components <= MOST_COMPONENTS


def size(payload: Json) -> Size:
    """How big a rendered message is, in the units that Discord counts."""
    every = [*_walk(payload.get("components", ()))]
    texts = [length(each["content"]) for each in every if each["type"] == TEXT]
    embeds = payload.get("embeds", ())
    told = [[length(each.get(name, "")) for name in ("title", "description")] for each in embeds]
    footers = [length(each["footer"]["text"]) for each in embeds if "footer" in each]
    return Size(
        text=sum(texts) + sum(map(sum, told)) + sum(footers),
        components=len(every),
        embeds=len(embeds),
        longest=max((described for _, described in told), default=0),
        rows=len(payload.get("components", ())),
    )


def split(message: Message, layout: Layout = Layout.COMPONENTS) -> tuple[Message, ...]:
    """The parts, in order: the first has the aside and the mention, the last the footer and the next step.

    A heading never stands at the end of a part and is said again where its group goes on. A part names only the deals
    that it shows.
    """
    blocks = tuple(share for block in _told(message.blocks) for share in shares(block))
    groups = [*_groups(replace(message, blocks=blocks), layout)] or [()]
    total = len(groups)
    return tuple(_part(message, group, number, total) for number, group in enumerate(groups, 1))


def direct(message: Message) -> Message:
    """The message for one person outside a server, where no button and no command is answered."""
    if not message.next_step:
        return message
    return replace(message, footer=(*message.footer, f"next, in the server: {message.next_step}"), next_step=None)


def _told(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without headings that nothing stands under."""
    for block, following in zip_longest(blocks, blocks[1:]):
        if not isinstance(block, Heading) or not (following is None or isinstance(following, Heading)):
            yield block


def _groups(message: Message, layout: Layout) -> Iterator[tuple[Block, ...]]:
    heading: Heading | None = None
    group: tuple[Block, ...] = ()
    for block in message.blocks:
        waiting = group and isinstance(group[-1], Heading)
        # A heading goes in only with room for what stands below it: that is looked at when it comes.
        if not isinstance(block, Heading) and not _fits(message, (*group, block), layout) and group:
            full = group[:-1] if waiting else group
            if full:
                yield full
                group = (heading,) if heading else ()
        heading = block if isinstance(block, Heading) else heading
        group = (*group, block)
    if group:
        yield group


def _fits(message: Message, group: tuple[Block, ...], layout: Layout) -> bool:
    """Measured with all that a part can have around its blocks, so that numbering changes nothing."""
    whole = replace(message, title=f"{message.title} (10 of 10)", blocks=group)
    as_digest = size(render(whole, Audience(_KEY), layout)).fits
    return as_digest and size(render(whole, Audience(manages=True, page=_PAGES), layout)).fits


def _part(message: Message, group: tuple[Block, ...], number: int, total: int) -> Message:
    shown = {block.deal for block in group if isinstance(block, Card)}
    return replace(
        message,
        title=message.title if total == 1 else f"{message.title} ({number} of {total})",
        blocks=group,
        aside=message.aside if number == 1 else None,
        footer=message.footer if number == total else (),
        next_step=message.next_step if number == total else None,
        deals=tuple(deal for deal in message.deals if deal in shown),
        mention=message.mention if number == 1 else None,
    )


def _walk(components: Iterable[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _walk(each.get("components", ()))
        yield from _walk([each["accessory"]] if "accessory" in each else ())
