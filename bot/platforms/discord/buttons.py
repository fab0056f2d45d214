"""Buttons that say what they do in their own id, so that they go on working after a restart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.digests.message import Link
from bot.feeds.links import canonical
from bot.platforms.discord.text import cut, honest

_LONGEST = 100
"""Characters of a custom_id (Discord's limit)."""

_LONGEST_ADDRESS = 512
"""Characters of a button's address (Discord's limit)."""

_WIDEST = 34
"""Characters of a publisher's label, so that it stays on one line of a phone; Discord allows 80."""

# Discord looks at a button's address more strictly than at one in a text, and refuses the whole message for one that
# it does not like: only what no reader of addresses doubts gets a button.
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+(?::\d+)?/(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that gives a command, in the words one would type. `key` marks the delivery that it belongs to."""

    label: str
    line: str
    key: str = ""
    danger: bool = False
    disabled: bool = False

    @property
    def custom_id(self) -> str:
        """The id that Discord sends back when it is pressed."""
        return f"do:{self.key or '-'}:{self.line}"[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Visit:
    """A button that opens a page; Discord tells nobody that it was pressed."""

    label: str
    url: str


def visit_of(sources: Sequence[Link]) -> tuple[Visit | None, tuple[Link, ...]]:
    """A button to the first source whose address a button takes, and the sources that are left."""
    for number, source in enumerate(sources):
        url = canonical(source.url)
        if url and len(url) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(url):
            label = cut(honest(source.text, url), _WIDEST)
            return Visit(label, url), (*sources[:number], *sources[number + 1 :])
    return None, tuple(sources)


def pressed(custom_id: str) -> str | None:
    """The command line of one of our buttons; None for another's."""
    begin, _, rest = custom_id.partition(":")
    key, colon, line = rest.partition(":")
    return line if begin == "do" and key and colon and line else None


def mark_number(key: str) -> int:
    """The delivery key as the id of a component: within 31 bits, and far above those that Discord gives out itself."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") >> 2 | 1 << 30


def footer_mark(key: str) -> str:
    """What a plain embed says at its end, so that it can be found again."""
    return f"Pactwire · {key[:10]}"


def bears(shown: str, key: str) -> bool:
    """Whether a message, written out with its components and embeds, is the one with this delivery key."""
    return f":{key}:" in shown or footer_mark(key) in shown or f"'id': {mark_number(key)}" in shown
