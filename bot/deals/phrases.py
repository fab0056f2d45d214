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
from importlib.resources import files

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
    return frozenset(f"{name} {phrase}" for place, phrase in _told(signals) for name in (place, "any"))


def weighed(signals: Signals) -> frozenset[str]:
    """Those of its phrases that weigh anything."""
    named = _named()
    return frozenset(name for place, phrase in _told(signals) for name in named[place].get(phrase, ()))


def odds(found: frozenset[str]) -> float:
    """The log-odds, by its wording alone, that an entry with these phrases announces a partnership; within BOUND."""
    known = learnt()
    # A plain sum depends on the order in which a set holds its phrases, and so on the process.
    return max(-BOUND, min(BOUND, known.bias + math.fsum(known.weights.get(each, 0.0) for each in found)))


def most_telling(found: frozenset[str], *, speak_for: bool) -> tuple[str, ...]:
    """The phrases that weighed most for a partnership, or against one, as a person reads them; "…" is any name."""
    sign = 1 if speak_for else -1
    weights = learnt().weights
    ranked = sorted((-sign * weights[each], each) for each in found if sign * weights.get(each, 0.0) > 0)
    shown: dict[str, None] = {}
    for _, phrase in ranked:
        words = _readable(phrase)
        if _WORD.search(words):
            shown[words] = None
        if len(shown) == _SHOWN:
            break
    return tuple(shown)


@cache
def learnt() -> Phrases:
    """The phrases as packaged."""
    source = json.loads(files("bot.deals").joinpath("data/phrases.json").read_text(encoding="utf-8"))
    return Phrases(source["bias"], source["phrases"])


@cache
def _named() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By place, for each phrase the names under which it weighs something there."""
    named: dict[str, dict[str, tuple[str, ...]]] = {"title": {}, "lead": {}}
    for name in learnt().weights:
        place, _, phrase = name.partition(" ")
        for each in named if place == "any" else (place,):
            named[each][phrase] = (*named[each].get(phrase, ()), name)
    return named


def _told(signals: Signals) -> Iterator[tuple[str, str]]:
    """Each phrase with its place."""
    for line, masked in enumerate(signals.masked[: min(_LINES, signals.lead.stop)]):
        place, most = ("title", _TITLE) if line == 0 else ("lead", _LEAD)
        for phrase in _in_a_row(_tokens(masked), most):
            yield place, phrase


def _tokens(masked: str) -> list[str]:
    return [_FROM, *(_symbol(token) for token in _TOKEN.findall(masked.lower().replace("’", "'"))), _TO]


@lru_cache(maxsize=20_000)
def _symbol(token: str) -> str:
    if token[0] == "⟦":
        return _NAMES if "," in token else _NAME
    if token[0].isdigit():
        return _NUMBER
    return token if not token[0].isalpha() or lexicon().is_common(token) else _OTHER


def _in_a_row(tokens: Sequence[str], most: int) -> Iterator[str]:
    yield from tokens
    for length in range(2, most + 1):
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


def _readable(phrase: str) -> str:
    words = phrase.split(" ")[1:]
    return " ".join("…" if word in (_NAME, _NAMES, _OTHER) else word for word in words if word not in (_FROM, _TO))
