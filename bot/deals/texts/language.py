"""Whether a text is English prose. The only owner of py3langid."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.deals.texts.lexicon import lexicon

_SAMPLE = 2_000
_FEW = 40  # words; a headline's worth says little to a language model


def is_english(text: str) -> bool:
    """Whether the first 2,000 characters of `text` read as English; headlines of a few words get the benefit of doubt.

    Most texts are told by their small words at no cost; only the doubtful ones wake the language model, which takes
    a second to load.
    """
    sample = text[:_SAMPLE]
    words = (_ASCII_WORD if sample.isascii() else _WORD).findall(sample.lower())
    if not words:
        return False
    if not sample.isascii() and _in_ascii(words) < 0.7 * sum(map(len, words)):
        return False
    common, foreign = (sum(map(few.__contains__, words)) for few in (lexicon().english, lexicon().foreign))
    if len(words) < _FEW:
        return foreign <= common or foreign < 2
    return common >= 0.1 * len(words) > foreign or (common > 0 and _guess(text[:_SAMPLE]) == "en")


def count_letters(text: str) -> int:
    """How many characters of `text` are letters of any script."""
    ascii_letters = len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return ascii_letters + (0 if text.isascii() else sum(map(str.isalpha, _FOREIGN.findall(text))))


_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")


def _in_ascii(words: Sequence[str]) -> int:
    """How many of their letters are ASCII."""
    return sum(len(word.encode("ascii", "ignore")) for word in words)


def _guess(text: str) -> str:
    import py3langid  # here, because it loads numpy and a model

    language: str = py3langid.classify(text)[0]
    return language
