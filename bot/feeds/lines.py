"""Posts as JSON lines → entries: how other programs hand us what they have, one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.feeds.dates import read_date
from bot.feeds.links import canonical
from bot.feeds.model import Entry, Feed, Register
from bot.feeds.text import clean, clean_line, tidy

_NOWHERE = "https://example.org/feed"
_WIRES = re.compile(r"globe ?newswire|business ?wire|pr ?newswire|accesswire|ein presswire|newswire|knowledgator", re.I)


@dataclass(frozen=True, slots=True)
class Post:
    """One line as it was handed over: its own id as JSON, the entry, and the feed that it could come from."""

    id: str | int
    entry: Entry
    feed: Feed


@dataclass(frozen=True, slots=True)
class NoPost:
    """A line that holds no post; `id` is its own where it has one, `reason` a sentence for people."""

    reason: str
    id: str | int | None = None


def read_line(line: bytes, key: str) -> Post | NoPost:
    """The post of one JSON line in UTF-8. `key` becomes the entry's id: unique, whatever ids the lines have.

    Known fields: `id`, `title`, `text` (plain) or `html`, `url`, `published` (ISO or RFC 5322; a month or a year
    counts from its first day), `source`, `publisher` (the organisation that speaks as "we") and `register`.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return NoPost("this is not JSON in UTF-8")
    return read_row(row, key) if isinstance(row, dict) else NoPost("this is not a JSON object")


def read_row(row: Mapping[str, object], key: str) -> Post | NoPost:
    """The post of one object; the fields are those of `read_line`."""
    id = row.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int):
        return NoPost("the field id is missing, or neither text nor a number")
    wrong = [name for name in _TEXTS if not isinstance(row.get(name), str | None)]
    if wrong:
        return NoPost(f"not text: {', '.join(wrong)}", id)
    texts = {name: str(row.get(name) or "") for name in _TEXTS}
    if not any(texts[name].strip() for name in ("title", "text", "html")):
        return NoPost("there is neither a title nor a text", id)
    return Post(id, _entry(texts, key), _feed(texts))


_TEXTS = ("title", "text", "html", "url", "published", "source", "publisher", "register")


def _entry(texts: Mapping[str, str], key: str) -> Entry:
    title = clean_line(texts["title"])
    body = clean(texts["html"]) if texts["html"].strip() else tidy(texts["text"])
    return Entry(
        id=key,
        keys=(key,),
        title=title,
        body="" if body == title else body,
        url=canonical(texts["url"]),
        published=_date(texts["published"]),
    )


def _date(words: str) -> datetime | None:
    if short := re.fullmatch(r"\s*((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?\s*", words):
        return datetime(int(short[1]), int(short[2] or 1), 1, tzinfo=UTC)
    return read_date(words)


def _feed(texts: Mapping[str, str]) -> Feed:
    owner = texts["publisher"].strip() or None
    return Feed(_NOWHERE, texts["source"] or "JSON lines", owner=owner, register=_register(texts, owner))


def _register(texts: Mapping[str, str], owner: str | None) -> Register:
    """What the line says; else a publisher makes it a vendor's blog, and a wire a press release."""
    if texts["register"] in set(Register):
        return Register(texts["register"])
    if owner:
        return Register.VENDOR_BLOG
    return Register.PRESS_RELEASE if _WIRES.search(texts["source"]) else Register.TRADE_NEWS
