from __future__ import annotations

import re

import pytest

from bot.deals.cues import cues
from bot.deals.grammar import patterns
from bot.deals.mentions.ways import ways
from tests.deals.reading_cases import masked, rows

PATTERNS = {pattern.name: pattern.regex for pattern in patterns()}
CUES = {cue.name: cue.regex for cue in cues().values()}
WAYS = {way.name: way.regex for way in ways()}
TABLES = (
    [(row, PATTERNS) for row in rows("patterns.toml", "pattern")]
    + [(row, CUES) for row in rows("cues.toml", "cue")]
    + [(row, WAYS) for row in rows("mentions.toml", "pattern")]
)
CASES = [
    pytest.param(table[row["name"]], case, wanted, id=f"{row['name']}: {case}")
    for row, table in TABLES
    for wanted, cases in ((True, row["positive"]), (False, row["negative"]))
    for case in cases
]


@pytest.mark.parametrize(("regex", "case", "wanted"), CASES)
def test_a_pattern_holds_in_its_positive_cases_and_in_no_negative_one(
    regex: re.Pattern[str], case: str, wanted: bool
) -> None:
    line = masked(case) if regex.flags & re.IGNORECASE else masked(case).lower()
    assert (regex.search(line) is not None) is wanted


def test_every_pattern_and_cue_has_three_cases_of_either_kind() -> None:
    few = [row["name"] for row, _ in TABLES if len(row["positive"]) < 3 or len(row["negative"]) < 3]
    assert few == []


def test_no_two_patterns_or_cues_share_a_name() -> None:
    names = [row["name"] for row, _ in TABLES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("regex", [*PATTERNS.values(), *CUES.values(), *WAYS.values()], ids=[*PATTERNS, *CUES, *WAYS])
@pytest.mark.parametrize(
    "filler", ["⟦0⟧ ", "word ", "⟦0⟧ with ", "⟦0⟧ announced a ", "partnership with ", "the ", "a,"]
)
def test_a_hostile_line_costs_little(regex: re.Pattern[str], filler: str) -> None:
    line = ("⟦0,1⟧ " + filler * 400)[:1_200]
    assert sum(1 for _ in regex.finditer(line)) < 400
