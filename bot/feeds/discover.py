"""A web page → its title, and where its feed may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bot.feeds.encoding import decode
from bot.feeds.links import canonical, host_of
from bot.feeds.text import clean_line

MOST = 12
USUAL = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
_WHERE = 512 * 1024
_TAG = re.compile(r"<(link|a)\b([^<>]{1,4000})>", re.IGNORECASE)
# The border in front and the bound keep a tag of one endless word from being read anew at each of its letters.
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-zA-Z-]{1,40})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FEED_TYPE = re.compile(
    r"^\s*(?:application/(?:rss|atom|rdf)\+xml|application/feed\+json|text/rss\+xml)", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"(?:^|[/._?=-])(?:rss|feed|feeds|atom|rdf)(?:[/._?&=-]|$)|(?:rss|atom|feed|index)\.(?:xml|json|rdf)$",
    re.IGNORECASE,
)
_TITLES = (
    re.compile(r"""<meta[^>]{0,200}property=["']og:title["'][^>]{0,200}content=["']([^"'<>]{1,400})""", re.IGNORECASE),
    re.compile(r"<h1[^>]{0,400}>([^<]{1,400})</h1>", re.IGNORECASE),
    re.compile(r"<title[^>]{0,200}>([^<]{1,400})", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself: its title, empty where it has none, and the addresses to try for its feed."""

    title: str
    feeds: tuple[str, ...]


def about(page: bytes, content_type: str, url: str) -> About:
    """The page's title as it is shared, headed or named, and its candidates."""
    head = decode(page[:_WHERE], content_type)
    found = (match[1] for pattern in _TITLES if (match := pattern.search(head)))
    return About(next(filter(None, map(clean_line, found)), ""), candidates(page, content_type, url))


def candidates(page: bytes, content_type: str, url: str) -> tuple[str, ...]:
    """At most 12 addresses to try, the best first: what the page declares, what it links to, then usual addresses.

    `url` is the address of the page; addresses it declares may stand on other hosts, links must stay on its own.
    """
    tags = list(_tags(decode(page[:_WHERE], content_type)))
    declared = (attributes["href"] for tag, attributes in tags if tag == "link" and _declares(attributes))
    linked = (attributes["href"] for tag, attributes in tags if tag == "a" and _looks_like_feed(attributes["href"]))
    found = [canonical(address, url) for address in declared]
    found += [same for address in linked if (same := canonical(address, url)) and _is_near(same, url)]
    # Whatever the page links to, the usual addresses keep half of the places.
    kept = list(dict.fromkeys(address for address in found if address and address != canonical(url)))
    usual = (canonical(address, url) for address in USUAL)
    every = dict.fromkeys([*kept[: MOST - len(USUAL)], *(address for address in usual if address)])
    return tuple(every)[:MOST]


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag, inside in _TAG.findall(text):
        pairs = ((name.lower(), unescape(a or b or c)) for name, a, b, c in _ATTRIBUTE.findall(inside))
        attributes = dict(pairs)
        if attributes.get("href"):
            yield tag.lower(), attributes


def _declares(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    return "alternate" in relations and bool(_FEED_TYPE.match(attributes.get("type", "")))


def _looks_like_feed(address: str) -> bool:
    return bool(_FEED_PATH.search(address.partition("#")[0])) and not address.startswith(("mailto:", "javascript:"))


def _is_near(address: str, url: str) -> bool:
    """Whether both stand with one publisher: the same host, or one below the other's."""
    one, other = host_of(address).removeprefix("www."), host_of(url).removeprefix("www.")
    return one == other or one.endswith("." + other) or other.endswith("." + one)
