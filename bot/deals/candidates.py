"""Which tellings can be about one deal at all: those that share two parties, found without comparing all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.deals.model import Party
from bot.deals.pairing import party_keys

Index = Mapping[str, Sequence[int]]
"""For every party key the numbers of the tellings that name such a party, in order."""


def index(tellings: Iterable[Sequence[Party]]) -> Index:
    """The tellings, each given by its parties, under every key of every party."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, parties in enumerate(tellings):
        for key in frozenset().union(*map(party_keys, parties)):
            found[key].append(number)
    return found


def candidates(parties: Sequence[Party], known: Index) -> list[int]:
    """The numbers of the tellings in which at least two of these parties may take part, in order.

    Nobody is left out who could match; some of those found do not.
    """
    times: dict[int, int] = defaultdict(int)
    for party in parties:
        for number in frozenset(number for key in party_keys(party) for number in known.get(key, ())):
            times[number] += 1
    return sorted(number for number, count in times.items() if count > 1)
