"""What was between the two whom a text is about, before its news or until it: told without naming them again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.deals.signals import Signals
from bot.deals.texts.reading import Name, Reading

_FAR = 20
_OPENING = 4
_YEAR = r"(?:19|20)\d\d\b"
_WHEN = rf"(?:in|since|from|of|to|for) (?:early |late |mid-?|(?:[JFMASOND][a-z]+) )?{_YEAR}"
_DEAL = (
    r"(?:partnership|collaboration|alliance|venture|contract|deal|agreement|pact|project|accord|relationship|tie-up"
    r"|licen[cs]e)s?"
)
_BEGAN = r"(?:began|started|begun|dates?|signed|struck|goes back|formed|announced|launched|reached)"
_AGAIN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:first|earlier|previous|existing|prior|original|initial|former"
        rf"|last) (?:[\w-]+ ){{0,3}}{_DEAL}\b.{{0,80}}"
        rf"\b(?:{_WHEN}|year before|years? ago|last year)",
        rf"\b{_DEAL} (?:that |which |they |the two |between the two |first )*(?:had )?{_BEGAN}\b.{{0,40}}\b{_WHEN}",
        rf"\b{_DEAL}(?:, | that | which )?.{{0,40}}\b(?:began|started|dates|goes) (?:back )?(?:[a-z]+ )?{_WHEN}",
        rf"\b{_DEAL} of {_YEAR}",
        r"\b(?:they|the two|both|the (?:companies|partners|pair)) already (?:work|partner|collaborat|sell|build"
        r"|run)\w*\b",
        r"\b(?:work(?:ed|ing)|partner(?:s|ed|ing)?|collaborat(?:ed|ing)|allied|customer|client|(?:teamed|paired) up"
        r"|tested"
        rf"|run)\b.{{0,40}}\b(?:since {_YEAR}|{_WHEN})",
        r"\b(?:they|the two|both) (?:had )?(?:first )?(?:teamed|paired|linked) up in [JFMASOND][a-z]+",
        rf"^{_WHEN}, (?:they|the two|both|the (?:companies|partners|pair)) (?:have|had) (?:been|worked)\b",
        rf"\b(?:have|had|has) (?:had )?an? (?:[\w-]+ ){{0,3}}{_DEAL} since\b",
        rf"\b(?:they|the two|both|the (?:companies|partners|pair)) (?:have|had) (?:\w+ )?"
        rf"(?:work|link|partner|collaborat|sold|run|built|shared)\w* (?:\w+ ){{0,6}}since {_YEAR}",
    )
)
_TOLD_WHEN = re.compile(
    r"(?:19|20)\d\d|\balready\b|\byear before\b|\bago\b|\blast year\b|\bup in\b"
)  # every one of them does
_ITS_PARTNER = re.compile(
    r"(?i)(?:\b(?:its|their|the)|['’]s) (?:[\w-]+ ){0,3}(?:partner|ally|customer|client|supplier|collaborator|licensee"
    r"|sponsor)(?: \w+ partner)?,? (?:the )?$"
)
_COOPERATES = re.compile(
    r"(?i)\b(?:partner\w*|contract\w*|agree(?:ment|d)\w*|deals?|allianc\w+|licen[cs]\w+|venture|collaborat\w+"
    r"|work(?:ed)? (?:with|for)|hired|customer|supplie[rs]|pact)\b"
)
_INQUIRY = re.compile(r"(?i)\b(?:probe|watchdog|inquiry|regulators?|antitrust|trademark|patents?|competition|merger)\b")
_BOUGHT = re.compile(
    r"(?i)\b(?:acqui\w+|buy(?:s|ing|out)?|bought|merg\w+|takeover|takes? over|purchas\w+|swallow\w*|tie the knot|shares"
    r"|combination|combin(?:e|es|ing)|settle\w*|disputes?|litigation|all suits|battle|feud|peace|bids?|offer)\b"
)


def is_bought(words: str) -> bool:
    """Whether the words tell of a purchase, a merger or a settlement."""
    return _BOUGHT.search(words) is not None


def cooperates(words: str) -> bool:
    """Whether the words speak of a deal at all."""
    return _COOPERATES.search(words) is not None


def is_over(reading: Reading, signals: Signals) -> bool:
    """Whether the title, which names two, tells of a deal of theirs that is over, or that they fight about."""
    opening = [reading.words(line) for line in reading.lines[:_OPENING]]
    if len({name.key for name in reading.lines[0].names}) != 2:
        return False
    if any(is_bought(words) or _INQUIRY.search(words) for words in opening[:2]):
        return False
    about = signals.cues[0]
    if "hedge" in about:
        return False
    return "ended" in about or ("lawsuit" in about and any(map(cooperates, opening)))


def find_again(reading: Reading, cast: Sequence[Name], one: dict[str, str]) -> int | None:
    """The first line that tells of an earlier deal of the same two: "They first worked together in 2016"."""
    theirs = {one.get(name.key, name.key) for name in cast}
    for number, line in enumerate(reading.lines[1:_FAR], 1):
        words = reading.words(line)
        if not _TOLD_WHEN.search(words) or not all(_is_of(name, cast, theirs, one) for name in line.names):
            continue
        if any(pattern.search(words) for pattern in _AGAIN):
            return number
    return None


def _is_of(name: Name, cast: Sequence[Name], theirs: set[str], one: dict[str, str]) -> bool:
    """Whether it is one of the cast, or a thing that bears its name."""
    return one.get(name.key, name.key) in theirs or any(name.name.startswith(f"{each.name} ") for each in cast)


def find_partners(reading: Reading, cast: Sequence[Name]) -> Iterator[tuple[int, Name, Name]]:
    """ "Its partner Globex": the line, whoever the sentence, or else the text, is about, and the partner."""
    for number, line in enumerate(reading.lines[:_FAR]):
        for at, name in enumerate(line.names):
            if _ITS_PARTNER.search(reading.words(line)[: name.start - line.start]):
                subject = line.names[at - 1] if at else next(iter(cast), None)
                if subject is not None and subject.key != name.key:
                    yield number, subject, name
