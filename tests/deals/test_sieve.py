from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cleanco import basename
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.cues import cues
from bot.deals.facts.kinds import kind_cues, plain_words
from bot.deals.grammar import patterns
from bot.deals.mentions.ways import ways
from bot.deals.texts.masking import STEPS
from bot.deals.texts.organisations import fold, without_suffix
from bot.deals.texts.sieve import Sieve, folded, words_needed
from tests.deals.reading_cases import masked, rows

CASES = [
    masked(case)
    for file, table in (("patterns.toml", "pattern"), ("cues.toml", "cue"), ("mentions.toml", "pattern"))
    for row in rows(file, table)
    for case in (*row["positive"], *row["negative"])
] + [case for row in rows("kinds.toml", "kind") for case in (*row["yes"], *row["no"])]
UNMASKED = [
    re.sub(r"\[[^\]]+\]", "⟦0⟧", case)
    for row in rows("patterns.toml", "pattern")
    for case in (
        *row["positive"],
        *row["negative"],
        "Today [A]'s [B], a maker of scanners, said this week the [C] Inc.",
    )
]
REGEXES: dict[str, tuple[list[re.Pattern[str]], Callable[[str], str]]] = {
    "patterns": ([each.regex for each in patterns()], str),
    "cues": ([each.regex for each in cues().values()], str.lower),
    "ways": ([each.regex for each in ways()], str),
    "kinds": ([each.pattern for each in kind_cues()], plain_words),
}


@pytest.mark.parametrize("regexes", REGEXES)
def test_no_regex_that_matches_a_line_is_left_out(regexes: str) -> None:
    tried, as_wanted = REGEXES[regexes]
    sieve = Sieve((each, each) for each in tried)
    left_out = 0
    for line in map(as_wanted, CASES):
        possible = sieve.possible(line)
        assert [each.pattern for each in tried if each.search(line) and each not in possible] == []
        left_out += len(tried) - len(possible)
    assert left_out > 0.7 * len(tried) * len(CASES), "then it saves nothing"


@pytest.mark.parametrize(("regex", "instead", "needs"), STEPS, ids=[each[0].pattern[:20] for each in STEPS])
def test_a_step_of_masking_changes_nothing_where_what_it_needs_is_missing(
    regex: re.Pattern[str], instead: str, needs: tuple[str, ...]
) -> None:
    spellings = [spelt for line in UNMASKED for spelt in (line, line.upper(), line.replace(" ", ", "))]
    without = [line for line in spellings if needs and not any(each in folded(line) for each in needs)]
    assert [line for line in without if regex.sub(instead, line) != line] == []


@pytest.mark.parametrize(
    ("regex", "words"),
    [
        (r"\b(?:acquir(?:e|ed)|to buy)\b", {"acquire", "to buy"}),
        (r"(?:is|are) selling \S+", {"is selling ", "are selling "}),
        (r"awards?", {"award"}),
        (r"(?:over |about )?\w+ stake", {" stake"}),
        (r"recogni[sz]ed", {"recognised", "recognized"}),
        (r"series [a-c]", {"series a", "series b", "series c"}),
        (r"^how\b|\?$|in 20\d.*", {"\2how", "?\3", *(f"in 20{number}" for number in range(10))}),
        (r"(?:rare)?(?!never)", set()),
        (r"(?:with|x*)", set()),
        (r"a\S+b", set()),
        (r"(?P<A>⟦\w+⟧) (?:joins|leaves)", {" joins", " leaves"}),
        (r"Élan vital", {"lan vital"}),
        (r"(?m)^how", set()),
    ],
)
def test_the_words_that_a_regex_needs_are_read_from_it(regex: str, words: set[str]) -> None:
    assert words_needed(re.compile(regex)) == words


@given(st.text(alphabet="sSſkK\u212aiIıİ xX\n1٣é🙂"))
def test_letters_that_are_alike_to_a_regex_are_alike_to_the_sieve(text: str) -> None:
    regexes = [re.compile(word, re.IGNORECASE) for word in ("sk", "ki", "is$", "^six", r"\dx")]
    sieve = Sieve((each, each) for each in regexes)
    assert {each for each in regexes if each.search(text)} <= set(sieve.possible(text))


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Acme Health, Inc.", "acme health"),
        ("The Acme Co., Ltd.", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Inc.", "inc"),
        ("Ácme S.A.", "acme"),
        ("Acme ООО", "acme"),
        ("AT&T", "at&t"),
    ],
)
def test_a_name_is_compared_without_its_legal_suffix(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.lists(st.sampled_from(["Acme", "Inc.", "Ltd", "S.A.", "GmbH", "& Co", "Bé", "-", ",", "¨", "plc.", "ООО"])))
def test_a_suffix_is_what_the_library_says(words: list[str]) -> None:
    name = " ".join(words)
    assert without_suffix(name).split() == basename(name).split()
