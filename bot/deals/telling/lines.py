"""The lines of a text as a summary could print them, each cut to what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.deals.facts.wording import DEAL_NOUN
from bot.deals.model import Evidence, Fact, FactName, Party, Sentence
from bot.deals.pairing import is_party, speaks_for
from bot.deals.telling.clean import cut_to_stand_alone, shortened
from bot.deals.telling.voice import GLAD, calm, in_third_person
from bot.deals.texts.reading import Line, Reading
from bot.deals.texts.sentences import is_headline_case
from bot.deals.texts.sieve import Sieve

_LONGEST = 300
_SHORTEST = 40
_READ = 16  # the news stands at the top; further down come quotes and boilerplate


@dataclass(frozen=True, slots=True)
class Said:
    """One line as it would be printed. `weight` is how strongly it announces; below 0 it is doubtful, or of old.

    `parties` are the numbers of the parties that it names, `strangers` counts other organisations. `leans`: it cannot
    be read without the line before it; `goes_on`: it speaks of "the agreement" or "the companies". `whole`: every name
    of the line is still there. `voiced`: words in [brackets] were put in.
    """

    index: int
    sentence: Sentence
    weight: float
    parties: frozenset[int]
    strangers: int
    facts: frozenset[FactName]
    leans: bool
    goes_on: bool
    whole: bool
    voiced: bool
    shouted: bool

    @property
    def text(self) -> str:
        return self.sentence.text


def say(reading: Reading, weights: Sequence[float], parties: Sequence[Party], facts: Sequence[Fact]) -> Iterator[Said]:
    """The lines that can be printed at all, in order; the title is number 0."""
    speaker = _speaker(reading, parties)
    title = _folded(reading.words(reading.lines[0])) if reading.lines else ""
    for index in range(min(len(reading.lines), _READ)):
        text, start = cut_to_stand_alone(reading.words(reading.lines[index]))
        short = shortened(_spoken(text, reading.lines[index], speaker), _LONGEST)
        if not short or "[" in reading.words(reading.lines[index]) or not _can_be_printed(short):
            continue
        if index and (
            _folded(short) == title or len(short) < (_SHORTEST if not _LEANS.match(short) else _SHORTEST // 2)
        ):
            continue
        line = reading.lines[index]
        evidence = Evidence(reading.entry.id, line.start + start, line.end)
        yield _said(reading, index, Sentence(_closed(short), evidence), weights[index], parties, facts)


def _said(
    reading: Reading,
    index: int,
    sentence: Sentence,
    weight: float,
    parties: Sequence[Party],
    facts: Sequence[Fact],
) -> Said:
    line, text = reading.lines[index], sentence.text
    printed = [name for name in line.names if name.name in text]
    named = frozenset(
        number
        for number, party in enumerate(parties)
        if party.name in text or any(is_party(name, (party,)) for name in printed)
    )
    leans = _LEANS.match(text) is not None or _starts_vaguely(text, [name.name for name in printed], parties)
    goes_on = _GOES_ON.match(text) is not None
    return Said(
        index=index,
        sentence=sentence,
        weight=weight,
        parties=named,
        strangers=len({name.key for name in printed if not is_party(name, parties)}),
        facts=frozenset(fact.name for fact in facts if _holds(sentence, fact, reading)),
        leans=leans and not goes_on,
        goes_on=goes_on and len(named) < 2,
        whole=all(name.name in text for name in line.names),
        voiced="[" in text,
        shouted=is_headline_case(text),
    )


def _speaker(reading: Reading, parties: Sequence[Party]) -> str | None:
    """Who says "we" here: the feed's owner, where it is a party and no guest writes."""
    owner = reading.feed.owner
    if owner is None or not any(speaks_for(owner, party) for party in parties):
        return None
    opening = " ".join(reading.words(line) for line in reading.lines[:_READ])
    return None if _GUEST.search(opening) or _is_said_at_another(opening, owner) else owner


def _is_said_at_another(opening: str, owner: str) -> bool:
    found = _WE_AT.search(opening)
    return found is not None and not (found[1] or found[2]).startswith(owner.split()[0])


def _spoken(text: str, line: Line, speaker: str | None) -> str:
    """The words without gladness and, where we know who "we" are, without "we"; nothing where that fails."""
    text = calm(text)
    if not _FIRST_PERSON.search(text):
        return text
    if speaker is None:
        return ""
    at = re.sub(rf"^(?:Earlier today|Today|Now|This \w+),?\s(?={_WE})", "", text)
    others = [name.name for name in line.names if name.name != speaker]
    return in_third_person(at, speaker, others) or ""


def _can_be_printed(text: str) -> bool:
    proper = text[0].isupper() or text[0].isdigit() or text[0] == "["
    return proper and not any(pattern.search(text) for pattern in _spoilt().possible(text))


@cache
def _spoilt() -> Sieve[re.Pattern[str]]:
    return Sieve((each, each) for each in (_QUOTED, _GUSHES, _CHAFF, _NEVER, _UNENDED))


def _starts_vaguely(text: str, names: Sequence[str], parties: Sequence[Party]) -> bool:
    """Whether it says "it" or "the company" before any name, or names nobody at all."""
    known = [text.find(name) for name in (*names, *(party.name for party in parties)) if name in text]
    bracket = text.find("[")
    first = min((at for at in (*known, bracket) if at >= 0), default=len(text))
    if first == len(text):
        return True
    return _VAGUE.search(text[:first]) is not None


def _holds(sentence: Sentence, fact: Fact, reading: Reading) -> bool:
    """Whether the printed sentence still states the fact."""
    told, stated = sentence.evidence, fact.evidence
    if not told.start <= stated.start or stated.end > told.end:
        return False
    words = re.findall(r"\w+", reading.entry.text[stated.start : stated.end].casefold())
    return set(words) <= set(re.findall(r"\w+", sentence.text.casefold()))


def _closed(text: str) -> str:
    """A sentence ends with a full stop, also where its end was left out, so that the next one can follow."""
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(' ,;:')}."


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


_WE = r"(?:[Ww]e|[Oo]ur)\b"
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us|[Oo]urselves)\b")
_GUEST = re.compile(
    r"(?i)\bguest (?:post|blog|author|contributor)|\bco-?(?:authored|written|posted)\b"
    r"|\b(?:post|blog|article) (?:is|was) (?:\w+ )?(?:by|written|authored)\b|\bwritten (?:\w+ ){0,3}(?:by|with)\b"
)
_WE_AT = re.compile(r"\b[Ww]e at ([A-Z][\w.&-]*)|\bAt ([A-Z][\w.&-]*)(?: [A-Z][\w.&-]*){0,3}, we\b")
_QUOTED = re.compile(r"[\"“”„«»]|(?:^|\s)['‘]\w|\b(?:he|she|I) (?:said|says|added|told)\b|\b(?:I|I['’]m|my|me)\b")
# A sentence that opens so needs the one before it.
_LEANS = re.compile(
    r"^(?:It|This|These|That|Those|They|Their|Its|However|But|And|Or|So|Yet|Also|Then|Thus|Moreover|Instead|Such"
    r"|Both|Another|Others?|Either|Neither|Each|One|Half|Additionally|Furthermore|Therefore|Hence|Still|Together"
    r"|Among them|In addition|For example|In turn|In return|In exchange"
    r"|(?:With|Under|Through|By|As part of|Besides) (?:it|this|these"
    r"|that)|As a result|Named|Known as|Called)\b"
)
_NEVER = re.compile(
    r"^(?:He|She|His|Her|You|Your|My|There|Here|What|Why|How|Who|Greetings|Meanwhile|According to|Like|Founded|While"
    r"|Although|Though)\b"
)
# A word for somebody, or something, that was named before.
_VAGUE = re.compile(
    r"\b(?:[Ii]t|[Tt]hey|[Tt]heir|[Ii]ts|[Hh]e|[Ss]he|[Hh]is|[Hh]er|(?<!among )them)\b"
    r"|^(?:The|Both)\s(?:[a-z-]+\s){0,3}?(?:company|firm|vendor|startup|start-up|group|insurers?|carrier|hospital|system"
    r"|clinic|giant|maker|drugmaker|retailer|chain|provider|unit|bank|agency|university|network|operator|payer)\b"
)
_GUSHES = re.compile(rf"\b(?:{GLAD}|proudly|thrilling|look(?:s|ing)? forward|congratulat\w+)\b", re.I)
_CHAFF = re.compile(
    r"^About\b|share (?:this )?article|appeared first on|view (?:the )?(?:source|full|original)|for more information"
    r"|read more|learn more|find out more|click here|subscribe|sign up|newsletter|https?:|www\.|contact:|copyright"
    r"|all rights reserved|on behalf of|disseminated|forward-looking|\s[|»>›]\s|\bphotos?\b|image credit|@\w|#\w"
    r"|was featured in|\bshare details\b|\bjoined [A-Z]\w+ [A-Z]\w+ from\b",
    re.I,
)
_UNENDED = re.compile(r"(?::|\b(?:will|to|and|or|the|an?|of|for|with|by|is|are|includes?|including|as|that|which))\.?$")
_GOES_ON = re.compile(
    rf"^(?:The|Under)\s+(?:[\w-]+\s+){{0,3}}?(?:{DEAL_NOUN}|companies|organi[sz]ations|two|pair|parties|partners)\b",
    re.I,
)
