"""Announcements of one deal → the deal, as they tell it together. No order of arrival matters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.deals.facts.places import place_key
from bot.deals.model import Announcement, Deal, Fact, FactName, Kind, Mention, Party, Role, Status
from bot.deals.pairing import are_related
from bot.deals.telling.headline import headline
from bot.feeds.model import Register, Sector

_SECTORS = (
    Sector.HEALTH_SYSTEM,
    Sector.PAYER,
    Sector.PHARMA,
    Sector.HEALTH_IT,
    Sector.DEVICES,
    Sector.RESEARCH,
    Sector.GOVERNMENT,
    Sector.CLOUD,
    Sector.TECHNOLOGY,
    Sector.CONSULTING,
)
_T = TypeVar("_T", bound=Hashable)


def combine(announcements: Sequence[Announcement]) -> Deal:
    """One deal from all that tell it; at least one is needed.

    Parties bear the names that most sources print. Facts that disagree are all kept, the best supported first. The
    summary is the best announcement's, `published` the earliest date, `score` the best score.
    """
    oldest_first = sorted(announcements, key=_age)
    best_first = sorted(announcements, key=_rank, reverse=True)
    parties, facts = _parties(best_first), _facts(best_first)
    kind = _most([each.kind for each in best_first], weak=Kind.STRATEGIC_PARTNERSHIP)
    status = _most([each.status for each in best_first], weak=Status.ANNOUNCED)
    return Deal(
        headline=headline(parties, kind, status, facts),
        parties=parties,
        kind=kind,
        status=status,
        sector=_sector(parties),
        facts=facts,
        summary=max(best_first, key=_telling).summary,
        mentions=_mentions(oldest_first),
        announcements=tuple(oldest_first),
        published=min((each.published for each in announcements if each.published), default=None),
        score=max(each.score for each in announcements),
    )


def _age(announcement: Announcement) -> tuple[bool, float, str]:
    """Sorts the oldest first and the undated last; the id breaks ties for good."""
    published = announcement.published
    return published is None, published.timestamp() if published else 0.0, announcement.entry


def _rank(announcement: Announcement) -> tuple[bool, int, bool, float, str]:
    """How far an announcement is to be trusted: the parties' own word, then releases, then news."""
    register = (Register.TRADE_NEWS, Register.VENDOR_BLOG, Register.PRESS_RELEASE).index(announcement.register)
    return announcement.first_party, register, bool(announcement.summary), announcement.score, announcement.entry


def _telling(announcement: Announcement) -> tuple[bool, bool, bool]:
    """How well its summary tells the deal to an outsider; of equals, the first by rank serves."""
    said = " ".join(sentence.text for sentence in announcement.summary)
    named = sum(party.name in said for party in announcement.parties)
    return bool(said), named >= 2 and "[" not in said, len(announcement.summary) > 1


def _most(votes: Sequence[_T], *, weak: _T) -> _T:
    """What most say, the first to say it winning a draw; the vague word counts half."""
    counts = Counter[_T]()
    for vote in votes:
        counts[vote] += 1 if vote == weak else 2
    return max(counts, key=lambda vote: (counts[vote], -list(votes).index(vote)))


def _parties(best_first: Sequence[Announcement]) -> tuple[Party, ...]:
    """One party for each organisation, best-supported name; a lone extra one among many sources is dropped."""
    groups: list[list[Party]] = []
    for announcement in best_first:
        for party in announcement.parties:
            group = next((group for group in groups if any(are_related(party, other) for other in group)), None)
            if group is None:
                groups.append([party])
            else:
                group.append(party)
    supported = [group for group in groups if _is_supported(group, best_first)]
    return tuple(_best_named(group) for group in (supported if len(supported) >= 2 else groups))


def _is_supported(group: Sequence[Party], announcements: Sequence[Announcement]) -> bool:
    entries = {party.evidence.entry for party in group}
    trusted = {each.entry for each in announcements if each.first_party or each.register is Register.PRESS_RELEASE}
    return len(announcements) < 3 or len(entries) > 1 or bool(entries & trusted)


def _best_named(group: Sequence[Party]) -> Party:
    """The party as most print it; who gives it a role gives it to the deal, unless roles disagree."""
    names = Counter(party.name for party in group)
    best = max(group, key=lambda party: (names[party.name], party.organisation is not None, -group.index(party)))
    roles = {party.role for party in group if party.role is not Role.PARTNER}
    return replace(best, role=roles.pop() if len(roles) == 1 else Role.PARTNER)


def _facts(best_first: Sequence[Announcement]) -> tuple[Fact, ...]:
    facts = [fact for announcement in best_first for fact in announcement.facts]
    named = {name: [fact for fact in facts if fact.name is name] for name in FactName}
    told = (_purpose(named[name]) if name is FactName.PURPOSE else _agreed(named[name]) for name in FactName)
    return tuple(fact for group in told for fact in group)


def _agreed(facts: Sequence[Fact]) -> Iterable[Fact]:
    """Every different value once, the best supported first. What is only vaguer than another is no other value."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(_fact_key(fact), []).append(fact)
    vague = {one for one in groups for other in groups if one != other and _is_vaguer(one, other)}
    told = sorted(groups.items(), key=lambda item: -len({fact.evidence.entry for fact in item[1]}))
    return [group[0] for key, group in told if key not in vague]


def _purpose(facts: Sequence[Fact]) -> Iterable[Fact]:
    """The one wording that shares most with the others: sources word a purpose freely, and do not disagree by it."""
    words = [set(re.findall(r"\w{4,}", fact.value.casefold())) for fact in facts]
    shared = [sum(len(own & other) for other in words) for own in words]
    return facts[shared.index(max(shared)) :][:1] if facts else ()


def _fact_key(fact: Fact) -> str:
    return place_key(fact.value) if fact.name is FactName.REGION else fact.value.casefold()


def _is_vaguer(one: str, other: str) -> bool:
    """ "multi-year" beside "10 years", "rochester" beside "rochester, minnesota", "2026" beside "july 2026"."""
    return (
        (one == "multi-year" and other.endswith(("years", "year")) and other != one)
        or other.startswith(f"{one}, ")
        or (one.isdigit() and other.endswith(f" {one}"))
    )


def _sector(parties: Sequence[Party]) -> Sector:
    sectors = {party.sector for party in parties}
    return next((sector for sector in _SECTORS if sector in sectors), Sector.OTHER)


def _mentions(announcements: Sequence[Announcement]) -> tuple[Mention, ...]:
    mentions: dict[frozenset[str], Mention] = {}
    for announcement in announcements:
        for mention in announcement.mentions:
            mentions.setdefault(frozenset(mention.parties), mention)
    return tuple(mentions.values())
