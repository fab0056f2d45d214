"""Lists of feeds as readers exchange them: OPML 2.0 (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from bot.feeds.model import Feed

MOST = 200
LARGEST = 1024 * 1024
"""Bytes. Longer lists are not worth their risk."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list; its address is canonical, its title may be empty."""

    url: str
    title: str
    site: str | None


@dataclass(frozen=True, slots=True)
class FeedList:
    """The first 200 feeds of a list, each once; `dropped` counts those after them, `refused` what is no web address."""

    outlines: tuple[Outline, ...]
    dropped: int = 0
    refused: int = 0


def write_opml(feeds: Sequence[Feed]) -> str:
    """A list that every feed reader takes."""
    lines = (
        f'    <outline type="rss" text={quoteattr(feed.title)} title={quoteattr(feed.title)} '
        f"xmlUrl={quoteattr(feed.url)}{f' htmlUrl={quoteattr(feed.site)}' if feed.site else ''}/>"
        for feed in feeds
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>Feeds</title></head>\n  <body>'
    return "\n".join([head, *lines, "  </body>", "</opml>"]) + "\n"
