"""What the parties undertake, and where the deal stands: told by the words of its own sentences.

The patterns are data, in data/kinds.toml, each with the cases that it must and must not find.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.deals.facts.wording import DEAL_NOUN, masked
from bot.deals.model import Kind, Party, Role, Status
from bot.deals.texts.reading import Reading


@dataclass(frozen=True, slots=True)
class KindCue:
    """Words that speak for a kind, with so much weight, and sentences that show what they find."""

    kind: Kind
    weight: float
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusCue:
    """Words that tell a status, and sentences that show what they find."""

    status: Status
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


def find_kind(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party]) -> Kind:
    """The kind that the deal's sentences speak of most, the title counting double; else a strategic partnership."""
    votes = dict.fromkeys((cue.kind for cue in kind_cues()), 0.0)
    for index in sorted({*deal_lines, *range(min(_OPENING, len(reading.lines)))}):
        words = masked(reading, reading.lines[index])
        for cue in kind_cues():
            if cue.pattern.search(words):
                votes[cue.kind] += cue.weight * (2 if index == 0 else 1)
    if len(parties) > _PAIRS:
        votes[Kind.CONSORTIUM_MEMBERSHIP] += 3
    if {Role.CUSTOMER, Role.SUPPLIER} <= {party.role for party in parties}:
        votes[Kind.CUSTOMER_SELECTION] += 0 if any(votes.values()) else 2
    best = max(votes, key=lambda kind: votes[kind])
    if best is Kind.CUSTOMER_SELECTION and votes[Kind.STRATEGIC_PARTNERSHIP]:
        return Kind.STRATEGIC_PARTNERSHIP  # whoever is chosen for a strategic alliance is more than a supplier
    return best if votes[best] else Kind.STRATEGIC_PARTNERSHIP


def find_status(reading: Reading, deal_lines: Sequence[int]) -> Status:
    """Where the deal stands by its own sentences: announced, unless they say more."""
    told = [masked(reading, reading.lines[index]) for index in deal_lines]
    return next((cue.status for cue in status_cues() if any(map(cue.pattern.search, told))), Status.ANNOUNCED)


_OPENING = 3  # the title and two sentences: what brief news says of a deal stands there
_PAIRS = 3  # more parties than so make a body rather than a bargain


@cache
def kind_cues() -> tuple[KindCue, ...]:
    """The kinds and their words; those that win a draw come first."""
    return tuple(
        KindCue(Kind(row["kind"]), row["weight"], _pattern(row), tuple(row["yes"]), tuple(row["no"]))
        for row in _data()["kind"]
    )


@cache
def status_cues() -> tuple[StatusCue, ...]:
    """The statuses and their words; the first that is found counts."""
    return tuple(
        StatusCue(Status(row["status"]), _pattern(row), tuple(row["yes"]), tuple(row["no"]))
        for row in _data()["status"]
    )


_PLACEHOLDERS = {
    "{deal}": DEAL_NOUN,
    "{near}": r"(?:[\w&’'-]+\s+){0,4}?",
    # "expand their long-standing global partnership", but not "partner to expand access to the agreement".
    "{ours}": r"(?:(?!to\b|access\b|reach\b)[\w&’'-]+\s+){0,5}?",
}


def _pattern(row: dict[str, Any]) -> re.Pattern[str]:
    pattern = "|".join(f"(?:{each})" for each in row["patterns"])
    for placeholder, meaning in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, meaning)
    return re.compile(pattern, re.IGNORECASE)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("bot.deals").joinpath("data/kinds.toml").read_text(encoding="utf-8"))
