"""Who tells us when a feed has something new (WebSub, https://www.w3.org/TR/websub/), and for how long. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

from bot.feeds.links import absolute
from bot.feeds.model import Hub

WANTED = timedelta(days=10)
"""For how long we ask to be told; the hub decides."""

SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=10), timedelta(days=30)
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)
AFTER_REFUSAL = timedelta(days=7)

_HEAD = 50_000
_LINK = re.compile(r"<(?:[a-zA-Z][\w-]{0,20}:)?link\b([^<>]{1,4000})>", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(rel|href)\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HEADER = re.compile(r'<([^<>]{1,2048})>((?:\s*;\s*[\w*-]{1,20}\s*=\s*(?:"[^"]{0,200}"|[^\s",;]{1,200})){1,8})')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))', re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,9}")


def read_hub(text: str, links: str, base: str) -> Hub | None:
    """The hub that a feed names, and the name under which the hub knows it.

    `links` are the answer's Link headers, which count before the feed's own `text`; `base` is the address that
    answered, which is the feed's name where it gives itself none.
    """
    return _hub(_of_headers(links), base) or _hub(_of_text(text), base)


def read_lease(seconds: str, now: datetime) -> tuple[datetime, datetime]:
    """Until when a hub that grants so many `seconds` tells us, and when to ask it again; a day where that is no number.

    Three quarters of the lease have passed then, so that there is time for more than one try.
    """
    granted = timedelta(seconds=int(seconds)) if _SECONDS.fullmatch(seconds) else timedelta(days=1)
    lease = min(max(granted, SHORTEST_LEASE), LONGEST_LEASE)
    return now + lease, now + lease * 3 / 4


def next_try(tries: int, now: datetime) -> datetime:
    """When to ask a hub again that did not answer `tries` times: 1, 2, 4 … 24 hours."""
    return now + min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 5)), LONGEST_WAIT)


def _hub(found: Iterator[tuple[str, str]], base: str) -> Hub | None:
    named: dict[str, str] = {}
    for relations, address in found:
        for relation in relations.lower().split():
            if relation in ("hub", "self") and (url := absolute(address, base)):
                named.setdefault(relation, url)
    return Hub(named["hub"], named.get("self", base)) if "hub" in named else None


def _of_headers(links: str) -> Iterator[tuple[str, str]]:
    for address, parameters in _HEADER.findall(links):
        if relation := _RELATION.search(parameters):
            yield relation[1] or relation[2] or "", address


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    first = _ITEM.search(text, 0, _HEAD)
    for inside in _LINK.findall(text, 0, first.start() if first else _HEAD):
        told = {name.lower(): unescape(one or two) for name, one, two in _ATTRIBUTE.findall(inside)}
        if "rel" in told and "href" in told:
            yield told["rel"], told["href"]
