"""Words that tell what a line is about: an acquisition, an award, a rumour. The words themselves are data/cues.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bot.deals.texts.sieve import Sieve


class Place(StrEnum):
    """Where a strong pattern speaks against a veto: the title, the first lines of the body, or either."""

    TITLE = "title"
    LEAD = "lead"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Cue:
    """One subject that a line can show.

    `veto`: in a title it ends the matter, unless a strong pattern stands in the place to which it `yields`.
    """

    name: str
    says: str
    regex: re.Pattern[str]
    veto: bool
    yields: Place


def find(masked: str, among: frozenset[str] | None = None) -> frozenset[str]:
    """The names of the cues in one masked line (`bot.deals.texts.masking`); of all cues, or `among` some."""
    words = masked.lower()
    possible = _sieve().possible(words)
    return frozenset(cue.name for cue in possible if (among is None or cue.name in among) and cue.regex.search(words))


@cache
def cues() -> dict[str, Cue]:
    """The cues as packaged, by name."""
    source = tomllib.loads(files("bot.deals").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    return {
        row["name"]: Cue(
            name=row["name"],
            says=row["says"],
            regex=_compiled(row["regex"]),
            veto=row.get("veto", False),
            yields=Place(row.get("yields", "title")),
        )
        for row in source["cue"]
    }


@cache
def _sieve() -> Sieve[Cue]:
    return Sieve((cue, cue.regex) for cue in cues().values())


def _compiled(regex: str) -> re.Pattern[str]:
    """The regex in small letters, for lines in small letters: matching without regard to case takes twice as long."""
    with_names = regex.replace("#N", r"⟦[\d,]+⟧")
    return re.compile(re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), with_names))
