"""A message as Discord's JSON: Components V2, or plain embeds. Pure.

https://docs.discord.com/developers/components/reference and …/resources/message#embed-object
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.digests.message import Block, Card, Heading, Message, Quote
from bot.platforms.discord.blocks import closing, is_ready, markdown_of, opening
from bot.platforms.discord.buttons import Press, Visit, footer_mark, mark_number, visit_of
from bot.platforms.discord.text import calling, cut, markdown
from bot.platforms.harmless import harmless

Json = dict[str, Any]

ACTION_ROW, BUTTON, SECTION, TEXT, SEPARATOR, CONTAINER = 1, 2, 9, 10, 14, 17
SECONDARY, DANGER, LINK = 2, 4, 5
SUPPRESS_EMBEDS, COMPONENTS_V2 = 1 << 2, 1 << 15

_COLOURS = {
    "HEALTH SYSTEMS": 0x2E9E6B,
    "PAYERS": 0x3C7DD9,
    "PHARMA & BIOTECH": 0x9B59B6,
    "HEALTH IT": 0x1ABC9C,
    "DEVICES": 0xE67E22,
    "RESEARCH": 0xF1C40F,
    "PUBLIC SECTOR": 0x7F8C8D,
    "CLOUD & TECHNOLOGY": 0x5865F2,
    "CONSULTING": 0xC0392B,
}
_PLAIN_COLOUR = 0x99AAB5


class Layout(StrEnum):
    """How messages look: made of components, or as plain embeds for those who prefer them."""

    COMPONENTS = "components"
    EMBED = "embed"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who sees the message. A digest is for everybody and marked with its delivery key; a reply is for its asker."""

    key: str = ""
    manages: bool = False
    page: tuple[Press, ...] = ()
    """Buttons that turn the pages of a long reply."""

    @property
    def asked(self) -> bool:
        return not self.key


def render(message: Message, audience: Audience, layout: Layout = Layout.COMPONENTS) -> Json:
    """What to post: `components` or `embeds`, `flags`, and mentions of nobody but the one role of a digest's.

    Within all limits if it `fits`.
    """
    made = _components(message, audience) if layout is Layout.COMPONENTS else _embeds(message, audience)
    role = message.mention if audience.key else None
    return {**made, "allowed_mentions": {"parse": [], **({"roles": [role]} if role else {})}}


def _components(message: Message, audience: Audience) -> Json:
    called = f"\n{calling(message.mention)}" if message.mention and audience.key else ""
    components: list[Json] = [_text(f"{opening(message)}{called}")]
    for heading, blocks in _groups(message.blocks):
        shown = [_text(markdown_of(heading))] if heading else []
        shown += _separated(message, blocks, audience)
        components.append({"type": CONTAINER, "accent_color": _colour(heading), "components": shown})
    if end := closing(message):
        components.append(_text(end))
    components += _rows([*_next(message, audience), *audience.page])
    if audience.key:
        components[0]["id"] = mark_number(audience.key)
    return {"components": components, "flags": COMPONENTS_V2 | SUPPRESS_EMBEDS}


def _separated(message: Message, blocks: Sequence[Block], audience: Audience) -> Iterator[Json]:
    """The blocks of one group, with a line between two deals. Texts that follow one another are one component."""
    texts: list[str] = []
    for number, block in enumerate(blocks):
        if not isinstance(block, Card):
            texts.append(markdown_of(block))
            continue
        if texts:
            yield _text("\n".join(texts))
            texts = []
        if number:
            yield {"type": SEPARATOR, "divider": True, "spacing": 1}
        yield from _card(message, block, audience)
    if texts:
        yield _text("\n".join(texts))


def _card(message: Message, card: Card, audience: Audience) -> Iterator[Json]:
    """The deal's text with its buttons. Where they are a row, the first source is the last of them: on a phone the
    others keep their place, and a long publisher has a line of its own. Further sources are links in the text."""
    presses = presses_of(message, card, audience)
    if len(presses) == 1:
        yield {"type": SECTION, "components": [_text(markdown_of(card))], "accessory": _button(presses[0])}
        return
    visit, others = visit_of(card.sources)
    yield _text(markdown_of(replace(card, sources=others)))
    yield from _rows([*presses, *([visit] if visit else [])])


def presses_of(message: Message, card: Card, audience: Audience) -> list[Press]:
    """The buttons of one deal: all of them under a digest's, Details under a reply's, what else there is in its own."""
    details = Press("Details", f"deal {card.deal}", audience.key)
    more = [
        Press("Sources", f"sources {card.deal}", audience.key),
        Press("Follow", f"follow {card.deal}", audience.key),
    ]
    if not audience.asked:
        return [details, *more]
    if not any(isinstance(block, Quote) for block in message.blocks):
        return [details]
    wrong = [
        Press("Not a partnership", f"wrong {card.deal} partnership", danger=True),
        Press("Wrong fact", f"wrong {card.deal} fact", danger=True),
    ]
    return [*more, *(wrong if audience.manages else ())]


def _embeds(message: Message, audience: Audience) -> Json:
    first: Json = {"title": markdown(message.title, 250), "color": _PLAIN_COLOUR}
    if message.aside:
        first["description"] = markdown(message.aside, 300)
    embeds = [first]
    for heading, blocks in _groups(message.blocks):
        described = "\n\n".join(markdown_of(block) for block in blocks)
        named = {"title": markdown(heading.text, 250)} if heading else {}
        embeds.append({**named, "description": described or "–", "color": _colour(heading)})
    if end := closing(message):
        embeds.append({"description": end, "color": _PLAIN_COLOUR})
    if audience.key:
        embeds[-1]["footer"] = {"text": footer_mark(audience.key)}
    cards = [block for block in message.blocks if isinstance(block, Card)]
    presses = [_numbered(press, card) for card in cards for press in presses_of(message, card, audience)[:1]]
    if len(cards) == 1:
        presses = presses_of(message, cards[0], audience)
    # Within an embed a mention calls nobody.
    called = {"content": calling(message.mention)} if message.mention and audience.key else {}
    rows = _rows([*presses, *_next(message, audience), *audience.page])
    return {**called, "embeds": embeds, "components": rows, "flags": 0}


def _numbered(press: Press, card: Card) -> Press:
    return replace(press, label=f"{press.label} #{card.deal}")


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[Heading | None, list[Block]]]:
    """The blocks under each heading; those before the first have none."""
    heading: Heading | None = None
    group: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            if group or heading:
                yield heading, group
            heading, group = block, []
        else:
            group.append(block)
    if group or heading:
        yield heading, group


def _next(message: Message, audience: Audience) -> list[Press]:
    """The next step as a button, if it can be taken as it stands and no deal's own button takes it already."""
    if not message.next_step or not is_ready(message.next_step):
        return []
    _, _, line = harmless(message.next_step).partition(" ")
    cards = [block for block in message.blocks if isinstance(block, Card)]
    taken = {press.line for card in cards for press in presses_of(message, card, audience)}
    return [Press(line[:60].capitalize(), line)] if line and line not in taken else []


def _rows(presses: Sequence[Press | Visit]) -> list[Json]:
    """The buttons in rows of five."""
    rows = [presses[at : at + 5] for at in range(0, len(presses), 5)]
    return [{"type": ACTION_ROW, "components": [_button(press) for press in row]} for row in rows]


def _button(press: Press | Visit) -> Json:
    if isinstance(press, Visit):
        return {"type": BUTTON, "style": LINK, "label": press.label, "url": press.url, "disabled": False}
    return {
        "type": BUTTON,
        "style": DANGER if press.danger else SECONDARY,
        "label": cut(press.label, 80),
        "custom_id": press.custom_id,
        "disabled": press.disabled,
    }


def _text(markdown: str) -> Json:
    return {"type": TEXT, "content": markdown}


def _colour(heading: Heading | None) -> int:
    return _COLOURS.get(heading.text, _PLAIN_COLOUR) if heading else _PLAIN_COLOUR
