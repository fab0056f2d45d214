"""Text that is safe in a terminal, and as wide as it looks there. The only owner of wcwidth."""

from __future__ import annotations

from collections.abc import Iterator

from wcwidth import wcswidth, wcwidth


def width_of(text: str) -> int:
    """The columns a harmless text takes: wide (CJK) characters take two, combining ones none."""
    measured = wcswidth(text)
    return measured if measured >= 0 else sum(max(0, wcwidth(each)) for each in text)


def wrap(text: str, width: int) -> list[str]:
    """The words of the text in lines of at most `width` columns; a word too long for a line is cut."""
    lines: list[str] = []
    line = ""
    for piece in (piece for word in text.split() for piece in _pieces(word, width)):
        longer = f"{line} {piece}" if line else piece
        if width_of(longer) <= width:
            line = longer
        else:
            lines.append(line)
            line = piece
    return [*lines, line] if line else lines


def fit(text: str, width: int) -> str:
    """The text cut with … to at most `width` columns."""
    return text if width_of(text) <= width else f"{next(_pieces(text, max(1, width - 1)))}…"


def pad(text: str, width: int) -> str:
    """The text with blanks up to `width` columns."""
    return text + " " * max(0, width - width_of(text))


def _pieces(word: str, width: int) -> Iterator[str]:
    """The word in pieces of at most `width` columns, at least one character each."""
    while width_of(word) > width:
        end = 1
        while end < len(word) and width_of(word[: end + 1]) <= width:
            end += 1
        yield word[:end]
        word = word[end:]
    yield word
