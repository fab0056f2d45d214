"""Text as Slack takes it: `&<>` escaped exactly once, and nothing in a foreign text can format, mention or link. Pure.

https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from bot.digests.message import Link, Name
from bot.digests.moments import day
from bot.feeds.links import canonical
from bot.platforms.harmless import harmless

LONGEST_LINK = 2000
"""A link with more characters fits into no small text, and a cut one leads nowhere."""

_LONGEST_COMMAND = 1_000

_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_FORMATTING = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)|[*~`]")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]*[a-z])([a-z0-9_+'-]+):")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_QUOTING = re.compile(r"^[>\s]*>")


def cut(text: str, most: int) -> str:
    """The text, cut at a blank where there is one and ended with … when it has more than `most` characters."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    blank = head.rfind(" ", most // 2)
    head = (head if blank < 0 else head[:blank]).rstrip()
    return f"{_whole(head)}…"


def escaped(text: str) -> str:
    """What shows as exactly this text wherever Slack reads `&<>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str, most: int = 3000) -> str:
    """A foreign text inside mrkdwn of ours, at most `most` characters once escaped.

    Slack has no escape for `*_~` and backquotes, so where they would format they become characters that look alike.
    A `>` that begins a line would quote it, escaped or not.
    """
    plain = _QUOTING.sub(lambda found: found[0].replace(">", "›"), harmless(text))
    plain = _EMOJI.sub("꞉\\1꞉", _FORMATTING.sub(lambda found: _LOOKALIKES[found[0]], plain))
    return _fitted(plain, most)


def calling(name: Name) -> str:
    """What Slack shows as the name behind the id of a person or a channel; any other text as it is."""
    sign = {"person": "@", "channel": "#"}.get(name.kind)
    return f"<{sign}{name}>" if sign and name.isascii() and name.isalnum() else mrkdwn(name)


def code(text: str) -> str:
    """A command to be typed, set as code."""
    return f"`{_fitted(harmless(text).replace('`', 'ˋ'), _LONGEST_COMMAND)}`"


def link(target: Link, most: int = 200) -> str:
    """The link under its own words; where the address is no canonical http(s) one, or too long, the words alone."""
    words = mrkdwn(target.text, most).replace("|", "¦")
    url = canonical(target.url)
    linked = f"<{_address(url)}|{words}>" if url and words else words
    return linked if len(linked) <= LONGEST_LINK else words


def when(moment: datetime) -> str:
    """The date in the reader's zone; a publisher's bare date (midnight) belongs to no zone and stays as it is."""
    if moment.astimezone(UTC).time() == time():
        return day(moment)
    return f"<!date^{int(moment.timestamp())}^{{date_short}}|{day(moment)}>"


def _fitted(plain: str, most: int) -> str:
    """The text cut before it is escaped, so that no entity is ever cut in two."""
    room = most
    while len(shown := escaped(cut(plain, room))) > most:
        room -= max(1, (len(shown) - most) // 5)
    return shown


def _address(url: str) -> str:
    return escaped(url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C").replace(" ", "%20"))


def _whole(text: str) -> str:
    """Without a joiner or half a flag at its end."""
    plain = text.rstrip("\u200d\ufe0f")
    letters = len(plain) - len(plain.rstrip(_FLAG_LETTERS))
    return plain[:-1] if letters % 2 else plain
