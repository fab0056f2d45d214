"""Text that is safe in a terminal, and as wide as it looks there."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal.text import fit, harmless, width_of, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("\x1b]0;title\x07rest", "]0;title rest"),
        ("\x9b31mred", "31mred"),
        ("one\r\ntwo\ttab", "one two tab"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041s", "tags"),
        ("line\u2028separator", "line separator"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("a" + "\u0301" * 20, "a" + "\u0301" * 8),
        ("بين\u200cالكلمات", "بين\u200cالكلمات"),
        ("👩\u200d🔬 at work", "👩\u200d🔬 at work"),
        ("plain – text × here", "plain – text × here"),
    ],
)
def test_nothing_is_left_that_a_terminal_could_obey(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_text_at_all_keeps_a_control_character(text: str) -> None:
    left = {unicodedata.category(each) for each in harmless(text) if each not in "\u200c\u200d"}
    assert left.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0), ("● ×", 3)])
def test_width_counts_columns_and_not_characters(text: str, width: int) -> None:
    assert width_of(text) == width


@given(st.text(max_size=200).map(harmless), st.integers(4, 60))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"), [("short", "short"), ("a longer text", "a longe…"), ("日本語日本語", "日本語…")]
)
def test_what_does_not_fit_is_cut_and_says_so(text: str, shown: str) -> None:
    assert fit(text, 8) == shown
