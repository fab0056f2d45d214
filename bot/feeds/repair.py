"""An XML document as published → one that a strict parser can read, without what only attacks need."""

from __future__ import annotations

import re
from html.entities import html5

ITEMS_AT_EACH_END = 750

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}(?:\[[^\]]{0,100000}\]\s{0,100})?>", re.IGNORECASE)
_OTHER_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WHERE_DOCTYPES_STAND = 105_000
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?"
)


def repair(text: str) -> str:
    """The document without XML declaration, DOCTYPE and entities of its own, and with every `&` well-formed.

    A lone `&` is escaped and HTML's entities become characters: else one `AT&T` or `&nbsp;` sends the whole feed to
    feedparser's loose parser, which makes `AT&T;` of the one and can expand entities without limit.
    """
    text = _DECLARATION.sub("", text, count=1)
    doctype = _DOCTYPE.search(text, 0, _WHERE_DOCTYPES_STAND)
    text = text[: doctype.start()] + text[doctype.end() :] if doctype else text
    first, *rest = _OTHER_DECLARATION.sub("", text).split(_CDATA)
    return "".join([_AMPERSAND.sub(_well_formed, first), *map(_after_cdata, rest)])


def shorten(text: str) -> tuple[str, int]:
    """The document with its first and last 750 items, as the newest may stand at either end; and how many are gone."""
    starts = [found.start() for found in _ITEM.finditer(text)]
    left_out = len(starts) - 2 * ITEMS_AT_EACH_END
    if left_out <= 0:
        return text, 0
    return text[: starts[ITEMS_AT_EACH_END]] + text[starts[-ITEMS_AT_EACH_END] :], left_out


def _after_cdata(text: str) -> str:
    inside, end, outside = text.partition(_CDATA_END)
    return f"{_CDATA}{inside}{end}{_AMPERSAND.sub(_well_formed, outside)}"


def _well_formed(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        return found[0] if _is_in_xml(int(decimal) if decimal else int(hexadecimal, 16)) else ""
    if name is None:
        return "&amp;" + found[0][1:]
    return "".join(f"&#{ord(each)};" for each in html5.get(f"{name};", "")) or f"&amp;{name};"


def _is_in_xml(code: int) -> bool:
    """Whether XML 1.0 (2.2) knows the character; references to any other stop a parser, or worse."""
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
