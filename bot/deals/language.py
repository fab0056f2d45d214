"""Whether a text is English prose. The only owner of py3langid."""

from __future__ import annotations

import re

_FREQUENT = frozenset(
    "the of and to in a for with on is that it as at by from will its has an be are this their said was have".split()  # noqa: SIM905
)
_SAMPLE = 2_000


def is_english(text: str) -> bool:
    """Whether the first 2,000 characters of `text` read as English; headlines of a few words get the benefit of doubt.

    Most texts are told by their small words at no cost; only the doubtful ones wake the language model, which takes
    a second to load.
    """
    words = re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", text[:_SAMPLE])
    if not words:
        return False
    if sum(letter.isascii() for word in words for letter in word) < 0.7 * sum(map(len, words)):
        return False
    share = sum(word.lower() in _FREQUENT for word in words) / len(words)
    if share >= 0.15 or len(words) < 12:
        return True
    return share > 0 and _guess(text[:_SAMPLE]) == "en"


def _guess(text: str) -> str:
    import py3langid  # here, because it loads numpy and a model

    language: str = py3langid.classify(text)[0]
    return language
