"""What the wording alone says of an entry: words in a row of its title and opening, without any name.

A small linear model beside the sentence patterns: they know what joins whom, it knows how announcements sound. Names,
numbers and words that are no common English stand as symbols, so that nothing is learnt about who is in the news.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import heapify, heappop
from importlib.resources import files
from itertools import chain

from bot.deals.signals import Signals
from bot.deals.texts.lexicon import lexicon

BOUND = 4.0
"""Of the log-odds: wording alone does not decide."""

_TITLE, _LEAD = 3, 2  # words in a row that make a phrase
_LINES = 4  # the title, and so many lines with it
_NAME, _NAMES, _NUMBER, _OTHER, _FROM, _TO = "@", "@@", "#", "_", "^", "$"
_TOKEN = re.compile(r"⟦[\d,]+⟧|[$€£]|[a-z]+(?:'[a-z]+)?|\d[\d,.]*|[:;,.?!—–-]")
_SHOWN = 3
_WORD = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What each phrase adds to the log-odds.

    Those of the title begin with "title ", those of the opening with "lead ", and each counts once more as "any ".
    """

    bias: float
    weights: dict[str, float]


def phrases(signals: Signals) -> frozenset[str]:
    """Every phrase of the title and of the first lines below it."""
    return frozenset(f"{name} {each}" for place, told in _told(signals) for each in told for name in (place, "any"))


def weighed(signals: Signals) -> dict[str, float]:
    """Those of its phrases that weigh anything, with what each adds to the log-odds."""
    found: dict[str, float] = {}
    for place, told in _told(signals):
        table = _weights(place)
        for phrase in table.keys() & set(told):
            found |= table[phrase]
    return found


def odds(found: Mapping[str, float]) -> float:
    """The log-odds, by its wording alone, that an entry with these phrases announces a partnership; within BOUND."""
    # A plain sum would depend on the order in which the phrases were found.
    return max(-BOUND, min(BOUND, learnt().bias + math.fsum(found.values())))


def most_telling(found: Mapping[str, float], *, speak_for: bool) -> tuple[str, ...]:
    """The phrases that weighed most for a partnership, or against one, as a person reads them; "…" is any name."""
    sign = 1 if speak_for else -1
    ranked = [(-sign * weight, phrase) for phrase, weight in found.items() if sign * weight > 0]
    heapify(ranked)
    shown: dict[str, None] = {}
    while ranked and len(shown) < _SHOWN:
        words = _readable(heappop(ranked)[1])
        if _WORD.search(words):
            shown[words] = None
    return tuple(shown)


@cache
def learnt() -> Phrases:
    """The phrases as packaged."""
    source = json.loads(files("bot.deals").joinpath("data/phrases.json").read_text(encoding="utf-8"))
    return Phrases(source["bias"], source["phrases"])


@cache
def _weights(place: str) -> Mapping[str, Mapping[str, float]]:
    """For each phrase that weighs anything at this place the names under which it does."""
    table: dict[str, dict[str, float]] = {}
    for name, weight in learnt().weights.items():
        where, _, phrase = name.partition(" ")
        if where in (place, "any"):
            table.setdefault(phrase, {})[name] = weight
    return table


def _told(signals: Signals) -> Iterator[tuple[str, Iterator[str]]]:
    """The phrases of each line, with the line's place."""
    for line, masked in enumerate(signals.masked[: min(_LINES, signals.lead.stop)]):
        place, most = ("title", _TITLE) if line == 0 else ("lead", _LEAD)
        yield place, _in_a_row(_tokens(masked), most)


def _tokens(masked: str) -> list[str]:
    return [_FROM, *map(_symbol, _TOKEN.findall(masked.lower().replace("’", "'"))), _TO]


@lru_cache(maxsize=20_000)
def _symbol(token: str) -> str:
    if token[0] == "⟦":
        return _NAMES if "," in token else _NAME
    if token[0].isdigit():
        return _NUMBER
    return token if not token[0].isalpha() or lexicon().is_common(token) else _OTHER


def _in_a_row(tokens: Sequence[str], most: int) -> Iterator[str]:
    rows = (zip(*(tokens[start:] for start in range(length)), strict=False) for length in range(1, most + 1))
    return map(" ".join, chain.from_iterable(rows))


def _readable(phrase: str) -> str:
    words = phrase.split(" ")[1:]
    return " ".join("…" if word in (_NAME, _NAMES, _OTHER) else word for word in words if word not in (_FROM, _TO))
