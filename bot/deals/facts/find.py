"""The facts of a deal, only from sentences that speak of it, each with the span that states it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.deals.facts.amounts import find_undisclosed, find_values
from bot.deals.facts.kinds import find_kind, find_status
from bot.deals.facts.purposes import find_purpose
from bot.deals.facts.regions import find_region
from bot.deals.facts.starts import find_start
from bot.deals.facts.terms import find_term
from bot.deals.facts.wording import DEAL_NOUN, Stated, masked
from bot.deals.model import Evidence, Fact, FactName, Party
from bot.deals.pairing import count_named, is_party, party_keys
from bot.deals.texts.reading import Line, Name, Reading

__all__ = ["find_facts", "find_kind", "find_status"]

# A sentence that goes on about the deal just announced.
_GOES_ON = re.compile(
    rf"\b(?:the|this|under (?:the|this|a)|their|its|new)\s+(?:[\w-]+\s+){{0,3}}?{DEAL_NOUN}\b"
    r"|\b(?:the|both) (?:two|pair|sides)\b|^(?:Together|In return|For|Over|During|With)\b"
    r"|\b(?:the|both|two) (?:companies|organi[sz]ations|parties|partners|sides|firms|pair)\b"
    r"|\b(?:financial |no |^)terms\b|\btogether\b"
    r"|^It (?:runs|lasts|spans|covers|starts|begins|takes effect|(?:is|could be) (?:worth|valued))\b"
    r"|^It will (?:run|last|start|begin|cover)\b",
    re.I,
)
_PAYS = re.compile(
    r"\b(?:pays?|paid|receives?|invests?|gets?|gives?|puts?|eligible|entitled|upfront|up-front|milestones?|provides?"
    r"|makes? an? |contributes?|commits?|earns?)\b",
    re.I,
)
# What the deal brings: where it will be used is a fact of the deal, what it costs elsewhere is not.
_BROUGHT = re.compile(
    r"\b(?:the|this) (?:tool|platform|service|system|solution|technology|program(?:me)?|initiative|cent(?:er|re))\b",
    re.I,
)
_UNDERTAKES = re.compile(
    r"\b(?:will|can|plans? (?:to|an?)|intends? to|is to|are to|expects? to|said it would|aims? to|agreed to)\b", re.I
)
# Told with names that are no party's: perhaps news of somebody else.
_OTHER_NEWS = re.compile(
    r"\b(?:struck|sign(?:s|ed)|raised|acquired|bought|earlier|previous(?:ly)?|rivals?|last (?:year|month|week|[A-Z]\w+)"
    r"|an? [A-Z]\w+ deal)\b"
)
# Told of other days than those of the deal: what was so before it, and what is said of the parties themselves.
_OTHER_DAYS = re.compile(
    r"\b(?:already|so far|until now|to date|currently|formerly|once|earlier|previous(?:ly)?|since|used to|until then"
    r"|before"
    r"|years? ago|founded|(?:has|have|had) (?:also )?(?:been|long|worked|run|raised|bought)|last (?:year|month|week"
    r"|\w+day)"
    r"|in (?:19|20)\d\d)\b|\b(?:was|were) (?!not\b)",
    re.I,
)
_ABOUT = re.compile(r"About (?:the )?[A-Z]|Forward-looking|Media contact", re.I)
_FURTHEST = 6
_FAR = 20
# A brief telling has no room for anything but its deal.
_BRIEF = 500  # characters
_BRIEF_LINES = 3


def find_facts(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party]) -> tuple[Fact, ...]:
    """Every fact that the lines of the deal state, and the lines that go on about it; nothing is guessed.

    `deal_lines` are indices into `reading.lines`, the title being 0. Facts come in the order of `FactName`, what the
    deal's own lines say before what later lines say.
    """
    if not deal_lines and not parties:
        return ()
    # The title is the news itself, also where a pattern joins the parties further down only.
    own = sorted({0, *(deal_lines or _opening(reading, parties))}, key=lambda index: (index == 0, index))
    told = [*own, *_going_on(reading, own, parties)]
    near = list(_near(reading, told, parties))
    undertaken = [index for index in near if _is_undertaken(reading, index)]
    paid = [index for index in near if _PAYS.search(reading.words(reading.lines[index]))]
    published = reading.entry.published
    return (
        *_term(reading, [*told, *near]),
        *_values(reading, [0, *told, *paid]),
        *_region(reading, [0, *told, *undertaken]),
        *_first(reading, FactName.START, told, lambda words: find_start(words, published)),
        *_first(reading, FactName.PURPOSE, own, find_purpose),
    )


def _first(
    reading: Reading, name: FactName, indices: Sequence[int], find: Callable[[str], Stated | None]
) -> Iterator[Fact]:
    for index in indices:
        line = reading.lines[index]
        if stated := find(reading.words(line)):
            yield _fact(reading, name, line, stated)
            return


def _opening(reading: Reading, parties: Sequence[Party]) -> list[int]:
    """The first lines that name a party, for news that no sentence pattern tells."""
    lines = range(1, min(1 + _BRIEF_LINES, len(reading.lines)))
    return [index for index in lines if any(is_party(name, parties) for name in reading.lines[index].names)]


def _term(reading: Reading, indices: Sequence[int]) -> Iterator[Fact]:
    published = reading.entry.published
    for index in indices:
        line = reading.lines[index]
        if stated := find_term(reading.words(line), published.year if published else None, title=index == 0):
            yield _fact(reading, FactName.TERM, line, stated)
            return


def _region(reading: Reading, indices: Sequence[int]) -> Iterator[Fact]:
    for index in indices:
        line = reading.lines[index]
        names = [(name.start - line.start, name.end - line.start) for name in line.names]
        if stated := find_region(reading.words(line), reading.entry.text, names, title=index == 0):
            yield _fact(reading, FactName.REGION, line, stated)
            return


def _values(reading: Reading, indices: Sequence[int]) -> Iterator[Fact]:
    """Every sum once; that the value is kept private counts only where no sum is given."""
    seen: dict[str, Fact] = {}
    private: list[Fact] = []
    for index in indices:
        line = reading.lines[index]
        words = masked(reading, line)
        for stated in find_values(words, title=index == 0):
            seen.setdefault(stated.value, _fact(reading, FactName.VALUE, line, stated))
        if undisclosed := find_undisclosed(words):
            private.append(_fact(reading, FactName.VALUE, line, undisclosed))
    if not seen and not private:
        private = [_fact(reading, FactName.VALUE, *found) for found in _kept_private(reading)]
    yield from seen.values() or private[:1]


def _kept_private(reading: Reading) -> Iterator[tuple[Line, Stated]]:
    """Where the text says of its only deal, perhaps after its other news, that terms are kept private."""
    for line in reading.lines[:_FAR]:
        if not line.names and (undisclosed := find_undisclosed(reading.words(line))):
            yield line, undisclosed


def _fact(reading: Reading, name: FactName, line: Line, stated: Stated) -> Fact:
    evidence = Evidence(reading.entry.id, line.start + stated.start, line.start + stated.end)
    return Fact(name, stated.value, evidence)


def _going_on(reading: Reading, own: Sequence[int], parties: Sequence[Party]) -> Iterator[int]:
    """The lines that directly follow a line of the deal, or one another, and speak of it.

    The first line of the body says the title again where it names two of the parties.
    """
    taken = set(own) - {0}
    for index, line in enumerate(reading.lines):
        if index in taken:
            continue
        again = index == 1 and 0 in own and _names_two(reading, line, parties)
        brief = 0 < index <= _BRIEF_LINES and len(reading.entry.body) < _BRIEF
        if (
            again
            or (brief and _is_of_the_deal(reading, line, parties))
            or (index - 1 in taken and _GOES_ON.search(masked(reading, line)))
        ):
            taken.add(index)
            yield index


def _is_of_the_deal(reading: Reading, line: Line, parties: Sequence[Party]) -> bool:
    """Whether a line of a brief telling speaks of the parties alone, as far as we know, and of no other news."""
    others = [name for name in line.names if not is_party(name, parties) and not _owns_a_party(name, parties)]
    if not others:
        return True
    acts = others[0].start == line.start
    return not acts and not any(name.organisation for name in others) and not _OTHER_NEWS.search(masked(reading, line))


def _owns_a_party(name: Name, parties: Sequence[Party]) -> bool:
    """Whether it names the owner of a party, or is short for one: "Acme" for Acme Health."""
    return any(name.key in party_keys(party) or f" {name.name} " in f" {party.name} " for party in parties)


def _names_two(reading: Reading, line: Line, parties: Sequence[Party]) -> bool:
    words = reading.words(line)
    return count_named(line.names, parties) >= 2 or sum(party.name in words for party in parties) >= 2


def _near(reading: Reading, told: Sequence[int], parties: Sequence[Party]) -> Iterator[int]:
    """Lines soon after the deal's that speak of these days, and of no organisation but the parties."""
    lines = [index for index in told if index] or list(told)
    for index in range(1, min(max(lines, default=0) + 1 + _FURTHEST, len(reading.lines))):
        line = reading.lines[index]
        words = masked(reading, line)
        if _ABOUT.match(words):
            return
        if index not in told and not _is_of_others(line, parties) and not _OTHER_DAYS.search(words):
            yield index


def _is_of_others(line: Line, parties: Sequence[Party]) -> bool:
    """Whether an organisation that is no party acts in the line, or one that we know is named there."""
    others = [name for name in line.names if not is_party(name, parties) and not _owns_a_party(name, parties)]
    return any(name.organisation or name.start == line.start for name in others)


def _is_undertaken(reading: Reading, index: int) -> bool:
    """Whether a line says what will be done, or where that which the deal brings is used."""
    words = masked(reading, reading.lines[index])
    return any(pattern.search(words) for pattern in (_UNDERTAKES, _BROUGHT, _GOES_ON))
