"""Text that is safe in a terminal, and as wide as it looks there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.harmless import harmless
from bot.platforms.terminal.text import fit, width_of, wrap


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
