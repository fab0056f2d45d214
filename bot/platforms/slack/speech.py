"""What people write to the bot in Slack → the line they mean. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.digests.model import Channel
from bot.platforms.slack.teams import Team

_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
_LINK = re.compile(r"<((?:https?://|mailto:)[^|>\s]+)(?:\|[^>]*)?>")
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_SHARE = re.compile(r"(?:^|\s)share[:=](\w+)(?=\s|$)", re.IGNORECASE)
_AIM = re.compile(r"(?:^|\s)channel[:=]\s*<#([CG][A-Z0-9]+)(?:\|[^>]*)?>", re.IGNORECASE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where. The workspace and the user are Slack's own word, never something typed."""

    team: Team
    channel: Channel
    user: str

    @property
    def is_direct(self) -> bool:
        """Whether the place is a conversation with the bot alone."""
        return self.channel.id.startswith("D")


@dataclass(frozen=True, slots=True)
class Line:
    """What was asked, whether the whole channel shall see the answer, and the id of the channel it is about."""

    text: str
    shared: bool = False
    aimed: str | None = None


def line_of(written: str) -> Line:
    """The line in a text as Slack sends it: links and people unwrapped, entities undone once.

    `share:yes` and `channel:#name` are taken out: they are Slack's to understand.
    """
    aim = _AIM.search(written)
    text = _USER.sub(r"\1", _LINK.sub(r"\1", _MENTION.sub("", _AIM.sub(" ", written))))
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    wish = _SHARE.search(text)
    shared = wish is not None and wish[1].casefold() in {"yes", "true", "here", "channel"}
    return Line(" ".join(_SHARE.sub(" ", text).split()), shared, aim[1] if aim else None)


def links_in(message: object) -> tuple[str, ...]:
    """The web addresses that a message of Slack's holds: in its text, its blocks, its attachments; each once."""
    found: dict[str, None] = {}
    _collect(message, found, depth=0)
    return tuple(found)


def _collect(value: object, found: dict[str, None], *, depth: int) -> None:
    if depth > 12 or len(found) > 20:
        return
    if isinstance(value, dict):
        for name, each in value.items():
            if name in {"url", "from_url", "title_link", "original_url"} and isinstance(each, str):
                found.setdefault(each)
            elif name == "text" and isinstance(each, str):
                found.update(dict.fromkeys(_undone(match[1]) for match in _LINK.finditer(each)))
            else:
                _collect(each, found, depth=depth + 1)
    elif isinstance(value, list):
        for each in value:
            _collect(each, found, depth=depth + 1)


def _undone(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
