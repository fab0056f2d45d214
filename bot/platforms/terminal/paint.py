"""Colours and links of a terminal (ECMA-48 SGR, OSC 8), or none of them."""

from __future__ import annotations

STYLES = {
    "bold": "1",
    "heading": "1;36",
    "quiet": "2",
    "facts": "2",
    "step": "36",
    "dot": "36",
    "new": "32",
    "expanded": "34",
    "renewed": "34",
    "memorandum": "33",
    "ended": "31",
}


class Paint:
    """Paints harmless text, or leaves it as it is where colours are not wanted."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, style: str) -> str:
        """The text in a style of `STYLES`; an unknown style is plain."""
        code = STYLES.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text else text

    def link(self, text: str, url: str) -> str:
        """The text as a link to the address, if that is plain ASCII and no escape can hide in it."""
        safe = url.isascii() and url.isprintable() and " " not in url and url.startswith(("https://", "http://"))
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self._colour and safe else text
