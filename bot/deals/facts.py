"""The facts of a deal, only from sentences that speak of it, each with the span that states it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.deals.amounts import find_undisclosed, find_values
from bot.deals.kinds import find_kind, find_status
from bot.deals.model import Evidence, Fact, FactName, Party
from bot.deals.places import find_region
from bot.deals.purposes import find_purpose
from bot.deals.reading import Line, Reading
from bot.deals.starts import find_start
from bot.deals.terms import find_term
from bot.deals.wording import DEAL_NOUN, Stated, masked

__all__ = ["find_facts", "find_kind", "find_status"]

# A sentence that goes on about the deal just announced.
_GOES_ON = re.compile(
    rf"\b(?:the|this|under (?:the|this|a)|their|its|new)\s+(?:[\w-]+\s+){{0,3}}?{DEAL_NOUN}\b"
    r"|\b(?:the|both|two) (?:companies|organi[sz]ations|parties|partners|sides|firms|pair)\b"
    r"|\b(?:financial |no |^)terms\b|\btogether\b",
    re.I,
)
_UNDERTAKES = re.compile(
    r"\b(?:will|plans? (?:to|an?)|intends? to|is to|are to|expects? to|said it would|aims? to|agreed to)\b", re.I
)
_FURTHEST = 6


def find_facts(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party]) -> tuple[Fact, ...]:
    """Every fact that the lines of the deal state, and the lines that go on about it; nothing is guessed.

    `deal_lines` are indices into `reading.lines`, the title being 0. Facts come in the order of `FactName`, what the
    deal's own lines say before what later lines say.
    """
    own = sorted(set(deal_lines))
    after = list(_going_on(reading, own))
    undertaken = [index for index in _undertaken(reading, own, parties) if index not in after]
    return (
        *_first(reading, FactName.TERM, own + after, lambda words: find_term(words, _year(reading))),
        *_values(reading, own + after),
        *_first(reading, FactName.REGION, [*own[1:], *own[:1], *after, *undertaken] if own[:1] == [0] else own + after + undertaken,
                lambda words: find_region(words, reading.entry.text)),
        *_first(reading, FactName.START, own + after, lambda words: find_start(words, reading.entry.published)),
        *_first(reading, FactName.PURPOSE, own, find_purpose),
    )  # fmt: skip


def _first(
    reading: Reading, name: FactName, indices: Sequence[int], find: Callable[[str], Stated | None]
) -> Iterator[Fact]:
    for index in indices:
        line = reading.lines[index]
        if stated := find(reading.words(line)):
            yield _fact(reading, name, line, stated)
            return


def _values(reading: Reading, indices: Sequence[int]) -> Iterator[Fact]:
    """Every sum once; that the value is kept private counts only where no sum is given."""
    seen: dict[str, Fact] = {}
    private: list[Fact] = []
    for index in indices:
        line = reading.lines[index]
        words = masked(reading, line)
        for stated in find_values(words):
            seen.setdefault(stated.value, _fact(reading, FactName.VALUE, line, stated))
        if undisclosed := find_undisclosed(words):
            private.append(_fact(reading, FactName.VALUE, line, undisclosed))
    yield from seen.values() or private[:1]


def _fact(reading: Reading, name: FactName, line: Line, stated: Stated) -> Fact:
    evidence = Evidence(reading.entry.id, line.start + stated.start, line.start + stated.end)
    return Fact(name, stated.value, evidence)


def _going_on(reading: Reading, own: Sequence[int]) -> Iterator[int]:
    """The lines that directly follow a line of the deal, or one another, and speak of it."""
    taken = set(own)
    for index in range(1, len(reading.lines)):
        if index not in taken and index - 1 in taken and index != 1:
            if _GOES_ON.search(masked(reading, reading.lines[index])):
                taken.add(index)
                yield index


def _undertaken(reading: Reading, own: Sequence[int], parties: Sequence[Party]) -> Iterator[int]:
    """Lines soon after the deal's in which a party, and no other organisation, says what it will do."""
    if not own:
        return
    keys = {party.organisation for party in parties} | {party.name.casefold() for party in parties}
    for index in range(own[0] + 1, min(own[-1] + 1 + _FURTHEST, len(reading.lines))):
        line = reading.lines[index]
        if index in own or not line.names or not _UNDERTAKES.search(masked(reading, line)):
            continue
        if line.names[0].organisation in keys - {None} or line.names[0].name.casefold() in keys:
            yield index


def _year(reading: Reading) -> int | None:
    return reading.entry.published.year if reading.entry.published else None
