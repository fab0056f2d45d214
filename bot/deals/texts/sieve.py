"""Which of many regexes can match a text at all, told by the words without which each of them cannot.

Most regexes of the data match nothing in most lines, and searching for the words of all at once costs less than trying
a few of them. What the words are is read from the regex itself, so that the data need not name them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

import ahocorasick

T = TypeVar("T")

_parser: Any = import_module("re._parser")  # private, and the only one that reads regexes as `re` does


class Sieve(Generic[T]):
    """Made of things that each go with a regex; tells for a text the things whose regex may match it."""

    def __init__(self, things: Iterable[tuple[T, re.Pattern[str]]]) -> None:
        self._things: list[T] = []
        self._always = 0
        self._words: Any = ahocorasick.Automaton()
        masks: dict[str, int] = {}
        for number, (thing, pattern) in enumerate(things):
            self._things.append(thing)
            needed = words_needed(pattern)
            self._always |= 0 if needed else 1 << number
            for word in needed:
                masks[word] = masks.get(word, 0) | 1 << number
        for word, mask in masks.items():
            self._words.add_word(word, mask)
        self._words.make_automaton()

    def possible(self, text: str) -> list[T]:
        """Everything whose regex may match the text, in the order given at first; the regex of nothing else does."""
        if "\n" in text or not (text.isascii() or _MAY_BE_DIGIT.search(text) is None):
            return self._things
        mask = self._always
        for _, found in self._words.iter(f"{_BEGIN}{folded(text)}{_END}"):
            mask |= found
        possible = []
        while mask:
            lowest = mask & -mask
            possible.append(self._things[lowest.bit_length() - 1])
            mask ^= lowest
        return possible


def folded(text: str) -> str:
    """The text in small letters; what `re` takes for an ASCII letter when case does not matter becomes that letter."""
    is_plain = text.isascii() or not any(letter in text for letter in _LIKE_ASCII)
    return text.lower() if is_plain else text.translate(str.maketrans(_LIKE_ASCII)).lower()


def words_needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Words of which every text that the regex matches holds at least one, in small letters; none where we see none.

    The beginning and the end of the text are letters of their own: "\\2" and "\\3".
    """
    if pattern.flags & re.MULTILINE:
        return _NOTHING
    words = list[str]()
    for word in sorted(_read(_parser.parse(pattern.pattern, pattern.flags).data).needed, key=len):
        if not any(shorter in word for shorter in words):
            words.append(word)
    return frozenset(words)


_BEGIN, _END = "\x02", "\x03"
_LIKE_ASCII: dict[str, str | int | None] = {
    "İ": "i",
    "ı": "i",
    "ſ": "s",
    "\u212a": "k",
}  # the last is the sign for Kelvin
# Outside of these no character is a digit to `re` but the ten of ASCII (Unicode's category Nd).
_MAY_BE_DIGIT = re.compile("[\u0660-\u1c59\ua620-\U0010ffff]")
_MOST, _MOST_JOINED = 500, 120
_NOTHING = frozenset[str]()
_EMPTY = frozenset(("",))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a part of a regex can match. `exact` are all its texts, where they are few; else `first` is what each of
    them begins with. `needed` is as in words_needed."""

    exact: frozenset[str] = _NOTHING
    first: frozenset[str] = _EMPTY
    needed: frozenset[str] = _NOTHING


def _read(nodes: Iterable[tuple[Any, Any]]) -> _Read:
    """Parts that follow one another: what is exact joins; of what they need the best is kept, as all must match."""
    run, first, needed = _EMPTY, _NOTHING, _NOTHING
    for operation, value in _spelt(nodes):
        part = _part(operation, value)
        joined = _joined(run, part.exact or part.first)
        if part.exact and joined:
            run = joined
            continue
        needed = _best(needed, joined or run, part.needed)
        first = first or joined or run
        run = part.exact or _EMPTY
    return _Read(_NOTHING if first else run, first or run, _best(needed, run))


def _spelt(nodes: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    """The parts by the names of their operations, with letters that follow one another as one text."""
    letters = ""
    for operation, value in nodes:
        letter = _letter(value) if operation.name == "LITERAL" else ""
        letters += letter
        if not letter:
            if letters:
                yield "TEXT", letters
            letters = ""
            yield operation.name, value
    if letters:
        yield "TEXT", letters


def _joined(run: frozenset[str], following: frozenset[str]) -> frozenset[str]:
    """Each with each, where that does not grow too large; nothing otherwise."""
    is_small = len(run) * len(following) <= _MOST_JOINED
    return frozenset(one + other for one in run for other in following) if is_small else _NOTHING


def _part(operation: str, value: Any) -> _Read:
    match operation:
        case "TEXT":
            return _Read(frozenset((value,)))
        case "IN":
            return _exactly([letter for each in value for letter in _letters(*each)])
        case "AT":
            return _Read(frozenset(({"AT_BEGINNING": _BEGIN, "AT_END": _END}.get(value.name, ""),)))
        case "ASSERT" | "ASSERT_NOT":
            return _Read(_EMPTY)
        case "SUBPATTERN":
            return _read(value[-1].data)
        case "BRANCH":
            return _one_of([_read(each.data) for each in value[1]])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeated(value[0], value[1], _read(value[2].data))
        case _:
            return _Read()


def _exactly(letters: Sequence[str]) -> _Read:
    return _Read(frozenset(letters)) if all(letters) else _Read()


def _letter(code: int) -> str:
    """A letter in small letters, if that is one however a text writes it."""
    letter = chr(code).lower()
    return letter if letter.isascii() or not letter.isalpha() else ""


def _letters(operation: Any, value: Any) -> Sequence[str]:
    match str(operation), str(value):
        case "LITERAL", _:
            return [_letter(value)]
        case "RANGE", _ if value[1] - value[0] < 30:
            return [_letter(code) for code in range(value[0], value[1] + 1)]
        case "CATEGORY", "CATEGORY_DIGIT":
            return "0123456789"
        case _:
            return [""]


def _one_of(branches: Sequence[_Read]) -> _Read:
    """One of them matches, and nobody knows which."""
    return _Read(
        _united([each.exact for each in branches]),
        _united([each.exact or each.first for each in branches]) or _EMPTY,
        _united([each.needed for each in branches]),
    )


def _united(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """All together; nothing where one has nothing, or they are too many."""
    united = frozenset[str]().union(*sets)
    return united if all(sets) and len(united) <= _MOST else _NOTHING


def _repeated(least: int, most: int, once: _Read) -> _Read:
    if least == 0:
        return _Read(once.exact | _EMPTY) if most == 1 and once.exact else _Read()
    return once if least == most == 1 else _Read(_NOTHING, once.exact or once.first, once.needed)


def _best(*sets: frozenset[str]) -> frozenset[str]:
    """Of several sets of words that are needed the one that fewest texts have; none where all have each of them."""
    best = max(sets, key=_rarity)
    return best if _rarity(best) > -math.inf else _NOTHING


def _rarity(words: frozenset[str]) -> float:
    if not words or any(len(word) < 2 and (word.isalnum() or word in ("", " ", _BEGIN, _END)) for word in words):
        return -math.inf
    return -sum(8.0 ** -len(word) for word in words)
