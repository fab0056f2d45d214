"""A deal in one to three sentences of its announcement, each standing on its own and backed by its span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.deals.amounts import find_values
from bot.deals.clean import cut_to_stand_alone, shortened
from bot.deals.model import Evidence, Party, Sentence
from bot.deals.reading import Line, Reading
from bot.deals.terms import find_term
from bot.deals.wording import DEAL_NOUN

LONGEST = 400
"""A summary has at most so many characters, the spaces between its sentences included."""

_LONGEST_FIRST = 300
_ENOUGH_WEIGHT = 0.25
_READ = 40

_QUOTED = re.compile(r"[\"“”„«»]|(?:^|\s)['‘]\w|\b(?:he|she|I) (?:said|says|added|told)\b|\b(?:I|I'm|I’m|my|me)\b")
_LEANS = re.compile(
    r"^(?:It|This|These|That|Those|They|He|She|His|Her|Their|Its|We|Our|You|Your|I|My|However|But|And|Or|So|Yet|Also|Then|Thus"
    r"|Meanwhile|Moreover|Instead|There|Here|Such|While|Although|Though|Because|Once|If|When|As|Both|Another|Other|Either|Neither"
    r"|Additionally|Furthermore|Therefore|Hence|Still|Together|What|Why|How|Who|Greetings|In addition|For example|In turn"
    r"|With (?:this|the|these)|Under (?:the|this)|By|Through (?:this|the)|As part of (?:the|this))\b"
)
_GUSHES = re.compile(
    r"\b(?:thrilled|proud(?:ly)?|excited|delighted|pleased|honou?red|happy|thrilling|look forward|congratulat\w+)\b",
    re.I,
)
_CHAFF = re.compile(
    r"^About\b|share (?:this )?article|appeared first on|view (?:the )?(?:source|full|original)|for more information|read more"
    r"|click here|subscribe|sign up|newsletter|https?:|www\.|contact:|copyright|all rights reserved|forward-looking|\s[|»>]\s"
    r"|press release\b|photo|image credit|@\w|#\w",
    re.I,
)
_DOES = re.compile(
    r"\b(?:will|to|plans?|intends?|aims?|enabl\w+|allow\w*|us(?:e|ing)|integrat\w+|provid\w+|combin\w+|build\w*|develop\w*|offer\w*|open\w*|bring\w*)\b"
)
_WILL = re.compile(r"\b(?:will|plans? to|is to|are to|intends? to|aims? to|expects? to|agreed to)\b")
_GOES_ON = re.compile(
    rf"^(?:The|Under)\s+(?:[\w-]+\s+){{0,3}}?(?:{DEAL_NOUN}|companies|organi[sz]ations|two|pair|parties)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that can stand on its own. `weight` is how strongly it announces, `named` how many parties it names."""

    index: int
    sentence: Sentence
    weight: float
    named: int


def summarise(reading: Reading, weights: Sequence[float], parties: Sequence[Party]) -> tuple[Sentence, ...]:
    """The best announcing sentence, one that says what they will do, and perhaps one on term or sum; empty if none works.

    `weights` holds one number for each line of the reading: how strongly it announces the deal. Every sentence is its
    span with words left out, never put in; the title serves only where no sentence of the body does.
    """
    candidates = list(_candidates(reading, weights, parties))
    first = _announcing(candidates)
    if first is None:
        title = _candidate(reading, 0, weights, parties)
        return (title.sentence,) if title and title.sentence.text else ()
    chosen = [first]
    for wanted in (_doing, _stating):
        room = LONGEST - sum(len(each.sentence.text) + 1 for each in chosen)
        rest = [each for each in candidates if each not in chosen and len(each.sentence.text) <= room]
        if better := wanted(rest, chosen):
            chosen.append(better)
    return tuple(each.sentence for each in sorted(chosen, key=lambda each: each.index))


def _announcing(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The line that announces most and names most; a line that only goes on about "the deal" cannot open."""
    able = [each for each in candidates if each.named and not _GOES_ON.match(each.sentence.text)]
    strong = [each for each in able if each.weight >= _ENOUGH_WEIGHT] or able
    return max(strong, key=lambda each: (round(each.weight, 1) + 0.2 * min(each.named, 3), -each.index), default=None)


def _doing(rest: Sequence[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate | None:
    first = chosen[0]
    able = [
        each for each in rest if each.index > first.index and _DOES.search(each.sentence.text) and _adds(each, first)
    ]
    wills = [each for each in able if _WILL.search(each.sentence.text)]
    return min(
        wills or [each for each in able if each.index == first.index + 1], key=lambda each: each.index, default=None
    )


def _stating(rest: Sequence[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate | None:
    told = " ".join(each.sentence.text for each in chosen)
    for each in rest:
        text = each.sentence.text
        if (find_term(text) and not find_term(told)) or (find_values(text) and not find_values(told)):
            return each
        if each.index > chosen[0].index and re.search(r"\bopen\w* (?:an?|its|new)\b.*\b(?:in|near)\b", text):
            return each
    return None


def _adds(candidate: _Candidate, first: _Candidate) -> bool:
    """Whether it says something new: releases repeat their first sentence."""
    ours = set(re.findall(r"\w{4,}", candidate.sentence.text.casefold()))
    theirs = set(re.findall(r"\w{4,}", first.sentence.text.casefold()))
    return len(ours - theirs) >= max(3, len(ours) // 3)


def _candidates(reading: Reading, weights: Sequence[float], parties: Sequence[Party]) -> Iterator[_Candidate]:
    title = _folded(reading.words(reading.lines[0])) if reading.lines else ""
    for index in range(1, min(len(reading.lines), _READ)):
        candidate = _candidate(reading, index, weights, parties)
        if candidate and _folded(candidate.sentence.text) != title and _stands_alone(candidate.sentence.text):
            yield candidate


def _candidate(reading: Reading, index: int, weights: Sequence[float], parties: Sequence[Party]) -> _Candidate | None:
    line = reading.lines[index]
    words = reading.words(line)
    text, start = cut_to_stand_alone(words)
    short = shortened(text, _LONGEST_FIRST)
    if not short:
        return None
    evidence = Evidence(reading.entry.id, line.start + start, line.end)
    return _Candidate(index, Sentence(short, evidence), weights[index], _named(line, parties, short))


def _stands_alone(text: str) -> bool:
    return (
        len(text) >= 40
        and text[0].isupper() | text[0].isdigit()
        and not any(pattern.search(text) for pattern in (_QUOTED, _GUSHES, _CHAFF))
        and not _LEANS.match(text)
        and not re.search(r"\b(?:we|our|us)\b", text)
    )


def _named(line: Line, parties: Sequence[Party], text: str) -> int:
    """How many parties the text names."""
    keys = {party.organisation for party in parties if party.organisation} | {
        party.name.casefold() for party in parties
    }
    found = {name.organisation or name.name.casefold() for name in line.names if name.name in text}
    return len(found & keys) or sum(party.name in text for party in parties)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
