"""The ways in which a sentence tells a deal in passing. The patterns themselves are data/mentions.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.deals.grammar import compiled
from bot.deals.texts.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Way:
    """One way to tell a deal in passing.

    Of `each` every name on one side has a deal with every name on the other. A `subject` way leaves one side unsaid: it
    is whom the sentence or the text is about. A `late` one says too little in the title and the first line of the body.
    `over` ones tell of what is old or over, so that they hold between those too whom the news is about.
    """

    name: str
    regex: re.Pattern[str]
    each: bool = False
    subject: bool = False
    late: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """`no_party` are those who rule on deals or report them; `other_news` the cues of a title that announces none."""

    no_party: frozenset[str]
    other_news: frozenset[str]


@cache
def ways() -> tuple[Way, ...]:
    """The ways as packaged."""
    source = _packaged()
    words = {**_SLOTS, **source["words"]}
    return tuple(
        Way(row["name"], compiled(row["regex"], words), *(row.get(flag, False) for flag in _FLAGS))
        for row in source["pattern"]
    )


@cache
def lists() -> Lists:
    """The lists as packaged."""
    source = _packaged()
    return Lists(frozenset(source["no_party"]), frozenset(source["other_news"]))


def _packaged() -> dict[str, Any]:
    return tomllib.loads(files("bot.deals").joinpath("data/mentions.toml").read_text(encoding="utf-8"))


def sides(way: Way, found: re.Match[str], subject: int | None) -> Iterator[tuple[int, ...]]:
    """The numbers of those who share a deal, once for each deal that was told."""
    ones, others = (
        [int(each) for each in (found.groupdict().get(side) or "").split(",") if each] for side in ("A", "B")
    )
    if _POSSESSES.match(found.group()):
        ones = ones[-1:]  # "Project Acorn, Acme's deal with Globex"
    between = len(others) > 1 and _BETWEEN.search(found.group()) is not None
    if way.subject and subject is not None and not between:
        ones = [subject]
    if not between and way.each and ones and others and not is_one_deal(found.group()):
        yield from ((one, other) for one in ones for other in others)
    else:
        yield (*ones, *others)


def is_one_deal(words: str) -> bool:
    """Whether many who are named have one deal together: "an alliance with Acme, Globex and Initech"."""
    return _ONE_DEAL.search(words) is not None


@cache
def sieve() -> Sieve[Way]:
    """Tells which ways a masked line may hold."""
    return Sieve((way, way.regex) for way in ways())


_FLAGS = ("each", "subject", "late", "over")
_ONE_DEAL = re.compile(r"(?i)\b(?:alliance|venture|consortium|coalition|initiative|project|program(?:me)?|network)\b")
_POSSESSES = re.compile(r"⟦[\d,]+⟧'s")
_BETWEEN = re.compile(r"(?i)\b(?:between|of|by) ⟦")
_PLAIN = r"[^\s⟦⟧;:.]+ "
_SLOTS = {
    "A": r"⟦(?P<A>[\d,]+)⟧",
    "B": r"⟦(?P<B>[\d,]+)⟧",
    "AB": r"⟦(?P<A>\d+(?:,\d+)+)⟧",
    "some": rf"(?:{_PLAIN}){{0,9}}?",
    "few": rf"(?:{_PLAIN}){{0,5}}?",
    "few3": rf"(?:{_PLAIN}){{0,3}}?",
}
