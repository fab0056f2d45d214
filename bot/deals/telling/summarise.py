"""A deal in one to three sentences of its announcement that can be read on their own, each backed by its span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.deals.facts.wording import DEAL_NOUN, DEAL_VERB
from bot.deals.model import Fact, FactName, Party, Sentence
from bot.deals.telling.lines import Said, say
from bot.deals.texts.reading import Reading

LONGEST = 400
"""A summary has at most so many characters, the spaces between its sentences included."""

_SENTENCES = 3
_CLOSE = 3  # so near the top, what leans on the line before goes on about the news
_CONSIDERED = 9  # all sets of three of these are weighed


def summarise(
    reading: Reading, weights: Sequence[float], parties: Sequence[Party], facts: Sequence[Fact]
) -> tuple[Sentence, ...]:
    """The sentences that together tell most of the deal: who, what, what for, how long, how much; () if none can.

    `weights` holds one number for each line of the reading: how strongly it announces the deal, below 0 where it is
    hedged or speaks of earlier days. A sentence is its span with words left out; what is put in stands in [brackets]
    (`bot.deals.telling.voice`). The title serves like any sentence.
    """
    lines = [_weighed(each) for each in _considered(say(reading, weights, parties, facts))]
    best = max(_sets(lines), key=_worth, default=())
    return tuple(each.said.sentence for each in best)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A line with what every set that it is in asks of it."""

    said: Said
    words: frozenset[str]
    cost: float
    undertakes: bool


def _weighed(said: Said) -> _Weighed:
    return _Weighed(said, _words(said.text), _cost(said), _UNDERTAKES.search(said.text) is not None)


def _considered(lines: Iterator[Said]) -> list[Said]:
    able = [each for each in lines if _can_open(each) or _adds_to_the_deal(each)]
    return able[:_CONSIDERED]


def _sets(lines: Sequence[_Weighed]) -> Iterator[tuple[_Weighed, ...]]:
    for size in range(1, _SENTENCES + 1):
        for chosen in combinations(lines, size):
            said = [each.said for each in chosen]
            if sum(len(each.text) + 1 for each in said) <= LONGEST + 1 and _reads_well(said):
                yield chosen


def _reads_well(chosen: Sequence[Said]) -> bool:
    """Whether every sentence can be understood from itself and those before it."""
    return _can_open(chosen[0]) and all(_can_follow(each, chosen[:at]) for at, each in enumerate(chosen) if at)


def _can_open(said: Said) -> bool:
    return bool(said.parties) and not said.leans and not said.goes_on and len(said.text.split()) >= 4


def _can_follow(said: Said, before: Sequence[Said]) -> bool:
    """A pronoun needs the line that stood before it, with every name still in it; "the deal" needs a deal."""
    if not _adds_to_the_deal(said):
        return False
    if said.leans:
        return before[-1].index == said.index - 1 and before[-1].whole
    return not said.goes_on or len(frozenset().union(*(each.parties for each in before))) > 1


def _adds_to_the_deal(said: Said) -> bool:
    """Whether it says what is undertaken, by whom, for how long or for how much, and nothing of old."""
    if said.weight < 0 or _BACKGROUND.search(said.text):
        return False
    close = said.leans and said.index <= _CLOSE
    return said.weight > 0 or bool(said.facts) or close or _UNDERTAKES.search(said.text) is not None


def _worth(chosen: Sequence[_Weighed]) -> float:
    """How much of the deal a set of sentences tells, and how well it reads."""
    parties = frozenset().union(*(each.said.parties for each in chosen))
    facts = frozenset().union(*(each.said.facts for each in chosen))
    words = frozenset().union(*(each.words for each in chosen))
    told = 2.0 * min(len(parties), 4) + sum(_FACTS[fact] for fact in facts)
    told += 1.5 * max(each.said.weight for each in chosen) + sum(each.undertakes for each in chosen)
    numbers = {word for word in words if word[0].isdigit()}
    told += 0.4 * min(len(numbers), 4) + 0.06 * len(words)
    again = sum(len(one.words & other.words) for one, other in combinations(chosen, 2))
    return told - 0.07 * again - sum(each.cost for each in chosen)


def _cost(said: Said) -> float:
    """What speaks against a sentence."""
    title = (0.8 + 0.9 * said.shouted + 1.5 * (not _UNDERTAKES.search(said.text))) if said.index == 0 else 0.0
    style = 0.3 * said.leans + 0.3 * said.voiced + 0.2 * (not said.whole)
    talk = 1.5 * (_TALK.search(said.text) is not None) + 1.0 * (_PRAISE.search(said.text) is not None)
    return title + style + talk + 0.8 * said.strangers + 0.12 * said.index


def _words(text: str) -> frozenset[str]:
    return frozenset(_TELLING.findall(text.casefold()))


_TELLING = re.compile(r"\d[\w.,]*\w|\d|\w{4,}")
_FACTS = {FactName.TERM: 1.8, FactName.VALUE: 1.8, FactName.PURPOSE: 1.5, FactName.REGION: 1.6, FactName.START: 0.8}
_UNDERTAKES = re.compile(
    rf"\b(?:{DEAL_NOUN}|{DEAL_VERB}|will|would|should|plan(?:s|ned)?|is to|are to|intends?|aims?|expect(?:s|ed)"
    r"|calls for|includ(?:es?|ing)|combines?|enables?|allows?|lets?|gets?|gains?|becomes?|moves?|brings?|pays?"
    r"|receives?|covers?|runs?|lasts?|gives?|starts?|begins?|takes?|adds?|owns?|holds?|keeps?|invests?|puts?|sells?"
    r"|suppl(?:y|ies)|provides?|leads?|shares?|serves?|uses?|goes|links?|connects?|builds?|opens?|makes?|helps?|works?"
    r"|offers?|launch(?:es|ed)?|announced|comes?|creat(?:es?|ed|ing)|form(?:s|ed|ing)?|develop(?:s|ed|ing)?)\b"
)
_TALK = re.compile(
    r"\b(?:CEO|CIO|chief|director|chairman|president|founder|Dr\.|M\.D\.)\W.*\b(?:said|says|told|called|emphasi[sz]ed)\b"
    r"|['’]s [A-Z]\w+ [A-Z]\w+ (?:said|says|told|called)\b|\bemphasi[sz]ed\b|\bhighlighted\b"
)
_PRAISE = re.compile(
    r"\b(?:most advanced|hard to match|best-in-class|passionate|world-class|cutting-edge|exceptional|unparalleled"
    r"|groundbreaking|years of (?:combined )?experience|one of the (?:first|leading|largest))\b",
    re.I,
)
_BACKGROUND = re.compile(
    r"\b(?:with (?:annual )?revenues?|headquartered|founded in|employs|ranked|last year|years? ago|previously"
    r"|ha(?:s|ve) worked|is (?:an?|the) (?:largest|leading|biggest|world|global|nation)|biggest"
    r"|shares (?:rose|fell|gained|lost)|analysts?|in an interview|reporters?|praised"
    r"|welcomed|stressed|praises|is another sign)\b"
    r"|^Its [^.]*\b(?:has|have|covers?|employs?|serves?)\b"
)
