"""A stranger's text as it may be shown anywhere: on one line, and nothing in it that nobody sees. Pure.

What a product would obey (markdown, mentions, escapes) is for its own renderer to take the life out of, afterwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINERS = "\u200c\u200d"  # shape Arabic, Indic and emoji; they show and move nothing
_COMBINING = 8  # marks on one letter; more is an attempt to paint over other lines
_FLAG, _TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)  # 🏴 and the tags that make it England's, Scotland's, Wales'


def harmless(text: str) -> str:
    """The text on one line, NFC, without controls, escapes, direction marks and other characters that nobody sees."""
    return " ".join("".join(_shown(unicodedata.normalize("NFC", text))).split())


def is_tag(character: str) -> bool:
    """Whether it belongs to the flag before it."""
    return ord(character) in _TAGS


def _shown(text: str) -> Iterator[str]:
    marks, in_flag = 0, False
    for each in text:
        category = unicodedata.category(each)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        in_flag = each == _FLAG or (in_flag and is_tag(each))
        kept = each in _JOINERS or (in_flag and each != _FLAG)
        if marks > _COMBINING or category in {"Cs", "Co", "Cn"} or (category == "Cf" and not kept):
            continue
        # A control character becomes a blank, so that what follows an escape is plainly text.
        yield " " if category in {"Cc", "Zl", "Zp"} else each
