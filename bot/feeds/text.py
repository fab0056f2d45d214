"""Markup as published → plain text (the only owner of lxml)."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import Any

from lxml import etree

_MAXIMUM_MARKUP = 400_000
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_LITERAL_TAG = re.compile(r"</?(?:p|br|div|span|strong|em|a|ul|ol|li|img|h[1-6]|b|i)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_LONE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_DROPPED = frozenset([
    "script", "style", "noscript", "template", "head", "form", "button", "select", "textarea", "option", "nav",
    "aside", "iframe", "object", "embed", "svg", "math", "audio", "video", "canvas", "map", "dialog", "footer",
    "figcaption",
])  # fmt: skip
_VOID = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
])  # fmt: skip
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
    "wbr", "time", "data",
])  # fmt: skip
_SPACED = frozenset([
    "img", "td", "th", "input", "ruby", "rt", "rp",
])  # fmt: skip
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sharedaddy|social|addtoany|addthis|a2a|jp-relatedposts|related-?posts?|newsletter"
    r"|subscribe|breadcrumbs?|screen-reader-text|sr-only|visually-hidden|feedflare|wp-block-buttons?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_LINE = re.compile(
    r"(?:the post .{1,400} (?:first )?appeared (?:first )?on .{1,120}"
    r"|reply (?:to this post|(?:via|by) e-?mail)|(?:continue|keep) reading\b.{0,200}"
    r"|read more(?: (?:here|about|at|on)\b.{0,60})?|read the full (?:story|article|post|release)\b.{0,40}|learn more"
    r"|share(?: this| on .{1,20})?|tweet|like this|like loading|loading|related|email|print|pin it|advertisement"
    r"|(?:facebook|twitter|linkedin|x|email|print|share|tweet|whatsapp|reddit|copy link)"
    r"(?:[ |·/,]+(?:facebook|twitter|linkedin|x|email|print|share|tweet|whatsapp|reddit|copy link))+)[\s.:…»→]*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s*(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:read more|continue reading\b.{0,200})[\s.…»→]*$", re.IGNORECASE
)

_JOINING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc"
_PICTURE = "\u203c-\u3299\ufe0f\U0001f000-\U0001faff"
_HIDDEN = re.compile(
    # joiners that a script or an emoji needs (kept), then all that nobody sees or that turns text around
    f"((?<=[{_JOINING}])[\u200c\u200d]|(?<=[{_PICTURE}])\u200d(?=[{_PICTURE}]))"
    "|[\x00-\x08\x0e-\x1f\x7f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_PERHAPS_HIDDEN = re.compile(  # a single set of characters, and so much quicker than what it guards
    "[\x00-\x08\x0e-\x1f\x7f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_C1 = re.compile("[\x80-\x9f]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED_MARKS = re.compile(f"({_MARKS}{{8}}){_MARKS}+")
_BREAKS = re.compile("[\r\x0b\x0c\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")


def clean(markup: str) -> str:
    """The readable text of `markup`, one paragraph a line, ready to be quoted and searched.

    Scripts, forms, navigation, captions and share bars are left out; block elements become line breaks; entities are
    decoded, twice where the publisher escaped twice; the text is NFC without control, bidi, zero-width and tag
    characters, white space folded. What is not markup is taken as plain text. Time grows linearly with size; beyond
    400,000 characters the rest is left out.
    """
    text = _flatten(markup[:_MAXIMUM_MARKUP])
    if _LITERAL_TAG.search(text):
        # Some publishers escape their HTML twice: after one decoding the tags still stand in the text.
        text = _flatten(text)
    return tidy(_decoded(text))


def tidy(text: str) -> str:
    """Plain text, one paragraph a line, without what nobody sees and without lines such as "Share this"."""
    lines = (" ".join(line.split()) for line in _visible(text).split("\n"))
    return "\n".join(_without_more(line) for line in lines if line and not _FURNITURE_LINE.fullmatch(line))


def _without_more(line: str) -> str:
    return _MORE.sub("…", line) if "…" in line or "..." in line else line


def clean_line(text: str) -> str:
    """A title as one line of plain text; the same cleaning, but a bare `<` or `&` stays what it is."""
    text = text[:_MAXIMUM_MARKUP]
    flat = _flatten(text) if _TAG.search(text) else _decoded(text)
    return " ".join(_visible(_decoded(flat)).split())


def _flatten(markup: str) -> str:
    """Markup without its tags. Text that has none keeps its paragraphs: blank lines, and lines that end a sentence."""
    if not _TAG.search(markup):
        return _paragraphs(_decoded(markup))
    parser = _parser()
    try:
        # Without an element around it, libxml2 puts a leading text where the head's rules apply.
        parser.feed("<html><body>" + _LONE_AMPERSAND.sub("&amp;", _UNREADABLE.sub("", markup)))
        return str(parser.close())
    except BaseException:
        _parser.cache_clear()  # nobody knows what it has left half done
        raise


@cache
def _parser() -> etree.HTMLParser:
    """Used again and again: to make one, lxml looks at each of the target's methods, which takes longer than a text."""
    # lxml calls only the methods that a target has; its stub asks for all of them.
    target: Any = _Text()
    return etree.HTMLParser(target=target, remove_comments=True, remove_pis=True, no_network=True)


def _decoded(text: str) -> str:
    return _ENTITY.sub(_decode, text) if "&" in text else text


def _decode(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _paragraphs(text: str) -> str:
    kept: list[str] = []
    for line in text.splitlines():
        words = line.strip()
        wrapped = bool(kept) and bool(kept[-1]) and bool(words) and not _SENTENCE_END.search(kept[-1])
        if wrapped:
            kept[-1] += " " + words
        else:
            kept.append(words)
    return "\n".join(kept)


class _Text:
    """Collects what a reader would see while libxml2 walks the markup; a target, so that no tree is ever built."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._hidden: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._hidden:
            if tag == self._hidden[0]:
                self._hidden.append(tag)
        elif tag not in _VOID and (tag in _DROPPED or _is_furniture(attributes)):
            self._hidden.append(tag)
        self._separate(tag)

    def end(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()
        self._separate(tag)

    def data(self, text: str) -> None:
        if not self._hidden:
            self._pieces.append(text.replace("\n", " "))

    def close(self) -> str:
        text = "".join(self._pieces)
        self._pieces, self._hidden = [], []
        return text

    def _separate(self, tag: str) -> None:
        if tag in _INLINE:
            return
        self._pieces.append(" " if tag in _SPACED or "-" in tag else "\n")


def _is_furniture(attributes: dict[str, str]) -> bool:
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    label = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return bool(_FURNITURE_CLASS.search(label[:500]))


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text)
    if text.isascii():
        return _CONTROLS.sub("", text)
    text = unicodedata.normalize("NFC", _C1.sub(_windows, text))
    if _PERHAPS_HIDDEN.search(text):
        text = _HIDDEN.sub(lambda found: found[1] or "", text)
    return _PILED_MARKS.sub(r"\1", text)


def _windows(character: re.Match[str]) -> str:
    """C1 controls on the web are Windows-1252 characters that somebody mislabelled (WHATWG HTML, 13.2.5.80)."""
    return character[0].encode("latin-1").decode("windows-1252", "ignore")
