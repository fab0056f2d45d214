"""A deal in one to three sentences of its announcement, each standing on its own and backed by its span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.deals.facts.amounts import find_values
from bot.deals.facts.terms import find_term
from bot.deals.facts.wording import DEAL_NOUN, DEAL_VERB
from bot.deals.model import Evidence, Party, Sentence
from bot.deals.pairing import is_party
from bot.deals.telling.clean import cut_to_stand_alone, shortened
from bot.deals.texts.reading import Line, Reading

LONGEST = 400
"""A summary has at most so many characters, the spaces between its sentences included."""

_LONGEST_SENTENCE = 300
_EARLY = 3
_READ = 40  # the news stands at the top; further down come quotes and boilerplate


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that can be read on its own. `weight` is how strongly it announces.

    `named` counts the parties that it names, `strangers` the other organisations.
    """

    index: int
    sentence: Sentence
    weight: float
    named: int
    strangers: int

    @property
    def text(self) -> str:
        return self.sentence.text


def summarise(reading: Reading, weights: Sequence[float], parties: Sequence[Party]) -> tuple[Sentence, ...]:
    """The best announcing sentence, one on what they will do, and perhaps one on term, sum or place; () if none works.

    `weights` holds one number for each line of the reading: how strongly it announces the deal. Every sentence is its
    span with words left out, never put in; the title serves only where no sentence of the body does.
    """
    candidates = list(_candidates(reading, weights, parties))
    title = _title(reading, weights, parties)
    first = _announcing([each for each in candidates if _tells_better(each, title)]) or title
    if first is None:
        return ()
    chosen = [first]
    for wanted in (_doing, _stating):
        room = LONGEST - sum(len(each.text) + 1 for each in chosen)
        rest = [each for each in candidates if each.index > first.index and len(each.text) <= room]
        if better := wanted([each for each in rest if each not in chosen and not _says_we(each)], chosen):
            chosen.append(better)
    return tuple(each.sentence for each in sorted(chosen, key=lambda each: each.index))


def _announcing(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The line that announces most and names most; one that goes on about "the deal" cannot open."""
    able = [each for each in candidates if each.named and not _GOES_ON.match(each.text)]
    return max(able, key=_strength, default=None)


def _tells_better(candidate: _Candidate, title: _Candidate | None) -> bool:
    """A line that announces nothing gives way to a title that does, unless it says early who makes the deal."""
    if candidate.weight > 0 or title is None or title.weight <= 0 or title.named < 2:
        return True
    early = candidate.index <= _EARLY and candidate.named >= 2 and not candidate.strangers
    return early and _MADE.search(candidate.text) is not None and not _OFFICERS.search(candidate.text)


def _strength(candidate: _Candidate) -> tuple[float, int]:
    named = 0.2 * min(candidate.named, 3) - 0.1 * min(candidate.strangers, 3)
    return round(candidate.weight, 1) + named - 0.6 * _says_we(candidate), -candidate.index


def _title(reading: Reading, weights: Sequence[float], parties: Sequence[Party]) -> _Candidate | None:
    """The title, where it says more than a name."""
    candidate = _candidate(reading, 0, weights, parties)
    return candidate if candidate and candidate.named and len(candidate.text.split()) >= 4 else None


def _doing(rest: Sequence[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate | None:
    able = [each for each in rest if each.named or _GOES_ON.match(each.text) or each.index == chosen[0].index + 1]
    wills = [each for each in able if _WILL.search(each.text) and not each.strangers and _adds(each, chosen[0])]
    return min(wills, key=lambda each: each.index, default=None)


def _stating(rest: Sequence[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate | None:
    told = " ".join(each.text for each in chosen)
    for each in rest:
        about = (each.named or _GOES_ON.match(each.text)) and not each.strangers
        if about and not _OPENS.search(told) and _OPENS.search(each.text):
            return each
        if about and _tells_more(each.text, told):
            return each
    return None


def _tells_more(text: str, told: str) -> bool:
    """Whether it gives the term or the sum that was not told yet."""
    return bool((find_term(text) and not find_term(told)) or (find_values(text) and not find_values(told)))


def _adds(candidate: _Candidate, first: _Candidate) -> bool:
    """Whether it says something new: releases repeat their first sentence."""
    ours, theirs = (set(re.findall(r"\w{4,}", each.text.casefold())) for each in (candidate, first))
    return len(ours - theirs) >= max(3, len(ours) // 3)


def _candidates(reading: Reading, weights: Sequence[float], parties: Sequence[Party]) -> Iterator[_Candidate]:
    title = _folded(reading.words(reading.lines[0])) if reading.lines else ""
    for index in range(1, min(len(reading.lines), _READ)):
        candidate = _candidate(reading, index, weights, parties)
        if candidate and _folded(candidate.text) != title and len(candidate.text) >= 40:
            yield candidate


def _candidate(reading: Reading, index: int, weights: Sequence[float], parties: Sequence[Party]) -> _Candidate | None:
    line = reading.lines[index]
    text, start = cut_to_stand_alone(reading.words(line))
    short = shortened(text, _LONGEST_SENTENCE)
    if not short or not _stands_alone(short):
        return None
    sentence = Sentence(_closed(short), Evidence(reading.entry.id, line.start + start, line.end))
    named, strangers = _names(line, parties, short)
    return _Candidate(index, sentence, weights[index], named, strangers)


def _closed(text: str) -> str:
    """A sentence ends with a full stop, also where its end was left out, so that the next one can follow."""
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(' ,;:')}."


def _names(line: Line, parties: Sequence[Party], text: str) -> tuple[int, int]:
    """How many parties the text names, and how many organisations that are none."""
    printed = {name.key: is_party(name, parties) for name in line.names if name.name in text}
    named = sum(printed.values()) or sum(party.name in text for party in parties)
    return named, sum(not known for known in printed.values())


def _stands_alone(text: str) -> bool:
    proper = text[0].isupper() or text[0].isdigit()
    return proper and not any(pattern.search(text) for pattern in (_QUOTED, _GUSHES, _CHAFF, _LEANS, _UNENDED))


def _says_we(candidate: _Candidate) -> bool:
    return re.search(r"\b(?:we|our|us|ours)\b", candidate.text) is not None


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


_MADE = re.compile(rf"\b(?:{DEAL_NOUN}|{DEAL_VERB})\b")
_OFFICERS = re.compile(r"\b(?:CEO|chief|director|chairman|chairwoman|president|founder)\b", re.I)
_QUOTED = re.compile(r"[\"“”„«»]|(?:^|\s)['‘]\w|\b(?:he|she|I) (?:said|says|added|told)\b|\b(?:I|I['’]m|my|me)\b")
# A sentence that opens so needs the one before it.
_LEANS = re.compile(
    r"^(?:It|This|These|That|Those|They|He|She|His|Her|Their|Its|We|Our|You|Your|I|My|However|But|And|Or|So|Yet|Also"
    r"|Then|Thus|Meanwhile|Moreover|Instead|There|Here|Such|While|Although|Though|Because|Once|If|When|As|Both|Another"
    r"|Others?|Either|Neither|Additionally|Furthermore|Therefore|Hence|Still|Together|What|Why|How|Who|Greetings"
    r"|According to|In addition|For example|In turn|With (?:this|the|these)|Under (?:the|this)|By|Through (?:this|the)"
    r"|The (?:company|firm|vendor|startup|group|news|move|announcement)|Like|Named|Known as|Called|Founded)\b"
)
_GUSHES = re.compile(
    r"\b(?:thrilled|proud(?:ly)?|excited|delighted|pleased|honou?red|happy|thrilling|look(?:s|ing)? forward"
    r"|congratulat\w+)\b",
    re.I,
)
_CHAFF = re.compile(
    r"^About\b|share (?:this )?article|appeared first on|view (?:the )?(?:source|full|original)|for more information"
    r"|read more|learn more|find out more|click here|subscribe|sign up|newsletter|https?:|www\.|contact:|copyright"
    r"|all rights reserved|on behalf of|disseminated|forward-looking|\s[|»>›]\s|\bphotos?\b|image credit|@\w|#\w",
    re.I,
)
_UNENDED = re.compile(r"(?::|\b(?:will|to|and|or|the|an?|of|for|with|by|is|are|includes?|including|as|that|which))\.?$")
_WILL = re.compile(
    r"\b(?:will|plans? to|is to|are to|intends? to|aims? to|expects? to|agreed to|calls for|includes?|combines?"
    r"|enables?|allows?|lets?|gains? access|becomes?)\b"
)
_OPENS = re.compile(r"\b(?:open|build|set up|install|establish|plans? a new)\w*\b.*\b(?:in|near|at)\s+[A-Z]")
_GOES_ON = re.compile(
    rf"^(?:The|Under)\s+(?:[\w-]+\s+){{0,3}}?(?:{DEAL_NOUN}|companies|organi[sz]ations|two|pair|parties|partners)\b",
    re.I,
)
