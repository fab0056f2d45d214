"""Which parties of two tellings are the same organisation: by gazetteer and owner, never by look-alike names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.deals.model import Party
from bot.deals.texts.organisations import key, owners
from bot.deals.texts.reading import Name


def party_keys(party: Party) -> frozenset[str]:
    """Every key under which the party may meet another: its own, and those of its owners."""
    return _with_owners(own_key(party))


def own_key(party: Party) -> str:
    """The one key of the party itself: its gazetteer id, else its folded name."""
    return party.organisation or key(party.name)


def are_related(one: Party, other: Party) -> bool:
    """Whether two are one organisation, or one owns the other. Two that share an owner are strangers."""
    return own_key(one) in party_keys(other) or own_key(other) in party_keys(one)


def speaks_for(owner: str, party: Party) -> bool:
    """Whether a feed of this organisation tells the party's own side: Google Cloud's blog that of Google."""
    own = key(owner)
    return own in party_keys(party) or own_key(party) in _with_owners(own)


def is_party(name: Name, parties: Sequence[Party]) -> bool:
    """Whether an occurrence of a name means one of the parties, its owner or a unit of it."""
    keys = _with_owners(name.key)
    return any(own_key(party) in keys or name.key in party_keys(party) for party in parties)


def count_named(names: Sequence[Name], parties: Sequence[Party]) -> int:
    """How many of the parties these occurrences name."""
    return sum(any(is_party(name, (party,)) for name in names) for party in distinct(parties))


@lru_cache(maxsize=10_000)
def _with_owners(own: str) -> frozenset[str]:
    return frozenset((own, *owners(own)))


def distinct(parties: Sequence[Party]) -> tuple[Party, ...]:
    """The parties without those that are already there under an owner's or a unit's name."""
    kept: list[Party] = []
    for party in parties:
        if not any(are_related(party, other) for other in kept):
            kept.append(party)
    return tuple(kept)


def count_pairs(ones: Sequence[Party], others: Sequence[Party]) -> int:
    """How many parties of two tellings match one to one: the largest such number (augmenting paths)."""
    partner: dict[int, int] = {}
    return sum(_find_pair(index, ones, others, partner, set()) for index in range(len(ones)))


def _find_pair(
    index: int, ones: Sequence[Party], others: Sequence[Party], partner: dict[int, int], tried: set[int]
) -> bool:
    for candidate, other in enumerate(others):
        if candidate in tried or not are_related(ones[index], other):
            continue
        tried.add(candidate)
        if candidate not in partner or _find_pair(partner[candidate], ones, others, partner, tried):
            partner[candidate] = index
            return True
    return False
