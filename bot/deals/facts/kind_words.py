"""What the words of a deal's title and first sentences lean to, each word alone and with others of its sense.

A small linear model beside the patterns of data/kinds.toml: they know how an act is told, it knows what such deals are
about. No name counts as a word: names are symbols here, and of other words only common ones and those of a group count.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from bot.deals.model import Kind
from bot.deals.texts.lexicon import lexicon

_LEAD = 2  # sentences of the first paragraph
_PROSE = 5  # so many words make a sentence of it, rather than a picture's address or a dateline
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_BYLINE = "by ⟦"
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "ly", "e")
_LEAST = 3  # letters that a stem has


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words of one sense, and the kind to which they lean first of all, if to any."""

    name: str
    kind: Kind | None
    words: frozenset[str]


def word_features(said: Sequence[str]) -> tuple[str, ...]:
    """Names of what is said in these lines, the title first: "title …" and "any …" for each stem and each group.

    A group is written with a sharp ("any #drug"). `said` are lines as patterns see them, with symbols for names.
    """
    title, lead = _senses(said[0] if said else ""), frozenset[str]().union(*map(_senses, _opening(said)))
    return (
        *(f"title {sense}" for sense in sorted(title)),
        *(f"any {sense}" for sense in sorted(title | lead)),
    )


@cache
def word_groups() -> tuple[WordGroup, ...]:
    """The groups of words."""
    rows = tomllib.loads(files("bot.deals").joinpath("data/kind_words.toml").read_text(encoding="utf-8"))["group"]
    return tuple(
        WordGroup(row["name"], Kind(row["kind"]) if "kind" in row else None, frozenset(row["words"].split()))
        for row in rows
    )


def _opening(said: Sequence[str]) -> Iterator[str]:
    left = _LEAD
    for line in said[1:]:
        if left and len(_WORD.findall(line.lower())) >= _PROSE and not line.lower().startswith(_BYLINE):
            left -= 1
            yield line


def _senses(line: str) -> frozenset[str]:
    return frozenset[str]().union(*map(_sense, _WORD.findall(line.lower())))


@lru_cache(maxsize=20_000)
def _sense(word: str) -> frozenset[str]:
    """The stems of a word's parts, and its groups, whether it is written in one or in parts."""
    parts = word.split("-")
    forms = {word, word.replace("-", ""), *parts}
    stems = (_stem(part) for part in parts if part in _groups_of() or lexicon().is_common(part))
    return frozenset((*stems, *(f"#{name}" for form in forms for name in _groups_of().get(form, ()))))


@cache
def _groups_of() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in word_groups():
        for word in group.words:
            found[word] = (*found.get(word, ()), group.name)
    return found


def _stem(word: str) -> str:
    """The word without its ending, so that one act told in several forms counts as one."""
    ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= _LEAST), "")
    return word[: len(word) - len(ending)]
