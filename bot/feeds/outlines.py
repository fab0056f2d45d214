"""A list of feeds as somebody else wrote it (OPML) → addresses. For where time and memory are limited."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bot.feeds.encoding import decode
from bot.feeds.links import canonical
from bot.feeds.model import NotAFeed
from bot.feeds.opml import LARGEST, MOST, FeedList, Outline
from bot.feeds.text import clean_line


def read_opml(body: bytes, content_type: str = "") -> FeedList | NotAFeed:
    """The feeds of a list, however deep they stand in it. Entities are never expanded, and nothing is looked up."""
    if len(body) > LARGEST:
        return NotAFeed("The list is larger than 1 MiB")
    found = _Outlines()
    # lxml calls only the methods that a target has; its stub asks for all of them.
    target: Any = found
    parser = etree.XMLParser(
        target=target, recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
    )
    try:
        parser.feed(decode(body, content_type).lstrip().encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:
        pass  # what could be read before it counts
    if not found.is_opml:
        return NotAFeed("This is not a list of feeds (OPML)")
    kept = list(found.outlines.values())
    return FeedList(tuple(kept[:MOST]), max(len(kept) - MOST, 0), found.refused)


class _Outlines:
    """Collects outlines while lxml reads: nothing of the list itself is kept."""

    def __init__(self) -> None:
        self.is_opml = False
        self.outlines: dict[str, Outline] = {}
        self.refused = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.is_opml = self.is_opml or tag == "opml"
        # libxml2 leaves its own spelling of "&" in attributes when it is told to expand no entities.
        told = {name.lower(): value.replace("&#38;", "&") for name, value in attributes.items()}
        if tag != "outline":
            return
        if not (address := told.get("xmlurl")):
            return
        url = canonical(address)
        if url is None:
            self.refused += 1
            return
        title = clean_line(told.get("title") or told.get("text") or "")[:256]
        self.outlines.setdefault(url, Outline(url, title, canonical(told.get("htmlurl") or "")))

    def close(self) -> None:
        """Nothing is left to do at the end."""
