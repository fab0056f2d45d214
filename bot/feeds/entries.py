"""Items of a body, whatever its format → entries: cleaned, named, each once, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from bot.feeds.keys import hash_key
from bot.feeds.links import canonical
from bot.feeds.model import Entry
from bot.feeds.text import clean, clean_line

MOST = 500
LONGEST_TITLE = 256
LONGEST_BODY = 20_000
_LONGEST_GUID = 512
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as published: nothing cleaned yet. `bodies` are its contents and summaries, as markup."""

    guid: str
    link: str
    title: str
    bodies: tuple[str, ...]
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Built:
    """Entries, and how many more there were: `dropped` beyond the limit, `known` by their keys."""

    entries: tuple[Entry, ...]
    dropped: int
    known: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which feed entries are wanted, and which of them.

    `feed_url` names the feed, `base` is the address that answered. Entries of which a key's hash is `known` are only
    counted, before their bodies are cleaned, which is what costs; those published before `since` are nobody's news and
    go without a body. Dates more than a day after `now` count as missing. `links` are the answer's Link headers.
    """

    feed_url: str
    base: str
    now: datetime | None = None
    known: Collection[str] = ()
    since: datetime | None = None
    links: str = ""


def build_entries(items: Iterable[Item], asked: Asked, *, site: str | None) -> Built:
    """The newest 500 entries, newest first (undated ones last, in their order)."""
    ordered = sorted(_once(items), key=lambda item: item.published or _BEGINNING, reverse=True)
    kept = ordered[:MOST]
    links = [canonical(item.link, asked.base) for item in kept]
    names = _Names(kept, links, site)
    named = [(item, link, names.keys(item, link)) for item, link in zip(kept, links, strict=True)]
    fresh = [each for each in named if not asked.known or not any(hash_key(key) in asked.known for key in each[2])]
    unique = {keys[0]: _entry(item, link, keys, asked) for item, link, keys in reversed(fresh)}
    return Built(tuple(reversed(unique.values())), len(ordered) - len(kept), len(named) - len(fresh))


def _once(items: Iterable[Item]) -> list[Item]:
    """Items without exact repetitions: same link and title, or same link and guid, whatever else differs."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for item in items:
        same = {("title", item.link, _fold(item.title)), ("guid", item.link, item.guid)} if item.link else set()
        if item.guid == "":
            same.discard(("guid", item.link, ""))
        if not same & seen:
            kept.append(item)
        seen |= same
    return kept


class _Names:
    """Knows which links and guids name one item only: a link that all share, or the site's own, names nothing."""

    def __init__(self, items: Sequence[Item], links: Sequence[str | None], site: str | None) -> None:
        self._links = Counter(link for link in links if link)
        self._guids = Counter(item.guid for item in items if item.guid)
        self._site = _bare(site or "")

    def keys(self, item: Item, link: str | None) -> tuple[str, ...]:
        keys = []
        if link and self._links[link] == 1 and _bare(link) != self._site:
            keys.append(f"link:{link}")
        elif item.guid and self._guids[item.guid] == 1:
            keys.append(f"guid:{item.guid[:_LONGEST_GUID]}")
        return (*keys, f"title:{_words(item)}|{item.published.isoformat() if item.published else ''}")


def _bare(url: str) -> str:
    """An address without what publishers write now so, now so."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _words(item: Item) -> str:
    return _fold(item.title) or _fold(next(iter(item.bodies), ""))


@lru_cache(maxsize=1_024)  # each is asked for twice, by what is once and by its keys
def _fold(title: str) -> str:
    return clean_line(title[:4_000]).casefold()[:LONGEST_TITLE]


def _entry(item: Item, link: str | None, keys: tuple[str, ...], asked: Asked) -> Entry:
    is_old = asked.since is not None and item.published is not None and item.published < asked.since
    bodies = () if is_old else item.bodies
    name = f"{asked.feed_url}\0{keys[0]}".encode("utf-8", "replace")
    return Entry(
        id=blake2b(name, digest_size=8).hexdigest(),
        keys=keys,
        title=_cut(clean_line(item.title), LONGEST_TITLE),
        body=_cut(max((clean(body) for body in bodies), key=len, default=""), LONGEST_BODY),
        url=link,
        published=item.published,
    )


def _cut(text: str, longest: int) -> str:
    """The text up to its last whole word within the limit."""
    if len(text) <= longest:
        return text
    words = text[:longest]
    end = max(words.rfind(" "), words.rfind("\n"))
    return words[: end if end > longest // 2 else longest].rstrip()
