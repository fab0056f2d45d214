"""Markdown as Discord's clients read it, as far as it matters here: what of a text is shown, and what is alive in it.

Written after Discord's help page "Markdown Text 101" and the message formatting reference. It is meant to be generous:
what it takes for plain, Discord takes for plain.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of shown text. `kind` is plain, or what Discord makes of it; `target` is a link's address."""

    text: str
    kind: str = "plain"
    target: str = ""


_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("code", re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")),
    ("time", re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFRsS]))?>")),
    ("mention", re.compile(r"<(?:@[!&]?\d+|#\d+|/[^:>]+:\d+|id:\w+|a?:\w+:\d+)>|@everyone|@here|@silent")),
    ("autolink", re.compile(r"<(?:https?://[^ >]+|mailto:[^ >]+|[^@\s>]+@[^@\s>]+|\+\d+)>")),
    ("link", re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)")),
    ("url", re.compile(r"https?://[^\s<]+[^<.,:;\"'\])\s]")),
    ("invite", re.compile(r"\b(?:discord\.(?:gg|new)|discord(?:app)?\.com/invite)/\S+", re.IGNORECASE)),
    ("strong", re.compile(r"\*\*([\s\S]+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__([\s\S]+?)__(?!_)")),
    ("em", re.compile(r"\*(?=\S)([\s\S]+?\S|\S)\*(?!\*)|\b_(\S[\s\S]*?)_\b")),
    ("strike", re.compile(r"~~([\s\S]+?)~~")),
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
)
_LINES = (
    ("heading", re.compile(r"#{1,3} +(?=\S)")),
    ("subtext", re.compile(r"-# +(?=\S)")),
    ("quote", re.compile(r">(?:>>)? ")),
    ("list", re.compile(r" *(?:[-*+]|\d+\.) +(?=\S)")),
)


def read(text: str) -> list[tuple[str, list[Piece]]]:
    """The lines, each with its kind and its pieces."""
    return [_line(line) for line in text.split("\n")]


def shown(text: str) -> str:
    """What stands on the screen."""
    return "\n".join("".join(piece.text for piece in pieces) for _, pieces in read(text))


def alive(text: str) -> set[str]:
    """The kinds of everything in the text that is more than plain."""
    lines = read(text)
    return {piece.kind for _, pieces in lines for piece in pieces} | {kind for kind, _ in lines} - {"plain"}


def as_html(text: str) -> str:
    """The text as it would look, for a page to be looked at."""
    return "".join(
        f'<div class="{kind}">{"".join(map(_html, pieces)) or "&nbsp;"}</div>' for kind, pieces in read(text)
    )


def _line(line: str) -> tuple[str, list[Piece]]:
    for kind, rule in _LINES:
        if begun := rule.match(line):
            return kind, _inline(line[begun.end() :])
    return "plain", _inline(line)


def _inline(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        found = next(((kind, hit) for kind, rule in _RULES if (hit := rule.match(text, at))), None)
        if found is None:
            pieces.append(Piece(text[at]))
            at += 1
        else:
            pieces += _pieces(*found)
            at = found[1].end()
    return _joined(pieces)


def _pieces(kind: str, hit: re.Match[str]) -> list[Piece]:
    match kind:
        case "escape":
            return [Piece(hit[1])]
        case "code":
            return [Piece(hit[2], "code")]
        case "link":
            words = "".join(piece.text for piece in _inline(hit[1]))
            return [Piece(words, "link", hit[2])]
        case "strong" | "underline" | "strike" | "spoiler" | "em":
            within = _inline(next(group for group in hit.groups() if group))
            return [Piece(each.text, f"{kind} {each.kind}".removesuffix(" plain"), each.target) for each in within]
        case _:
            return [Piece(hit[0], kind)]


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind == "plain":
            joined[-1] = Piece(joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def _html(piece: Piece) -> str:
    text = html.escape(piece.text)
    if piece.kind == "time":
        at = datetime.fromtimestamp(int(piece.text.split(":")[1].rstrip(">")), UTC)
        return f'<span class="time">{at:%d %B %Y}</span>'
    if "link" in piece.kind:
        return f'<a href="{html.escape(piece.target)}">{text}</a>'
    return text if piece.kind == "plain" else f'<span class="{piece.kind}">{text}</span>'
