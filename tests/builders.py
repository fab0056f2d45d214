"""Values for tests: every field has a sensible default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.deals.model import (
    Announcement,
    Deal,
    Evidence,
    Fact,
    FactName,
    Judged,
    Kind,
    KnownDeal,
    Mention,
    Party,
    Reason,
    Rejected,
    Role,
    Sentence,
    Status,
)
from bot.deals.texts.organisations import key
from bot.deals.texts.reading import Line, Name, Reading
from bot.feeds.model import Entry, Feed, Register, Sector

PUBLISHED = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXT = (
    "Acme Health and Borealis Cloud sign a 10-year partnership\n"
    "Acme Health chose Borealis Cloud to store its data for 10 years. They will work together in Oslo."
)


def evidence(words: str, *, text: str = TEXT, entry: str = "e1") -> Evidence:
    """The span in which `words` first stand in `text`."""
    start = text.index(words)
    return Evidence(entry, start, start + len(words))


def party(name: str = "Acme Health", **changes: object) -> Party:
    """A party whose evidence is its name in `TEXT`, or the text's first word."""
    found = evidence(name) if name in TEXT else evidence("Acme")
    return Party(**{"name": name, "role": Role.PARTNER, "evidence": found, **changes})  # type: ignore[arg-type]


def fact(name: FactName, value: str, words: str = "10 years", *, entry: str = "e1") -> Fact:
    """A fact proved by `words` in `TEXT`."""
    return Fact(name, value, evidence(words, entry=entry))


def announcement(publisher: str = "Example News", **changes: object) -> Announcement:
    """One announcement of the deal between Acme Health and Borealis Cloud."""
    fields: dict[str, object] = {
        "entry": "e1",
        "text": TEXT,
        "title": TEXT.split("\n")[0],
        "url": f"https://example.com/{publisher.lower().replace(' ', '-')}",
        "publisher": publisher,
        "register": Register.TRADE_NEWS,
        "published": PUBLISHED,
        "headline": "Acme Health × Borealis Cloud: 10-year partnership",
        "parties": (party(), party("Borealis Cloud")),
        "kind": Kind.STRATEGIC_PARTNERSHIP,
        "status": Status.ANNOUNCED,
        "score": 0.9,
        "reasons": (),
    }
    return Announcement(**{**fields, **changes})  # type: ignore[arg-type]


def deal(announcements: Sequence[Announcement] = (), mentions: Sequence[Mention] = (), **changes: object) -> Deal:
    """The deal between Acme Health and Borealis Cloud."""
    fields: dict[str, object] = {
        "headline": "Acme Health × Borealis Cloud: 10-year partnership",
        "parties": (party(), party("Borealis Cloud")),
        "kind": Kind.STRATEGIC_PARTNERSHIP,
        "status": Status.ANNOUNCED,
        "sector": Sector.HEALTH_SYSTEM,
        "facts": (),
        "summary": (Sentence("Acme Health chose Borealis Cloud to store its data.", evidence("Acme Health chose")),),
        "mentions": tuple(mentions),
        "announcements": tuple(announcements) or (announcement(),),
        "published": PUBLISHED,
        "score": 0.9,
    }
    return Deal(**{**fields, **changes})  # type: ignore[arg-type]


def known(id: int = 17, follows: int | None = None, **changes: object) -> KnownDeal:
    """That deal under its id."""
    return KnownDeal(id, deal(**changes), first_seen=PUBLISHED, follows=follows)  # type: ignore[arg-type]


def entry(name: str = "e1", **changes: object) -> Entry:
    """An entry of that id, published at PUBLISHED."""
    fields: dict[str, object] = {
        "id": name,
        "keys": (f"link:https://example.com/{name}", f"title:{name}|2026-11-23"),
        "title": TEXT.split("\n")[0],
        "body": TEXT.split("\n")[1],
        "url": f"https://example.com/{name}",
        "published": PUBLISHED,
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


def announced(name: str = "e1", **changes: object) -> Judged:
    """An entry that announces the deal between Acme Health and Borealis Cloud."""
    parties = tuple(replace(each, evidence=replace(each.evidence, entry=name)) for each in announcement().parties)
    return Judged(entry(name), announcement(**{"entry": name, "parties": parties, **changes}))  # type: ignore[arg-type]


def rejected(name: str = "e1", reason: str = "an acquisition, not a partnership") -> Judged:
    """An entry that announces nothing."""
    return Judged(entry(name), Rejected(0.1, (Reason(reason, -2.0),)))


def reading(title: str, *lines: str, names: Sequence[str] = (), published: datetime | None = PUBLISHED) -> Reading:
    """A text of whole lines, in which these names of organisations were found."""
    told = Entry("e1", ("e1",), title, " ".join(lines), published=published)
    at, found = 0, []
    for line in (title, *lines):
        found.append(Line(at, at + len(line), tuple(_named(line, at, names))))
        at += len(line) + 1
    return Reading(told, Feed("https://example.com/feed", "Example News"), tuple(found))


def _named(line: str, at: int, names: Sequence[str]) -> list[Name]:
    found = []
    for name in names:
        start = line.find(name)
        while start >= 0:
            found.append(Name(name, at + start, at + start + len(name), key(name)))
            start = line.find(name, start + len(name))
    return sorted(found, key=lambda each: each.start)
