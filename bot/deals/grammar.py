"""Sentence patterns: who does what with whom in one line. The patterns themselves are data/patterns.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bot.deals.model import Role
from bot.deals.texts import organisations
from bot.deals.texts.reading import Name, Reading
from bot.deals.texts.sieve import Sieve


class Strength(StrEnum):
    """How surely a pattern announces a partnership."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to word an announcement. `owner` patterns name one side only: the other is the feed's owner.

    `early` patterns say too little further down; they count in the title and the first two sentences of the body.
    """

    name: str
    says: str
    strength: Strength
    regex: re.Pattern[str]
    roles: Mapping[str, Role]
    owner: bool = False
    early: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern that holds in line `line`. `doer` and `other` are those in its slots; one may be empty."""

    pattern: Pattern
    line: int
    doer: tuple[Name, ...]
    other: tuple[Name, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """Everyone in the slots, who acts first."""
        return (*self.doer, *self.other)


def find(reading: Reading, line: int, masked: str) -> Iterator[Found]:
    """Every pattern that holds in one line, whose words with masked names are `masked`.

    Patterns that leave the feed's owner unsaid count in the title of a first-party feed alone.
    """
    names = reading.lines[line].names
    first_party = reading.feed.owner is not None and line == 0
    several = len({name.key for name in names}) > 1
    if not names or not (several or first_party):
        return
    for pattern in _sieve().possible(masked):
        if (pattern.early and line > _EARLY) or not (first_party if pattern.owner else several):
            continue
        for match in pattern.regex.finditer(masked):
            slots = match.groupdict()
            doer, other = (
                _names(names, slots.get("A")),
                _names(names, slots.get("B") or slots.get("B2") or slots.get("B3")),
            )
            if pattern.owner or _are_several((*doer, *other)):
                yield Found(pattern, line, doer, other)


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns as packaged."""
    source = tomllib.loads(files("bot.deals").joinpath("data/patterns.toml").read_text(encoding="utf-8"))
    words = {**_SLOTS, **source["words"]}
    return tuple(
        Pattern(
            name=row["name"],
            says=row["says"],
            strength=Strength(row["weight"]),
            regex=compiled(row["regex"], words),
            roles={slot: Role(role) for slot, role in row.get("roles", {}).items()},
            owner=row.get("owner", False),
            early=row.get("early", False),
        )
        for row in source["pattern"]
    )


@cache
def _sieve() -> Sieve[Pattern]:
    return Sieve((pattern, pattern.regex) for pattern in patterns())


def compiled(regex: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A regex of the data file with its {words} filled in."""
    while named := re.search(r"\{([A-Za-z]\w*)\}", regex):
        regex = regex.replace(named.group(), words[named.group(1)])
    return re.compile(regex, re.IGNORECASE)


_EARLY = 2
_PLAIN = (
    r"(?!(?:to|for|using|in|on|by|from|at|of|and|or|that|which|who|as|with|is|are|after|over|against|across|into|via|"
    r"through|within|without|between|inside|per|than|but|his|her)\b)[^\s⟦⟧,;:]+ "
)
_SLOTS = {
    "A": r"⟦(?P<A>[\d,]+)⟧",
    "AB": r"⟦(?P<A>\d+(?:,\d+)+)⟧",
    "B": rf"(?:{_PLAIN}){{0,6}}⟦(?P<B>[\d,]+)⟧",
    "B2": rf"(?:{_PLAIN}){{0,6}}⟦(?P<B2>[\d,]+)⟧",
    "B3": rf"(?:{_PLAIN}){{0,6}}⟦(?P<B3>[\d,]+)⟧",
    "B0": r"⟦[\d,]+⟧",
    "mod": r"(?:(?:[^\s⟦⟧;:]+|⟦\d+⟧(?:'s)?) ){0,8}?",
    "our": r"(?:⟦\d+⟧'s )?",
    "few": r"(?:[^\s⟦⟧;:]+ ){0,4}?",
    "aux": (
        r"(?:(?:said|says|announced|announces|announce|confirmed|revealed|reported|today|that|it|they|has|have|had|is|are|"
        r"was|were|will|would|be|been|being|plans?|planned|agreed?s?|to|both|jointly|also|now|formally|officially|"
        r"the|companies|proudly|proud|pleased|excited|thrilled|delighted|honored|further|recently|intends?|intent|"
        r"continues?) ){0,9}"
    ),
}


def _are_several(names: tuple[Name, ...]) -> bool:
    """Whether the names are of at least two organisations; a unit and its owner are one."""
    keys = {name.key for name in names}
    return len(keys - {key for key in keys for other in keys if organisations.is_unit_of(key, other)}) > 1


def _names(names: tuple[Name, ...], slot: str | None) -> tuple[Name, ...]:
    return tuple(names[int(each)] for each in (slot or "").split(",") if each)
