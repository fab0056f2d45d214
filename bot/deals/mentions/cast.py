"""Whom a text is about, and the words that stand for them: "it", "the company", "the two"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.deals.texts.masking import simplified
from bot.deals.texts.reading import Name, Reading

_OPENING = 4  # lines
_GROUPS = "companies|firms|sides|partners|parties|groups|pair|organi[sz]ations|duo"
_ONE = (
    "company|firm|group|vendor|clinic|system|giant|maker|drugmaker|insurer|retailer|bank|carmaker|chipmaker|operator"
    "|start-?up|hospital|chain|agency|airline|university|club"
)
_BOTH = re.compile(rf"\b(?:(?:[Tt]he|[Bb]oth|[Tt]hese) (?:two|{_GROUPS})(?: (?:{_GROUPS}))?|[Bb]oth|[Tt]hey)\b(?!')")
_SELF = re.compile(rf"\b(?:[Ii]t|[Tt]he (?:[\w-]+ )?(?:{_ONE}))\b")
_WITH_SELF = re.compile(rf"\b((?:with|to|from|of) )(?:it|them|the (?:{_ONE}))\b")
# "With Acme in Ohio, Globex in Utah and Initech" is a list of three.
_AT_HOME = re.compile(r"⟧ (?:in|of) [A-Z][\w.]+(?: [A-Z]\w+)?(?=,? (?:and )?⟦)")
_NAME = re.compile(r"⟦(\d+)")


def find_cast(reading: Reading, main: set[str], one: dict[str, str]) -> tuple[Name, ...]:
    """The parties, or else whom the title and, as long as it names but one, the next lines name; two at most.

    `main` holds the keys of the parties. Of two names of one organisation in this text (`one`) the first stands.
    """
    found: dict[str, Name] = {}
    for line in reading.lines[:_OPENING]:
        for name in line.names:
            key = one.get(name.key, name.key)
            if key in main or not main:
                found.setdefault(key, name)
        if len(found) > 1:
            break
    return tuple(found.values())[:2]


def find_it(reading: Reading, number: int, cast: Sequence[Name], one: dict[str, str], *, sure: bool) -> int | None:
    """Which of the cast "it" is in line `number`: the only one whom the line before names.

    Where that names both or none it is the first of them, or nobody if one has to be `sure`.
    """
    before = {one.get(name.key, name.key) for name in reading.lines[number - 1].names} if number else set()
    named = [at for at, name in enumerate(cast) if one.get(name.key, name.key) in before]
    if len(named) == 1:
        return named[0]
    return None if sure or not cast else 0


def with_cast(masked: str, first: int, cast: Sequence[Name], it: int | None) -> str:
    """A masked line in which symbols from number `first` on stand where its words mean the cast.

    "The two" are both of them. "It" at the start is number `it`; behind a name ("Globex has been busy: Acme signed with
    it") it is the one whom the line names first.
    """
    if _AT_HOME.search(masked) or "⟧ and ⟦" in masked:
        masked = simplified(_AT_HOME.sub("⟧", masked))
    if len(cast) == 2:
        masked = _BOTH.sub(f"⟦{first},{first + 1}⟧", masked)
    pronoun, name = _SELF.search(masked), _NAME.search(masked)
    if pronoun and (name is None or pronoun.start() < name.start()):
        return masked if it is None else f"{masked[: pronoun.start()]}⟦{it}⟧{masked[pronoun.end() :]}"
    named = _NAME.findall(masked)
    referent = named[0] if len(set(named)) > 1 else it
    return masked if referent is None else _WITH_SELF.sub(rf"\1⟦{referent}⟧", masked)


def find_subject(masked: str, before: int, it: int | None) -> int | None:
    """The number of whom the words behind `before` are said: the name before them, or else `it`."""
    named = _NAME.findall(masked, 0, before)
    return int(named[-1]) if named else it
