"""From the address that somebody typed to the feed that was meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.feeds.answer import Fetched, FetchFailed, NotModified, Postponed
from bot.feeds.discover import USUAL, candidates
from bot.feeds.links import canonical, host_of
from bot.feeds.model import ParsedFeed
from bot.web.client import Web
from bot.workers.pool import Workers

PATIENCE = 60.0
"""Seconds for the whole search: one publisher is asked about every two seconds, and somebody is waiting."""


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that can be read, at its canonical address; `others` are more feeds that the page declares or links to."""

    url: str
    parsed: ParsedFeed
    answer: Fetched
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No feed; `reason` says in whole sentences what was tried and what came of it."""

    reason: str


async def find_feed(typed: str, web: Web, workers: Workers) -> FoundFeed | NothingFound:
    """The feed at the address, or the first that can be read of those its page points to or that sites usually have."""
    url = canonical(typed if "://" in typed else f"https://{typed}")
    if url is None:
        return NothingFound(f"“{typed}” is not a web address.")
    try:
        async with asyncio.timeout(PATIENCE):
            return await _search(url, web, workers)
    except TimeoutError:
        return NothingFound(f"No feed found at {host_of(url)} within {PATIENCE:.0f} seconds: the site is slow.")


async def _search(url: str, web: Web, workers: Workers) -> FoundFeed | NothingFound:
    answer = await web.fetch(url)
    match answer:
        case Fetched():
            parsed = await workers.parse(answer, url)
            if isinstance(parsed, ParsedFeed):
                return FoundFeed(canonical(answer.moved or "") or url, parsed, answer)
            places = (await workers.about(answer)).feeds
        case FetchFailed(status=int()):
            places = candidates(b"", "text/html", url)
        case FetchFailed(reason=reason):
            return NothingFound(f"No feed found at {host_of(url)}. {_sentence(reason)}")
        case NotModified():
            return NothingFound(f"No feed found at {host_of(url)}. It answered “not modified” to a first question.")
        case Postponed(reason=reason):
            return NothingFound(f"{host_of(url)} was not read. {_sentence(reason)} Try again later.")
        case _:
            assert_never(answer)
    found = await _first_feed(places, web, workers)
    return found or NothingFound(_what_was_tried(url, places, answer))


async def _first_feed(places: Sequence[str], web: Web, workers: Workers) -> FoundFeed | None:
    for number, place in enumerate(places):
        answer = await web.fetch(place)
        parsed = await workers.parse(answer, place) if isinstance(answer, Fetched) else None
        if isinstance(answer, Fetched) and isinstance(parsed, ParsedFeed):
            others = tuple(other for other in places[number + 1 :] if not _is_usual(other))
            return FoundFeed(place, parsed, answer, others)
    return None


def _what_was_tried(url: str, places: Sequence[str], answer: Fetched | FetchFailed) -> str:
    usual = sum(map(_is_usual, places))
    linked = "the page's links and " if len(places) > usual else ""
    refused = f"the site answered {answer.status}" if isinstance(answer, FetchFailed) else "none of them holds a feed"
    return f"No feed found at {host_of(url)}. Tried {linked}{usual} usual addresses; {refused}."


def _is_usual(place: str) -> bool:
    return place in {canonical(path, place) for path in USUAL}


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
