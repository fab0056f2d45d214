"""Markup becomes text that can be quoted: nothing hidden, nothing glued, nothing left over."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.text import clean, clean_line

CLEANED = [
    ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
    ("<div>One<div>Two</div>Three</div>", "One\nTwo\nThree"),
    ("One.<br>Two.<br/>Three.", "One.\nTwo.\nThree."),
    ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
    ("<table><tr><td>Term</td><td>10 years</td></tr><tr><td>Value</td></tr></table>", "Term 10 years\nValue"),
    ("Acme<b>Health</b> and <em>Bor</em>ealis", "AcmeHealth and Borealis"),
    ("H<sub>2</sub>O", "H2O"),
    ("Left<img src=x>right", "Left right"),
    ("A&nbsp;&nbsp;B   C\n\tD<b></b>", "A B C D"),
    ("AT&T, R&amp;D &#8217; &#x2019; &copy; <i>x</i>", "AT&T, R&D ’ ’ © x"),
    ("Merck &amp;amp; Co.", "Merck & Co."),
    ("<p>It&#146;s &#147;good&#148;</p>", "It’s “good”"),
    ("&lt;p&gt;Twice &amp;amp; escaped.&lt;/p&gt;&lt;p&gt;Next.&lt;/p&gt;", "Twice & escaped.\nNext."),
    ("<p>One</p><script>var a = '<p>no</p>';</script><style>p{}</style><p>Two</p>", "One\nTwo"),
    ("<nav>Home</nav><form>Name <input></form><button>Go</button><p>Kept</p>", "Kept"),
    ("<p>Kept</p><div class='sharedaddy sd-block'><div><h3>Share this:</h3></div></div><p>After</p>", "Kept\nAfter"),
    ("<p>Kept</p><div class='social-share'>Facebook</div><p class='share-price'>Closed at 5</p>", "Kept"),
    ("<p>A sharecropper's tale</p>", "A sharecropper's tale"),
    ("<p class='shareholders'>Kept</p>", "Kept"),
    ("<p>Kept</p><p>The post <a>A title</a> appeared first on <a>A blog</a>.</p>", "Kept"),
    ("<p>Kept</p><p>Read more</p><p>Facebook | Twitter | LinkedIn</p>", "Kept"),
    ("<p>It began as [&hellip;] <a>Continue reading A title</a></p>", "It began as…"),
    ("<p>Read more books, she said.</p>", "Read more books, she said."),
    ("<p>One<!-- hidden -->Two</p>", "OneTwo"),
    ("<figure><img><figcaption>Photo: X</figcaption></figure><p>Kept</p>", "Kept"),
    ("<span hidden>no</span><span aria-hidden='true'>no</span>Kept", "Kept"),
    ("Five < six & seven > two", "Five < six & seven > two"),
    ("First line\nwrapped here.\n\nSecond.", "First line wrapped here.\nSecond."),
    ("<p>Unclosed <b>bold<p>next", "Unclosed bold\nnext"),
    ("</div></p>Stray ends", "Stray ends"),
    ("", ""),
    ("   \n ", ""),
]


@pytest.mark.parametrize(("markup", "text"), CLEANED)
def test_markup_becomes_readable_text(markup: str, text: str) -> None:
    assert clean(markup) == text


HIDDEN = ["\x00", "\x08", "\x1b", "\x7f", "\u200b", "\u200e", "\u202e", "\u2066", "\u2069", "\ufeff", "\u2060", "\xad",
          "\u061c", "\u180e", "\ue000"[:0] + "\U000e0041", "\u3164", "\ud800", "\u2063"]  # fmt: skip


@pytest.mark.parametrize("character", HIDDEN)
def test_what_nobody_sees_is_removed(character: str) -> None:
    assert clean(f"Ac{character}me") == "Acme"
    assert clean(f"<p>Ac{character}me</p>") == "Acme"
    assert clean_line(f"Ac{character}me") == "Acme"


LEGAL = [
    "👩‍⚕️ at work",
    "🏳️‍🌈",
    "❤️‍🔥 and 👨‍👩‍👧‍👦",
    "می‌خواهم",
    "نمی‌دانم",
    "क्‍ष",
    "ක්‍රී ලංකා",
    "മലയാളം ന്‍",
    "café",
    "Việt Nam",
    "שלום עולם",
    "العربية",
    "ไทย",
    "日本語、中文",
    "한국어",
    "Ω≈ç√",
    "naïve – “quoted” …",
    "1️⃣",
    "½ × ±",
    "Ελληνικά",
]


@pytest.mark.parametrize("text", LEGAL)
def test_what_a_script_or_an_emoji_needs_is_kept(text: str) -> None:
    expected = unicodedata.normalize("NFC", text)
    assert clean(text) == expected
    assert clean_line(text) == expected


def test_a_joiner_between_latin_letters_is_removed() -> None:
    assert clean_line("@every\u200done and\u200c more") == "@everyone and more"


def test_marks_piled_on_a_letter_are_cut_to_eight() -> None:
    assert clean_line("a" + "\u0336" * 500 + "b") == "a" + "\u0336" * 8 + "b"


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("AT&T &amp; Bob", "AT&T & Bob"),
        ("Growth <5% & falling", "Growth <5% & falling"),
        ("<b>Bold</b> claim", "Bold claim"),
        ("Two\nlines\t here ", "Two lines here"),
        ("a &notable thing", "a &notable thing"),
        ("Acme&#39;s &quot;deal&quot;", 'Acme\'s "deal"'),
        ("Line\u2028break", "Line break"),
    ],
)
def test_a_title_becomes_one_line(title: str, line: str) -> None:
    assert clean_line(title) == line


@given(st.text(max_size=300))
def test_any_text_comes_out_clean_and_stays_so(text: str) -> None:
    once = clean(text)
    assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in once if each != "\n")
    assert once == unicodedata.normalize("NFC", once)
    assert not any(line != line.strip() or "  " in line for line in once.split("\n"))
    once.encode("utf-8")


HOSTILE = [
    "<div>" * 100_000,
    "<b>" * 100_000 + "x" + "</b>" * 100_000,
    "<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x",
    "<" * 400_000,
    "&" * 400_000,
    "&amp;" * 80_000,
    "<a" * 200_000,
    "… continue reading " * 20_000,
    "the post appeared on " * 20_000,
    "<!--" * 100_000,
    "<p>the post x</p>" * 25_000,
]


@pytest.mark.parametrize("markup", HOSTILE, ids=lambda markup: markup[:12])
def test_hostile_markup_costs_little(markup: str) -> None:
    started = time.process_time()
    text = clean(markup)
    assert time.process_time() - started < 3
    assert len(text) <= 400_000


def test_what_one_text_leaves_open_hides_nothing_of_the_next() -> None:
    assert clean("<p>One</p><script>two") == "One"
    assert clean("<p>Three") == "Three"
    assert clean("<svg><p>Four") == ""
    assert clean("<p>Five</p>") == "Five"
