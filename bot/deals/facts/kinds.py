"""What the parties undertake, and where the deal stands: told by the words of its own sentences.

The words are data, in data/kinds.toml, each row with the cases that it must and must not find. What a row weighs for
each kind, by the place where it stands, is learnt (tests/training/train_kinds.py) from a start that says what the guide
says: the title's act, else the first paragraph's. Beside them weigh the other words (kind_words.py) and the parties.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import fsum
from typing import Any

from bot.deals.facts.kind_words import word_features
from bot.deals.facts.wording import DEAL_NOUN, masked
from bot.deals.model import Kind, Party, Role, Status
from bot.deals.texts.reading import Reading
from bot.deals.texts.sieve import Sieve


@dataclass(frozen=True, slots=True)
class KindCue:
    """Words that speak for a kind first of all, and sentences that show what they find.

    `act`: they tell an act by themselves; the others only lean to it.
    """

    name: str
    kind: Kind
    act: bool
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


def find_kind(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party], said: Sequence[str]) -> Kind:
    """The kind that the deal's title and first paragraph speak of most; of equals the one that comes first.

    `said` are the first lines with symbols for names, as Signals has them.
    """
    scores = kind_scores((*kind_features(reading, deal_lines, parties), *word_features(said)))
    return max(BY_TABLE, key=lambda kind: scores[kind])


def kind_scores(features: Iterable[str]) -> Mapping[Kind, float]:
    """How much these features speak for each kind, in log-odds; what no weight knows says nothing."""
    rows = [kind_weights()[name] for name in features if name in kind_weights()]
    # A plain sum would depend on the order in which the features were found.
    return (
        dict(zip(BY_TABLE, map(fsum, zip(*rows, strict=True)), strict=True)) if rows else dict.fromkeys(BY_TABLE, 0.0)
    )


def kind_features(reading: Reading, deal_lines: Sequence[int], parties: Sequence[Party]) -> tuple[str, ...]:
    """What holds of a deal, as names that the weights know: "always", each cue with the place where it stands, parties.

    The places: the title; the first paragraph, which counts more ("alone") where the title tells no act; the rest.
    """
    lines = {line: _cues(masked(reading, reading.lines[line])) for line in _told(reading, deal_lines)}
    title = lines.get(0, frozenset())
    lead = frozenset[str]().union(*(cues for line, cues in lines.items() if 0 < line <= _LEAD))
    rest = frozenset[str]().union(*(cues for line, cues in lines.items() if line > _LEAD)) - lead
    first = "lead" if title & _acts() else "alone"
    return (
        "always",
        f"register {reading.feed.register.value}",
        *(f"{name}@title" for name in sorted(title)),
        *(f"{name}@{first}" for name in sorted(lead - title)),
        *(f"{name}@rest" for name in sorted(rest - title)),
        *_of_parties(parties),
    )


def find_status(reading: Reading, deal_lines: Sequence[int]) -> Status:
    """Where the deal stands by its own sentences: announced, unless they say more."""
    told = [plain_words(masked(reading, reading.lines[index])) for index in deal_lines]
    return next((cue.status for cue in status_cues() if any(map(cue.pattern.search, told))), Status.ANNOUNCED)


_LEAD = 2  # sentences of the first paragraph
_MANY = 4  # so many parties make a body rather than a bargain
BY_TABLE = (
    Kind.JOINT_VENTURE,
    Kind.LICENSING,
    Kind.MANUFACTURING_SUPPLY,
    Kind.DISTRIBUTION_RESELLER,
    Kind.CONSORTIUM_MEMBERSHIP,
    Kind.PROGRAMME_MEMBERSHIP,
    Kind.CO_MARKETING,
    Kind.CUSTOMER_SELECTION,
    Kind.TECHNOLOGY_INTEGRATION,
    Kind.RESEARCH_COLLABORATION,
    Kind.CO_DEVELOPMENT,
    Kind.STRATEGIC_PARTNERSHIP,
)
"""The kinds in the order of the guide's table."""


@cache
def kind_cues() -> tuple[KindCue, ...]:
    """The kinds and their words."""
    return tuple(
        KindCue(
            row["name"], Kind(row["kind"]), row.get("act", True), _pattern(row), tuple(row["yes"]), tuple(row["no"])
        )
        for row in _data()["kind"]
    )


@cache
def kind_weights() -> Mapping[str, tuple[float, ...]]:
    """What each feature adds for each kind, in the order of BY_TABLE, as packaged."""
    learnt = json.loads(files("bot.deals").joinpath("data/kind_weights.json").read_text(encoding="utf-8"))
    places = [learnt["kinds"].index(kind.value) for kind in BY_TABLE]
    return {name: tuple(row[place] for place in places) for name, row in learnt["features"].items()}


@cache
def status_cues() -> tuple[StatusCue, ...]:
    """The statuses and their words; the first that is found counts."""
    return tuple(
        StatusCue(Status(row["status"]), _pattern(row), tuple(row["yes"]), tuple(row["no"]))
        for row in _data()["status"]
    )


def _told(reading: Reading, deal_lines: Sequence[int]) -> list[int]:
    return sorted({*deal_lines, *range(min(_LEAD + 1, len(reading.lines)))})


def _cues(words: str) -> frozenset[str]:
    plain = plain_words(words)
    return frozenset(cue.name for cue in _sieve().possible(plain) if cue.pattern.search(plain))


@cache
def _sieve() -> Sieve[KindCue]:
    return Sieve((cue, cue.pattern) for cue in kind_cues())


def plain_words(words: str) -> str:
    """Words as the patterns want them: small letters (twice as fast as ignoring case), one apostrophe."""
    return words.lower().replace("'", "’")


@cache
def _acts() -> frozenset[str]:
    return frozenset(cue.name for cue in kind_cues() if cue.act)


def _of_parties(parties: Sequence[Party]) -> tuple[str, ...]:
    many = ("many",) if len(parties) >= _MANY else ("three",) if len(parties) == _MANY - 1 else ()
    roles = {party.role for party in parties}
    sectors = {party.sector.value if party.sector else "unknown" for party in parties}
    return (
        *many,
        *(("buyer_and_seller",) if {Role.CUSTOMER, Role.SUPPLIER} <= roles else ()),
        *sorted(f"role {role.value}" for role in roles),
        *sorted(f"sector {sector}" for sector in sectors),
    )


_PLACEHOLDERS = {
    "{deal}": DEAL_NOUN,
    "{near}": r"(?:[\w&’-]+\s+){0,4}?",
    "{name}": r"x{2,}",
    # "expand their long-standing global partnership", but not "partner to expand access to the agreement".
    "{ours}": r"(?:(?!to\b|access\b|reach\b)[\w&’'-]+\s+){0,5}?",
}


def _pattern(row: dict[str, Any]) -> re.Pattern[str]:
    pattern = "|".join(f"(?:{each})" for each in row["patterns"])
    for placeholder, meaning in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, meaning)
    return re.compile(pattern)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("bot.deals").joinpath("data/kinds.toml").read_text(encoding="utf-8"))
