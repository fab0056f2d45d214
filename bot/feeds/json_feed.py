"""JSON Feed 1 and 1.1 → items (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape

from bot.feeds.dates import read_date, usable
from bot.feeds.entries import Asked, Item, build_entries
from bot.feeds.hubs import read_hub
from bot.feeds.links import canonical
from bot.feeds.model import NotAFeed, ParsedFeed, Rhythm
from bot.feeds.text import clean_line

_NO_FEED = NotAFeed("This is JSON, but not a JSON Feed")
_MOST_ITEMS = 1_500


def parse_json(text: str, asked: Asked) -> ParsedFeed | NotAFeed:
    """What a JSON body says. Fields of a wrong type count as missing, so one bad item never spoils the others."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return NotAFeed("This looks like JSON, but it cannot be read")
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in _string(feed, "version"):
        return _NO_FEED
    items = feed.get("items")
    if not isinstance(items, list):
        return _NO_FEED
    site = canonical(_string(feed, "home_page_url"), asked.base)
    built = build_entries(_items(items[:_MOST_ITEMS], asked.now), asked, site=site)
    return ParsedFeed(
        format="json",
        title=clean_line(_string(feed, "title"))[:256],
        site=site,
        entries=built.entries,
        rhythm=Rhythm(hub=read_hub("", asked.links, asked.base)),
        dropped=built.dropped + max(len(items) - _MOST_ITEMS, 0),
        known=built.known,
    )


def _items(items: list[object], now: datetime | None) -> Iterator[Item]:
    for item in items:
        if isinstance(item, dict):
            yield _item(item, now)


def _item(item: dict[str, object], now: datetime | None) -> Item:
    dates = (_string(item, name) for name in ("date_published", "date_modified"))
    guid = item.get("id")
    plain = (escape(_string(item, name), quote=False) for name in ("content_text", "summary"))
    return Item(
        guid=str(guid).strip() if isinstance(guid, str | int | float) else "",
        link=_string(item, "url") or _string(item, "external_url"),
        title=escape(_string(item, "title"), quote=False),
        bodies=tuple(body for body in (_string(item, "content_html"), *plain) if body),
        published=next((moment for date in dates if (moment := usable(read_date(date), now))), None),
    )


def _string(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
