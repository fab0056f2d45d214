"""A page's article, and nothing else that stands on it."""

from __future__ import annotations

import pytest

from bot.feeds.article import LONGEST, article_text

PARAGRAPHS = [
    "Acme Health has chosen Borealis Cloud to store its records, both organisations said on Monday in Oslo.",
    "The two will work together for ten years on tools that read medical images & reports.",
    "Neither of them disclosed what the agreement is worth, and no jobs are to be cut.",
    "The first hospitals are to begin next spring, and all are to follow within three years.",
]
MENU = "<nav><a href='/'>Home</a><a href='/news'>News</a></nav>"
FOOT = "<footer>Copyright Example News. Cookie policy</footer><div class='share'>Share this on Facebook</div>"


def page(inside: str) -> bytes:
    return f"<html><head><title>News</title></head><body>{MENU}<main>{inside}</main>{FOOT}</body></html>".encode()


def article(paragraphs: list[str]) -> str:
    return "<article><h1>Acme chooses Borealis</h1>" + "".join(f"<p>{each}</p>" for each in paragraphs) + "</article>"


def test_the_article_is_found_a_paragraph_a_line() -> None:
    found = article_text(page(article([each.replace("&", "&amp;") for each in PARAGRAPHS])), "text/html")
    assert found is not None
    lines = found.split("\n")
    assert [line for line in lines if line in PARAGRAPHS] == PARAGRAPHS
    assert "Home" not in found
    assert "Facebook" not in found


def test_the_encoding_of_a_page_is_found() -> None:
    body = page(article([each.replace("Oslo", "Tromsø") for each in PARAGRAPHS])).decode().encode("latin-1")
    found = article_text(body, "text/html; charset=utf-8")
    assert found is not None
    assert "Tromsø" in found


COOKIES = [
    "We use cookies and accept all cookies. Read our cookie policy and change your cookie settings.",
    "We and our partners use cookies to keep information on a device, and to show what you like.",
    "You may accept cookies or change your cookie preferences at any time, here and elsewhere.",
]
ROBOTS = [
    "Please enable JavaScript and verify you are human before this page can be shown to you at all.",
    "This takes a moment, and you will be sent on when all is done; thank you for your patience.",
    "Then the page that you have asked for is shown to you, and will be shown at once from then on.",
]
LOG_IN = [
    "Subscribe to continue reading this story and all the others that our reporters have written.",
    "You may sign in to read it if you subscribe already; it takes a moment and is free for a week.",
    "All our subscribers get the whole archive as well, and a letter from the desk on each Friday.",
]


@pytest.mark.parametrize(
    "inside",
    ["", "<p>Short.</p>", article(COOKIES), article(ROBOTS), article(LOG_IN)],
    ids=["empty", "short", "cookies", "robots", "log-in"],
)
def test_a_wall_or_a_scrap_is_no_article(inside: str) -> None:
    assert article_text(page(inside), "text/html") is None


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"\x89PNG\r\n", b"{}", b"<" * 10_000, b"%PDF-1.7"])
def test_what_is_no_page_has_no_article(body: bytes) -> None:
    assert article_text(body, "text/html") is None


def test_a_long_article_is_cut() -> None:
    found = article_text(page(article([f"{each} ({n})" for n in range(200) for each in PARAGRAPHS])), "text/html")
    assert found is not None
    assert LONGEST - 200 < len(found) <= LONGEST
