"""RSS, Atom, RDF and JSON Feed bodies → entries (the only owner of feedparser).

What makes an entry the same entry: it is known when its link or its title with its date is known, or, where it has no
link of its own, its guid. A guid alone never makes a linked entry new: publishers change guids more often than links.
A link counts only when it belongs to one entry of the body and is not the site's own address.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from feedparser.datetimes import _parse_date

from bot.feeds.dates import read_date, usable, usual
from bot.feeds.encoding import decode
from bot.feeds.entries import LONGEST_TITLE, Asked, Item, build_entries
from bot.feeds.hubs import read_hub
from bot.feeds.json_feed import parse_json
from bot.feeds.links import canonical
from bot.feeds.model import NotAFeed, ParsedFeed
from bot.feeds.repair import repair, shorten
from bot.feeds.rhythm import read_rhythm
from bot.feeds.strict import StrictItem, read_strictly
from bot.feeds.text import clean_line

_CHALLENGE = re.compile(
    r"just a moment\.\.\.|cf-chl|cf-challenge|challenge-platform|captcha|are you a (?:human|robot)|"
    r"enable javascript and cookies|incapsula|datadome|perimeterx|access denied",
    re.IGNORECASE,
)
_LOG_IN = re.compile(r"""type=["']?password""", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE_ENDS = re.compile(r"</(?:\w{1,20}:)?title\s*>", re.IGNORECASE)
_LINK_ENDS = re.compile(r"</(?:\w{1,20}:)?link\s*>|<(?:\w{1,20}:)?link\b[^<>]*/>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)


def parse(
    body: bytes,
    *,
    feed_url: str,
    content_type: str,
    base: str | None = None,
    now: datetime | None = None,
    known: Collection[str] = (),
    since: datetime | None = None,
    links: str = "",
) -> ParsedFeed | NotAFeed:
    """The entries of one body, cleaned, newest first, at most 500; or a sentence that says why it holds no feed.

    What is asked is told by `Asked`; without a `base`, relative links are taken from the feed's own address. A feed
    without entries is a feed. Hostile bodies may take long or raise MemoryError and RecursionError: call this only
    where time and memory are limited.
    """
    if not isinstance(body, bytes):
        raise TypeError("a body is bytes; feedparser opens addresses and paths given as str")
    asked = Asked(feed_url, base or feed_url, now, known, since, links)
    text = decode(body, content_type).lstrip()
    if not text:
        return NotAFeed("The answer is empty")
    if text[0] in "{[":
        return parse_json(text, asked)
    if not _ROOT.search(text, 0, 100_000) and _PAGE.search(text, 0, 5_000):
        return NotAFeed(_what_page(text))
    text, left_out = shorten(repair(text))
    return parse_plain(text, left_out, asked) or parse_any(text, left_out, asked)


def parse_plain(text: str, left_out: int, asked: Asked) -> ParsedFeed | None:
    """By the quick reader; None where only feedparser may read it."""
    found = read_strictly(text)
    if found is None:
        return None
    site = canonical(found.link, asked.base)
    built = build_entries((_plain_item(each, asked.now) for each in found.items), asked, site=site)
    return ParsedFeed(
        format=found.version,
        title=clean_line(found.title)[:LONGEST_TITLE],
        site=site,
        entries=built.entries,
        rhythm=read_rhythm(found.told, text, read_hub(text, asked.links, asked.base)),
        dropped=built.dropped + left_out,
        known=built.known,
    )


def parse_any(text: str, left_out: int, asked: Asked) -> ParsedFeed | NotAFeed:
    """By feedparser, which reads everything."""
    found = _read(text, asked.base)
    if not found.get("version"):
        return NotAFeed(_what_page(text) if _PAGE.search(text) else "This is not a feed that can be read")
    site = canonical(found.feed.get("link") or "", asked.base)
    whole = found.entries[:-1] if _ends_within_a_name(text) else found.entries
    built = build_entries((_item(each, asked.now) for each in whole), asked, site=site)
    return ParsedFeed(
        format=str(found.version),
        title=clean_line(found.feed.get("title") or "")[:LONGEST_TITLE],
        site=site,
        entries=built.entries,
        rhythm=read_rhythm(found.feed, text, read_hub(text, asked.links, asked.base)),
        fault="The feed is not well-formed XML" if found.get("bozo") else None,
        dropped=built.dropped + left_out,
        known=built.known,
    )


def _read(text: str, base: str) -> Any:
    """feedparser's answer. It gets a stream: even bytes it would first try to open as a file name."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    stream = io.BytesIO(text.encode("utf-8"))
    return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _ends_within_a_name(text: str) -> bool:
    """Whether a body was cut before its last item's title and link were whole: half of one would name another entry."""
    opened, closed = (max(text.rfind(f"{tag}item"), text.rfind(f"{tag}entry")) for tag in ("<", "</"))
    return opened > closed and not (_TITLE_ENDS.search(text, opened) and _LINK_ENDS.search(text, opened))


def _what_page(text: str) -> str:
    start = text[:200_000]
    if _CHALLENGE.search(start):
        return "This is a check for robots or a refusal, not a feed"
    if _LOG_IN.search(start):
        return "This is a log-in page, not a feed"
    return "This is a web page, not a feed"


def _plain_item(item: StrictItem, now: datetime | None) -> Item:
    dates = (usual(date) or told(date) for date in item.dates)
    published = next((moment for date in dates if (moment := usable(date, now))), None)
    return Item(item.guid, item.link, item.title, tuple(dict.fromkeys(item.bodies)), published)


def told(date: str) -> datetime | None:
    """The moment a date names, as feedparser reads it; what it cannot read, we try."""
    return _moment(parsed) if (parsed := _parse_date(date)) else read_date(date)


def _item(entry: Any, now: datetime | None) -> Item:
    return Item(
        guid=(entry.get("id") or "").strip(),
        link=entry.get("feedburner_origlink") or entry.get("link") or "",
        title=entry.get("title") or "",
        bodies=tuple(dict.fromkeys(body for body in _bodies(entry) if body)),
        published=next((moment for date in _dates(entry) if (moment := usable(date, now))), None),
    )


def _bodies(entry: Any) -> Iterator[str]:
    for content in entry.get("content") or ():
        if (content.get("type") or "").startswith(("text/", "application/xhtml")):
            yield content.get("value") or ""
    yield entry.get("summary") or ""


def _dates(entry: Any) -> Iterator[datetime | None]:
    for name in ("published", "created", "updated"):
        # `in` first: asking for a missing `updated` makes feedparser warn and answer with `published`.
        if name not in entry:
            continue
        parsed = entry.get(f"{name}_parsed")
        yield _moment(parsed) if parsed else read_date(entry[name] or "")


def _moment(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
