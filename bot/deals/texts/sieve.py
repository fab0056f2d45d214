"""Which of many regexes can match a text at all, told by the words without which each of them cannot.

Most regexes of the data match nothing in most lines, and searching for the words of all at once costs less than trying
a few of them. What the words are is read from the regex itself, so that the data need not name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
        mask = self._always
        for _, found in self._words.iter(folded(text)):
            mask |= found
        return [thing for number, thing in enumerate(self._things) if mask >> number & 1]


def folded(text: str) -> str:
    """The text in small letters; what `re` takes for an ASCII letter when case does not matter becomes that letter."""
    return text.lower() if text.isascii() else text.translate(_LIKE_ASCII).lower()


def words_needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Words of which every text that the regex matches holds at least one, in small letters; none where we see none."""
    return _of_sequence(_parser.parse(pattern.pattern, pattern.flags)) or frozenset()


_LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
_FEWEST, _MOST = 2, 300
Needed = frozenset[str] | None


def _of_sequence(nodes: Iterable[tuple[Any, Any]]) -> Needed:
    """The best of what the parts of a sequence need, for all of them have to match."""
    return max((each for each in _parts(nodes) if each), key=_worth, default=None)


def _parts(nodes: Iterable[tuple[Any, Any]]) -> Iterator[Needed]:
    run = ""
    for operation, value in nodes:
        letter = _letter(operation, value)
        if letter:
            run += letter
            continue
        yield _of_run(run)
        run = ""
        yield _of_node(str(operation), value)
    yield _of_run(run)


def _letter(operation: Any, value: Any) -> str:
    """A letter that is itself in small letters however the text writes it; else nothing."""
    letter = chr(value).lower() if str(operation) == "LITERAL" else ""
    return letter if letter.isascii() or not letter.isalpha() else ""


def _of_run(run: str) -> Needed:
    return frozenset((run,)) if len(run) >= _FEWEST else None


def _of_node(operation: str, value: Any) -> Needed:
    match operation:
        case "SUBPATTERN":
            return _of_sequence(value[-1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" if value[0] > 0:
            return _of_sequence(value[2])
        case "ATOMIC_GROUP":
            return _of_sequence(value)
        case "BRANCH":
            return _of_branches([_of_sequence(each) for each in value[1]])
        case _:
            return None


def _of_branches(branches: Sequence[Needed]) -> Needed:
    """One of them matches, and nobody knows which."""
    words = frozenset[str]().union(*(each or () for each in branches))
    return words if all(branches) and len(words) <= _MOST else None


def _worth(words: frozenset[str]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)
