"""An entry as the recogniser sees it: its lines, and the names of organisations in them."""

from __future__ import annotations

from bot.deals.texts import names, sentences
from bot.deals.texts.reading import Line, Reading
from bot.feeds.model import Entry, Feed

LINES = 25
"""So many lines of a text are read: the news stands at the top, and further down is background at best."""


def read(entry: Entry, feed: Feed) -> Reading:
    """Split the text and find its names. Works on any text; only its first `sentences.READ` characters are read."""
    spans = sentences.split(entry.text, len(entry.title), LINES)
    found = names.find(entry.text, spans, feed.owner)
    lines = (Line(span.start, span.end, inside) for span, inside in zip(spans, found, strict=True))
    return Reading(entry, feed, tuple(lines))
