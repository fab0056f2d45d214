"""A page's HTML → its article text (the only owner of trafilatura)."""

from __future__ import annotations

import re

import trafilatura

from bot.feeds.encoding import decode
from bot.feeds.text import tidy

LONGEST = 20_000
_SHORTEST = 200
_MAXIMUM_PAGE = 3_000_000
_WALL = re.compile(
    r"\b(?:we (?:and our partners )?use cookies|accept (?:all )?cookies|cookie (?:policy|settings|preferences)|"
    r"enable javascript|verify (?:that )?you are (?:a )?human|"
    r"(?:subscribe|sign in|log in) to (?:continue|read))",
    re.IGNORECASE,
)


def article_text(body: bytes, content_type: str) -> str | None:
    """The text of the page's article, one paragraph a line, at most 20,000 characters.

    None where no article of some length can be told from the rest, or where a wall (cookies, log-in, a check for
    robots) stands in its place.
    """
    text = decode(body, content_type)[:_MAXIMUM_PAGE]
    if not text.strip():
        return None
    found = trafilatura.extract(text, fast=True, include_comments=False, include_tables=False)
    article = tidy(found) if found else ""
    if len(article) < _SHORTEST or _is_wall(article):
        return None
    return article[:LONGEST]


def _is_wall(article: str) -> bool:
    """Whether a short text speaks of cookies or logging in; a long article may do so in passing."""
    return len(_WALL.findall(article)) * 600 > len(article)
