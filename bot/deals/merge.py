"""Which announcements tell one deal. Facts decide first, words second; one shared party never does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.deals.combine import combine
from bot.deals.model import UNDISCLOSED, Announcement, Deal, Fact, FactName, Kind, KnownDeal, Sentence, Status
from bot.deals.pairing import count_pairs, distinct, party_keys

__all__ = ["Follows", "Match", "Same", "Unrelated", "are_same", "combine", "match", "party_keys"]

WINDOW = timedelta(days=30)
"""Announcements of one deal are published within so long of each other."""

SOON = timedelta(days=14)
"""Within so long "expanded" may be one source's word for what another calls new; later it is news of its own."""


@dataclass(frozen=True, slots=True)
class Same:
    """The announcement tells this known deal once more."""

    deal: int


@dataclass(frozen=True, slots=True)
class Follows:
    """The announcement widens, renews or ends this known deal: a deal of its own."""

    deal: int


@dataclass(frozen=True, slots=True)
class Unrelated:
    """The announcement tells no known deal."""


Match = Same | Follows | Unrelated


def match(announcement: Announcement, known: Sequence[KnownDeal]) -> Match:
    """Which known deal an announcement tells or follows. The order of `known` does not matter."""
    same = [each for each in known if are_same(announcement, each.deal)]
    if same:
        return Same(min(same, key=lambda each: (-_closeness(announcement, each.deal), each.id)).id)
    earlier = [each for each in known if _is_followed_by(each.deal, announcement)]
    if not earlier:
        return Unrelated()
    return Follows(max(earlier, key=lambda each: (each.deal.published is not None, each.deal.published, each.id)).id)


def are_same(one: Announcement | Deal, other: Announcement | Deal) -> bool:
    """Whether two tell one deal: at least two parties match, and kind, dates and facts allow it. Symmetric."""
    return (
        _are_near(one, other)
        and _same_parties(one, other)
        and _are_compatible(one, other)
        and not (_contradict(one, other, FactName.TERM) and _contradict(one, other, FactName.VALUE))
    )


# Kinds that sources may call one deal by. A strategic partnership is what they say when they say no more.
_FAMILIES = (
    {
        Kind.CUSTOMER_SELECTION,
        Kind.TECHNOLOGY_INTEGRATION,
        Kind.CO_DEVELOPMENT,
        Kind.RESEARCH_COLLABORATION,
        Kind.PROGRAMME_MEMBERSHIP,
        Kind.JOINT_VENTURE,
    },
    {Kind.DISTRIBUTION_RESELLER, Kind.CO_MARKETING, Kind.TECHNOLOGY_INTEGRATION, Kind.PROGRAMME_MEMBERSHIP},
    {Kind.MANUFACTURING_SUPPLY, Kind.LICENSING, Kind.CO_DEVELOPMENT, Kind.DISTRIBUTION_RESELLER},
    {Kind.LICENSING, Kind.TECHNOLOGY_INTEGRATION, Kind.CUSTOMER_SELECTION},
    {Kind.JOINT_VENTURE, Kind.MANUFACTURING_SUPPLY, Kind.CO_DEVELOPMENT},
    {Kind.CONSORTIUM_MEMBERSHIP, Kind.PROGRAMME_MEMBERSHIP, Kind.RESEARCH_COLLABORATION},
)
_FOLLOWING = (Status.EXPANDED, Status.RENEWED, Status.ENDED)


def _same_parties(one: Announcement | Deal, other: Announcement | Deal) -> bool:
    """Two or more pairs; where one side names more, the words must agree too."""
    ones, others = distinct(one.parties), distinct(other.parties)
    pairs = count_pairs(ones, others)
    if pairs < 2:
        return False
    return pairs == len(ones) == len(others) or pairs >= 3 or _closeness(one, other) >= 0.12


def _are_near(one: Announcement | Deal, other: Announcement | Deal) -> bool:
    """Whether the nearest two of their dates lie within the window. An unknown date is no obstacle."""
    gaps = [abs(date - day) for date in _dates(one) for day in _dates(other)]
    return not gaps or min(gaps) <= (SOON if _goes_further(one, other) or _goes_further(other, one) else WINDOW)


def _dates(telling: Announcement | Deal) -> list[datetime]:
    tellings = [telling] if isinstance(telling, Announcement) else telling.announcements
    return [each.published for each in tellings if each.published]


def _goes_further(one: Announcement | Deal, other: Announcement | Deal) -> bool:
    """Whether one says that it widens or renews what the other, before it, announces as new."""
    if one.status not in _FOLLOWING or other.status is not Status.ANNOUNCED:
        return False
    return one.published is not None and other.published is not None and other.published < one.published


def _are_compatible(one: Announcement | Deal, other: Announcement | Deal) -> bool:
    if (one.status is Status.ENDED) != (other.status is Status.ENDED):
        return False
    kinds = {one.kind, other.kind}
    return len(kinds) == 1 or Kind.STRATEGIC_PARTNERSHIP in kinds or any(kinds <= family for family in _FAMILIES)


def _contradict(one: Announcement | Deal, other: Announcement | Deal, name: FactName) -> bool:
    ones, others = _values(one.facts, name), _values(other.facts, name)
    return bool(ones and others) and not ones & others


def _values(facts: Sequence[Fact], name: FactName) -> set[str]:
    """What is stated firmly enough to contradict: "about" and "multi-year" fit many figures."""
    values = {_ABOUT.sub("", fact.value.casefold()) for fact in facts if fact.name is name}
    return values - {UNDISCLOSED, "multi-year"}


def _is_followed_by(deal: Deal, announcement: Announcement) -> bool:
    """Whether an announcement of more, or of the end, can be about this deal: the same parties, and not before it."""
    if announcement.status not in _FOLLOWING or count_pairs(distinct(announcement.parties), distinct(deal.parties)) < 2:
        return False
    return announcement.published is None or deal.published is None or deal.published <= announcement.published


def _closeness(one: Announcement | Deal, other: Announcement | Deal) -> float:
    """How many of the telling words two have in common (Jaccard): headline, purpose and summary, names left out."""
    ones, others = _words(one), _words(other)
    return len(ones & others) / (len(ones | others) or 1)


def _words(telling: Announcement | Deal) -> frozenset[str]:
    titles = [telling.title] if isinstance(telling, Announcement) else [each.title for each in telling.announcements]
    said = (*titles, *_texts(telling.summary), *(fact.value for fact in telling.facts))
    names = {word for party in telling.parties for word in re.findall(r"\w+", party.name.casefold())}
    return frozenset(word for word in re.findall(r"\w{4,}", " ".join(said).casefold()) if word not in names | _COMMON)


def _texts(summary: Sequence[Sentence]) -> list[str]:
    return [sentence.text for sentence in summary]


_ABOUT = re.compile(r"^(?:about|up to|more than|at least) ")
_COMMON_WORDS = (
    "partnership partnerships partner partners agreement collaboration collaborate alliance deal announce announced "
    "announces company companies strategic will with that this have from their they into more than year years said "
    "also help team teams sign signs join joins forces work working together multi technology health healthcare"
)
_COMMON = frozenset(_COMMON_WORDS.split())
