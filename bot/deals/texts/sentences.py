"""A text in sentences: where each begins and ends, without datelines, repeated titles and boilerplate.

The only owner of nupunkt.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

import nupunkt

READ = 12_000
"""Only so many characters of a text are read: the news stands at the top, and a hostile text may be endless."""

_LONGEST = 1_200  # a "sentence" beyond this is a table or a list; its rest is left out


class Span(NamedTuple):
    """`text[start:end]`."""

    start: int
    end: int


def split(text: str, title: int, most: int = sys.maxsize) -> tuple[Span, ...]:
    """The lines of `text`, whose first `title` characters are the title: line 0 is the title, the rest sentences.

    Line 0 is always there, and may be empty. Nothing beyond the first `READ` characters and `most` lines is read.
    """
    head = _trimmed(text, 0, min(title, READ))
    lines = [head]
    heading = text[head.start : head.end]
    for paragraph in _paragraphs(text[:READ], title):
        if _closes(text[paragraph.start : paragraph.end], len(lines)):
            break
        for line in _sentences(text, _without_title(text, paragraph, heading)):
            if len(lines) > 3 and _ABOUT.match(text, line.start, line.end):
                return tuple(lines)
            if not _is_chaff(text[line.start : line.end]):
                lines.append(line)
            if len(lines) >= most:
                return tuple(lines)
    return tuple(lines)


def is_headline_case(words: str) -> bool:
    """Whether nearly every longer word starts with a capital, so that capitals tell nothing about names."""
    if words.isascii() and sum(map(_CAPITALS.__contains__, words)) < _FEWEST:
        return False
    longer = [word for word in _LONGER.findall(words) if word.lower() not in _SMALL]
    return len(longer) >= _FEWEST and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


_FEWEST = 3  # words
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LONGER = re.compile(r"[^\W\d_][\w'’-]{3,}")
_SMALL = frozenset(
    ("with", "from", "into", "over", "after", "amid", "that", "this", "will", "their", "upon", "through", "between")
)

_WIRE = re.compile(
    r"(?:\((?:GLOBE ?NEWSWIRE|BUSINESS ?WIRE|PRNewswire|EZ Newswire|Reuters|AP|AFP|Marketwired|ACCESSWIRE|PRWEB|CNW)\)"
    r"|\([A-Z][\w. ]{1,24}\)(?=[^\n—–-]{0,60}? ?(?:--|—|–))|/ ?[A-Z\d][\w.-]{2,24}[^/\n]{0,40}/)"
    r"(?:[^\n—–]{0,60}Eastern)?\s*(?:--|—|–|-)?\s*"
)
_CITY = re.compile(
    r"(?:[A-Z][A-Z.'’ ]{2,30}|[A-Z][\w.]+(?: [A-Z][\w.]+)?, [A-Z][\w.]+),?(?: [A-Z][a-z]{1,8}\.?)?"
    r"(?:,? [A-Z][a-z]{2,8}\.? \d{1,2},? ?(?:\d{4})?,?)?(?: ?\(\w+\))? ?(?:--|—|–| -) "
)
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4} -- |(?:Reuters|AP|AFP|NewsFactor|TechWeb) - ")
_PLACE_BEFORE_WIRE = re.compile(r"[A-Z][A-Z.'’&, -]{2,60}[A-Z][\w.,&'’ -]{0,60}$")
_LABEL = re.compile(r"(?:[A-Z][\w’' ]{2,30}: ?)?(?:- |• )|(?:WHY IT MATTERS|THE LARGER TREND|ON THE RECORD):? ?")
_CLOSING = re.compile(
    r"(?:(?:About|ABOUT) (?:the )?[A-Z0-9]|(?i:forward[- ]looking statements?|safe harbou?r"
    r"|(?:media |press |investor )?contacts?\b|for more information\b|view original|source:? "
    r"|cautionary (?:note|statement)))"
)
_ABOUT = re.compile(r"About (?:the )?[A-Z][\w.&®™-]*")
_CHAFF = re.compile(r"(?i)(?:the post .{0,300}appeared first on|share article|read more\b|click here)")


def _paragraphs(text: str, title: int) -> Iterator[Span]:
    for found in re.finditer(r"[^\n]+", text[title:]):
        yield Span(title + found.start(), title + found.end())


def _closes(words: str, lines: int) -> bool:
    """Whether the story ends here: a heading such as "About Acme", or the legal small print."""
    opening = words.strip()
    return (
        lines > 2
        and len(opening) < 400
        and _CLOSING.match(opening) is not None
        and (len(opening) < 80 or not opening.lower().startswith("about"))
    )


def _without_title(text: str, paragraph: Span, heading: str) -> Span:
    start, end = _trimmed(text, *paragraph)
    if heading and text.startswith(heading, start, end):
        start += len(heading)
    return _trimmed(text, start, end)


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    for piece in _around_dateline(text, paragraph):
        for start, end in nupunkt.sent_spans(text[piece.start : piece.end]):
            line = _trimmed(text, piece.start + start, min(piece.start + end, piece.start + start + _LONGEST))
            label = _LABEL.match(text, line.start, line.end)
            line = _trimmed(text, label.end(), line.end) if label else line
            if line.end > line.start:
                yield line


def _around_dateline(text: str, paragraph: Span) -> list[Span]:
    """The paragraph without its dateline; what a one-paragraph text says before it is a piece of its own."""
    start, end = paragraph
    wire = _WIRE.search(text, start, min(end, start + 900))
    if wire is None:
        plain = _CITY.match(text, start, end) or _DATE.match(text, start, end)
        return [Span(plain.end() if plain else start, end)]
    place = _PLACE_BEFORE_WIRE.search(text, start, wire.start())
    before = Span(start, place.start() if place else wire.start())
    after = Span(wire.end(), end)
    return [before, after] if before.end - before.start > 60 else [after]


def _is_chaff(words: str) -> bool:
    return not any(letter.isalpha() for letter in words) or _CHAFF.match(words) is not None


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
