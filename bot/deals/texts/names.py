"""Names of organisations in a text: known ones, runs of capitalised words, and the "we" of a first-party feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.deals.texts import organisations
from bot.deals.texts.capitals import is_person, may_be_organisation, runs
from bot.deals.texts.lexicon import lexicon
from bot.deals.texts.organisations import Sighting
from bot.deals.texts.reading import Name
from bot.deals.texts.sentences import Span, is_headline_case


def find(text: str, lines: Sequence[Span], owner: str | None) -> tuple[tuple[Name, ...], ...]:
    """The names in each line, in order and without overlap.

    Where a line has capitals everywhere, unknown names are those that the other lines confirm, and what is left
    between the common words.
    """
    shouted = [is_headline_case(text[line.start : line.end]) for line in lines]
    capitals = [
        list(runs(text, line, headline=loud)) if at < _OPENING or _SPEAKS.search(text, *line) else []
        for at, (line, loud) in enumerate(zip(lines, shouted, strict=True))
    ]
    people = {run for each in capitals for run in each if is_person(text, run)}
    surnames = {text[run.start : run.end].split()[-1] for run in people}
    spans = [
        [run for run in each if may_be_organisation(text, run, surnames, is_person=run in people)] for each in capitals
    ]
    sure = {text[s.start : s.end] for each, loud in zip(spans, shouted, strict=True) if not loud for s in each}
    for at, line in enumerate(lines):
        if shouted[at]:
            spans[at] = _longest([*_confirmed(text, line, sure), *spans[at]])
    known = list(organisations.sightings(text[: lines[-1].end]))
    legal = {organisations.fold(text[s.start : s.end]) for each in spans for s in each if _is_name_of_its_own(text, s)}
    found = []
    for line, own in zip(lines, spans, strict=True):
        inside = [each for each in known if line.start <= each.start and each.end <= line.end]
        names = [*_named(text, own, inside, legal), *(_first_person(text, line, owner) if owner else ())]
        found.append(tuple(sorted(names, key=lambda name: name.start)))
    return tuple(found)


_OPENING = 14  # lines; further down unknown names matter only where deals are spoken of
_SPEAKS = re.compile(
    r"artner|greed|greement|ollab|lliance|ontract|\bdeal|sign|select|enture|team|\bjoin|chose|pact\b|with\b|together"
)
_WE = re.compile(r"\b(?:[Ww]e|[Oo]ur company|[Oo]ur|us)\b(?!\.)")
_QUOTED = re.compile(r"[“\"][^“”\"]{0,600}[”\"]")


def _confirmed(text: str, line: Span, sure: Iterable[str]) -> Iterator[Span]:
    """Where names that other lines write in sentence case stand in this one."""
    words = organisations.lower(text[line.start : line.end])
    for name in sure:
        at = words.find(organisations.lower(name)) if len(name) > 2 and not lexicon().is_common(name) else -1
        while at >= 0:
            start, end = line.start + at, line.start + at + len(name)
            if _is_whole(text, start, end) and (text[start].isupper() or name[0].islower()):
                yield Span(start, end)
            at = words.find(organisations.lower(name), at + 1)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is no part of a longer word."""
    return not (start and _is_wordly(text[start - 1])) and not (end < len(text) and _is_wordly(text[end]))


def _is_wordly(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _longest(spans: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start - span.end):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return chosen


def _named(text: str, spans: Sequence[Span], known: Sequence[Sighting], whole_names: set[str]) -> Iterator[Name]:
    """Names of the runs, and of what the gazetteer knows inside or outside them."""
    used: set[int] = set()
    for span in spans:
        if any(
            each.start <= span.start and span.end <= each.end and each.end - each.start > span.end - span.start
            for each in known
        ):
            continue
        inside = [at for at, each in enumerate(known) if span.start <= each.start and each.end <= span.end]
        if inside and not _is_whole_name(text, span, [known[at] for at in inside], whole_names):
            continue
        used.update(inside)
        if not (len(inside) == 1 and known[inside[0]].organisation is None and known[inside[0]].start == span.start):
            yield _name(text, span.start, span.end)
    for at, each in enumerate(known):
        if at in used or each.organisation is None or _grows_into_thing(text, each):
            continue
        if each.organisation.ambiguous and not any(s.start <= each.start and each.end <= s.end for s in spans):
            continue
        yield _name(text, each.start, each.end)


def _is_whole_name(text: str, span: Span, known: Sequence[Sighting], whole_names: set[str]) -> bool:
    """Whether the run is the name, and not the known names in it."""
    printed = text[span.start : span.end]
    if organisations.lookup(printed) or organisations.fold(printed) in whole_names:
        return True
    return len(known) > 1 or _extends_to_the_left(text, span, known[0])


def _extends_to_the_left(text: str, span: Span, known: Sighting) -> bool:
    """ "Sony Ericsson" is not Ericsson: what stands before a known name makes it another, unless it only describes."""
    words = text[span.start : known.start].split()
    lists = lexicon()
    return any(
        not lists.is_common(word) and word not in lists.acronyms and word.lower() not in lists.places for word in words
    )


def _is_name_of_its_own(text: str, span: Span) -> bool:
    """Whether a run around a known name names another organisation ("Mayo Clinic Laboratories")."""
    return text[span.start : span.end].split()[-1].lower() in lexicon().organisations


def _grows_into_thing(text: str, known: Sighting) -> bool:
    """Whether the known name only opens the name of a product ("IBM Quantum System One")."""
    following = re.match(r"(?: [A-Z0-9][\w-]*){1,5}", text[known.end : known.end + 80])
    if following is None:
        return False
    words = following.group().split()
    return not any(
        lexicon().is_common(word)
        or word.lower() in lexicon().titles
        or word.lower() in lexicon().places
        or word in lexicon().acronyms
        for word in words[:1]
    )


def _name(text: str, start: int, end: int) -> Name:
    printed = text[start:end]
    known = organisations.lookup(printed)
    return Name(
        printed, start, end, organisations.key(printed), known.id if known else None, known.sector if known else None
    )


def _first_person(text: str, line: Span, owner: str) -> Iterator[Name]:
    """Every "we" outside quotation marks, standing for the feed's owner."""
    known = organisations.lookup(owner)
    quoted = [found.span() for found in _QUOTED.finditer(text, line.start, line.end)]
    for found in _WE.finditer(text, line.start, line.end):
        if not any(start <= found.start() < end for start, end in quoted):
            yield Name(
                owner,
                found.start(),
                found.end(),
                organisations.key(owner),
                known.id if known else None,
                known.sector if known else None,
            )
