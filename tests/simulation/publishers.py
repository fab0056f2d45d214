"""Scripted feeds: what publishers put up and when, and how their servers answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bot.deals.model import Judged, Party, Role
from bot.feeds.answer import Answer, Fetched, FetchFailed, NotModified, Validators
from bot.feeds.model import Entry, Feed, NotAFeed, ParsedFeed
from bot.feeds.parse import parse
from tests.builders import announced, rejected
from tests.fakes import InlineWorkers
from tests.feedkit import item, rss
from tests.simulation.chaos import FETCH_FAULTS, Chaos
from tests.simulation.clock import Wall

WINDOW = 12
"""Items that a feed shows."""

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne", "pa", "ri", "so", "tu", "va", "we", "xi", "yo")


@dataclass(frozen=True, slots=True)
class Item:
    """What a publisher says once. `token` names the deal that it announces, None where it announces none."""

    number: int
    at: datetime
    token: str | None
    edited: int = 0

    @property
    def title(self) -> str:
        return (
            f"{self.token} Health and Zu{self.token} Cloud: a partnership" if self.token else f"Nothing {self.number}"
        )


@dataclass
class Publisher:
    """One feed and its server. `told`: the numbers of the items that stood on some page when somebody asked for it."""

    url: str
    items: list[Item] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    asked: list[tuple[float, bool, int]] = field(default_factory=list)
    not_before: float = 0.0

    def shown(self, now: datetime) -> list[Item]:
        return [each for each in self.items if each.at <= now][-WINDOW:]


def scripted(urls: list[str], start: datetime, days: int, dice: Random) -> list[Publisher]:
    """A year of news, drawn before it begins; some deals are told by two publishers."""
    publishers = [Publisher(url) for url in urls]
    number = 0
    for publisher in publishers:
        pause = dice.uniform(2, 5)
        at = start
        while at < start + timedelta(days=days):
            at += timedelta(days=dice.expovariate(1 / pause), minutes=1)
            number += 1
            token = deal_name(number) if dice.random() < 0.5 else None
            publisher.items.append(Item(number, at, token))
            if token and dice.random() < 0.2:
                other = dice.choice(publishers)
                if other is not publisher:
                    number += 1
                    other.items.append(Item(number, at + timedelta(hours=dice.uniform(0, 30)), token))
    for publisher in publishers:
        publisher.items.sort(key=lambda each: each.at)
    return publishers


class SimulatedWeb:
    """The network between us and the publishers: a stand-in for `Web`."""

    def __init__(self, publishers: list[Publisher], chaos: Chaos, wall: Wall, true: Wall) -> None:
        self._publishers = {each.url: each for each in publishers}
        self._chaos = chaos
        self._wall = wall
        self._true = true
        self.reborn: dict[str, int] = {}

    async def fetch(self, url: str, validators: Validators | None = None, *, accept: str = "") -> Answer:
        publisher, chaos = self._publishers.get(url), self._chaos
        chaos.step()
        if publisher is None:
            return FetchFailed("HTTP 404: the page of an entry", 404)
        now = asyncio.get_running_loop().time()
        publisher.asked.append((now, now >= publisher.not_before, chaos.troubles))
        await asyncio.sleep(0.1)
        chaos.step()
        fault = chaos.draw(FETCH_FAULTS)
        if fault in {"slow fetch", "timeout"}:
            await asyncio.sleep(5 if fault == "slow fetch" else 20)
            chaos.step()
        if fault == "timeout":
            return FetchFailed("no answer within 20 s")
        if fault in {"server error", "overloaded"}:
            wish = timedelta(hours=chaos.dice.choice((1, 5, 30))) if fault == "overloaded" else None
            if wish:
                publisher.not_before = asyncio.get_running_loop().time() + wish.total_seconds()
            return FetchFailed(f"HTTP {503 if wish else 500}", 503 if wish else 500, wish)
        return self._page(publisher, validators)

    def _page(self, publisher: Publisher, validators: Validators | None) -> Answer:
        shown = publisher.shown(self._true.now())
        publisher.told.update(each.number for each in shown)
        current = Validators(f'"{len(shown)}-{shown[-1].number if shown else 0}"')
        wish = timedelta(hours=71)
        if validators == current:
            return NotModified(current, wish)
        lines = [item(each.title, "Text", link=f"{publisher.url}/{each.number}", published=each.at) for each in shown]
        page = rss(*lines, title=publisher.url)
        return Fetched(publisher.url, page.body, page.content_type, current, wish)


class SimulatedWorkers(InlineWorkers):
    """Parses for real; recognises by a word, for how deals are recognised is not what is simulated."""

    async def parse(self, fetched: Fetched, feed_url: str, **_: object) -> ParsedFeed | NotAFeed:
        return parse(fetched.body, feed_url=feed_url, content_type=fetched.content_type)

    async def judge(self, entries: Sequence[Entry], feed: Feed) -> tuple[Judged, ...]:
        return tuple(_judged(entry, feed) for entry in entries)


def _judged(entry: Entry, feed: Feed) -> Judged:
    if not entry.title.endswith("partnership"):
        return Judged(entry, rejected(entry.id).verdict)
    token = entry.title.split()[0]
    parties = tuple(
        Party(name, Role.PARTNER, replace(each.evidence, entry=entry.id))
        for name, each in zip((f"{token} Health", f"Zu{token} Cloud"), _PARTIES, strict=True)
    )
    judged = announced(
        entry.id, title=entry.title, url=entry.url, publisher=feed.title, headline=entry.title, parties=parties,
        published=entry.published,
    )  # fmt: skip
    return Judged(entry, judged.verdict)


_PARTIES = announced().verdict.parties  # type: ignore[union-attr]


def deal_name(number: int) -> str:
    """A name of eight letters that no other deal has."""
    digits, rest = [], number
    for _ in range(4):
        digits.append(SYLLABLES[rest % len(SYLLABLES)])
        rest //= len(SYLLABLES)
    return "".join(digits).title()
