"""What any chat and any terminal may show of a stranger's text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.harmless import harmless, is_tag

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


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
        ("a" + "\u0301" * 20, "á" + "\u0301" * 8),
        ("private \ue000 use", "private use"),
        ("plain – text × here", "plain – text × here"),
    ],
)
def test_nothing_is_left_that_anything_could_obey(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦", ENGLAND, "❤️", "می‌خواهم", "क्‍ष", "🇳🇴", "é", "漢字", "Ω", "ñ", "👩‍🔬 at work"]
)
def test_what_scripts_and_emoji_need_is_kept(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0041", "\xad", "\ud800"])
def test_what_nobody_sees_is_removed(hidden: str) -> None:
    assert harmless(f"a{hidden}b") == "ab"


def test_no_more_than_eight_marks_stand_on_a_letter() -> None:
    assert len(harmless("z" + "\u0336" * 30)) == 9


@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_text_at_all_keeps_a_control_character(text: str) -> None:
    left = {unicodedata.category(each) for each in harmless(text) if each not in "\u200c\u200d" and not is_tag(each)}
    assert left.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@given(st.text(max_size=200))
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)
