"""The places that texts name: their spellings, and how they are written out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

_WORD = r"(?:St\. )?[A-Z][\w'’-]+"


def place_key(value: str) -> str:
    """What tells one place from another: every part written out, in small letters."""
    found = _OUTSIDE.match(value.replace("the ", ""))
    outside, place = found.groups() if found else ("", value.replace("the ", ""))
    parts = (part.strip() for part in place.split(","))
    return outside.casefold() + ", ".join(places().written_out.get(part, part).casefold() for part in parts)


_Tree: TypeAlias = "dict[str, _Tree]"
_OUTSIDE = re.compile(r"((?:worldwide )?outside )(.*)", re.I)


@dataclass(frozen=True, slots=True)
class Places:
    """`written_out` maps every spelling to its full form; `named` finds a known place or any "City, State".

    `city` finds those and anything else that is written like a place; `states` are the spellings of all states.
    `of_people` finds a country or state, or the word for who and what is of it: "Indian", "Utahns".
    """

    written_out: dict[str, str]
    cities: frozenset[str]
    named: re.Pattern[str]
    city: re.Pattern[str]
    listed: re.Pattern[str]
    of_people: re.Pattern[str]
    states: str


def written_out(place: str) -> str:
    city, comma, state = place.rpartition(", ")
    written_out = places().written_out
    return written_out.get(place) or f"{city}{comma}{written_out.get(state, state)}"


@cache
def places() -> Places:
    data = tomllib.loads(files("bot.deals").joinpath("data/places.toml").read_text(encoding="utf-8"))
    written_out = {
        spelling: name
        for kind in ("regions", "countries", "states")
        for name, others in data[kind].items()
        for spelling in (name, *others)
    }
    cities, provinces = frozenset(data["cities"]["plain"]), frozenset(data["provinces"]["plain"])
    written_out |= {word: name for name, words in data["people"].items() for word in words}
    lands = {
        *provinces,
        *_spellings(data["countries"]),
        *data["states"],
        *(word for words in data["people"].values() for word in words),
    }
    states = _any_of(_spellings(data["states"]) | provinces)
    # A state's abbreviation is a place only behind a city: "IN" and "OR" are words.
    alone = {*_spellings(data["regions"]), *_spellings(data["countries"]), *data["states"], *cities, *provinces}
    alone -= {"D.C."}
    city_state = rf"{_WORD}(?:\s{_WORD}){{0,2}}, (?:{states}|{_any_of(_spellings(data['countries']))})"
    known = rf"(?<![\w.])(?:{city_state}|{_any_of(alone)})(?!\w)"
    return Places(
        written_out={**written_out, **{place: place for place in (*cities, *provinces)}},
        cities=cities,
        named=re.compile(known),
        city=re.compile(rf"{known}|\b(?!{_NO_PLACE}\b){_WORD}(?:\s{_WORD}){{0,2}}(?!\w)"),
        listed=re.compile(rf"(?:,?\sand|,)\s(?:in\s)?(?:the\s)?(?P<place>{known})"),
        of_people=re.compile(rf"(?<![\w.-])(?P<people>{_any_of(lands)})(?![\w-])"),
        states=states,
    )


_NO_PLACE = (
    r"(?:The|A|An|Its|Their|His|Her|This|January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)


def _spellings(places: dict[str, list[str]]) -> set[str]:
    return {spelling for name, others in places.items() for spelling in (name, *others)}


def _any_of(spellings: Iterable[str]) -> str:
    """A regex of all, the longest first. They share their beginnings, so that a search looks at each letter once."""
    tree: _Tree = {}
    for spelling in spellings:
        branch = tree
        for letter in (*spelling, ""):
            branch = branch.setdefault(letter, {})
    return _alternatives(tree)


def _alternatives(tree: _Tree) -> str:
    several = [re.escape(letter) + _alternatives(branch) for letter, branch in sorted(tree.items()) if letter]
    if not several:
        return ""
    either = several[0] if len(several) == 1 and "" not in tree else f"(?:{'|'.join(several)})"
    return f"{either}?" if "" in tree else either
