"""Text as Discord takes it: a foreign text shows what it says, and can format, mention or link nothing. Pure.

https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time

from bot.digests.message import Link
from bot.digests.moments import day
from bot.feeds.links import canonical, host_of
from bot.platforms.harmless import harmless, is_tag

# A backslash shows the character after it as it is, unless that is a letter, a digit or a blank.
_FORMATTING = re.compile(r"[\\`*_~|<>\[\]@#]")
_SCHEME = re.compile(r":(?=//)")
_DOT_IN_NAME = re.compile(r"(?<=[^\W_])\.(?=[^\W_])")  # discord.gg/… needs no scheme to become an invitation
_LIST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+])(?=\s|$)")
_ADDRESS = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W\d_]{2,}", re.IGNORECASE)
_NOT_IN_LINKS = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", '"': "%22", "`": "%60", "\\": "%5C", "|": "%7C"}


def length(text: str) -> int:
    """How much of a limit the text takes: UTF-16 units, the most that any of Discord's counters sees in it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The harmless text; where it is longer than `most` units, cut at a blank if there is one, and ended with …."""
    plain = harmless(text)
    return plain if length(plain) <= most else f"{_head(plain[:most], max(1, most - 1))}…"


def markdown(text: str, most: int = 4000) -> str:
    """A foreign text inside markdown of ours, at most `most` units long once escaped; cut before it is escaped."""
    plain, room = harmless(text)[: most + 1], most  # escaping makes nothing shorter
    shown = escaped(plain)
    while length(shown) > most and room > 1:
        room = max(1, room - max(1, (length(shown) - most) // 2))
        shown = escaped(cut(plain, room))
    return shown if length(shown) <= most else "…"


def escaped(plain: str) -> str:
    """What shows as exactly this harmless text wherever Discord reads markdown."""
    marked = _FORMATTING.sub(r"\\\g<0>", plain)
    marked = _DOT_IN_NAME.sub(r"\\.", _SCHEME.sub(r"\\:", marked))
    return _LIST.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", marked)


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of whole lines, or of whole words of a long line, each at most `most` once escaped."""
    found: list[str] = []
    for line in (harmless(line) for line in text.split("\n")):
        rest = line
        while length(escaped(rest)) > most:
            head = rest
            while length(escaped(head)) > most:
                head = _head(head, length(head) * 3 // 4)
            found.append(head)
            rest = rest[len(head) :].lstrip()
        if found and length(escaped(found[-1])) + length(escaped(rest)) + 1 <= most:
            found[-1] = f"{found[-1]}\n{rest}"
        else:
            found.append(rest)
    return found


def link(target: Link, most: int = 200) -> str:
    """The link under the publisher's name, if it is `honest`; the bare name where the address is no http(s) one."""
    url = canonical(target.url)
    if url is None:
        return markdown(target.text, most)
    # Within a link's words Discord reads brackets even behind a backslash.
    words = honest(target.text, url).translate({ord("["): "(", ord("]"): ")"})
    return f"[{markdown(words, most)}]({_closed(url)})"


def honest(name: str, url: str) -> str:
    """The name under which the link may stand, harmless; the host where it is none, or says another host."""
    host = host_of(url).removeprefix("www.")
    shown = harmless(name)
    spoken = [found[0].casefold() for found in _ADDRESS.finditer(shown)]
    fits = all(host == each.removeprefix("www.") or host.endswith(f".{each}") for each in spoken)
    return shown if shown and fits else host


def when(moment: datetime) -> str:
    """The date in the reader's zone and language; a publisher's bare date (midnight) belongs to no zone and stays."""
    if moment.astimezone(UTC).time() == time():
        return day(moment)
    return f"<t:{int(moment.timestamp())}:D>"


def calling(id: str, sign: str = "@&") -> str:
    """What Discord shows as the name behind an id: of a role, with @ of a person, with # of a channel."""
    return f"<{sign}{id}>" if id.isascii() and id.isdigit() else markdown(id)


def code(text: str) -> str:
    """A command to be typed, set as code."""
    return f"`{harmless(text).replace('`', 'ˋ')}`"


def _closed(url: str) -> str:
    """The address with nothing in it that ends a link of markdown."""
    return "".join(_NOT_IN_LINKS.get(each, each) for each in url)


def _head(text: str, most: int) -> str:
    """The beginning of the text, at most `most` units, ending at a blank if there is one in its second half."""
    end = taken = 0
    while end < len(text) and taken + length(text[end]) <= most:
        taken += length(text[end])
        end += 1
    blank = text.rfind(" ", end // 2, end + 1)
    if blank > 0:
        return text[:blank]
    while end > 1 and end < len(text) and _is_within(text, end):
        end -= 1
    return text[: max(1, end)]


def _is_within(text: str, at: int) -> bool:
    """Whether a cut there would break one visible character."""
    before, after = text[at - 1], text[at]
    joined = "\u200d" in (before, after) or unicodedata.combining(after) or after in "\ufe0e\ufe0f"
    return bool(joined) or "\U0001f3fb" <= after <= "\U0001f3ff" or is_tag(after) or _is_half_a_flag(text, at)


def _is_half_a_flag(text: str, at: int) -> bool:
    """Two letters make a flag, so in a row of flags only every second place is within one."""
    first = at
    while first and "\U0001f1e6" <= text[first - 1] <= "\U0001f1ff":
        first -= 1
    return (at - first) % 2 == 1 and "\U0001f1e6" <= text[at] <= "\U0001f1ff"
