"""Whether a text is English prose. The only owner of py3langid."""

from __future__ import annotations

import re

from bot.deals.texts.lexicon import lexicon

_SAMPLE = 2_000
_FEW = 40  # words; a headline's worth says little to a language model


def is_english(text: str) -> bool:
    """Whether the first 2,000 characters of `text` read as English; headlines of a few words get the benefit of doubt.

    Most texts are told by their small words at no cost; only the doubtful ones wake the language model, which takes
    a second to load.
    """
    sample = text[:_SAMPLE]
    words = re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", sample.lower())
    if not words:
        return False
    if not sample.isascii() and sum(letter.isascii() for word in words for letter in word) < 0.7 * sum(map(len, words)):
        return False
    common, foreign = (sum(map(few.__contains__, words)) for few in (lexicon().english, lexicon().foreign))
    if len(words) < _FEW:
        return foreign <= common or foreign < 2
    return common >= 0.1 * len(words) > foreign or (common > 0 and _guess(text[:_SAMPLE]) == "en")


def _guess(text: str) -> str:
    import py3langid  # here, because it loads numpy and a model

    language: str = py3langid.classify(text)[0]
    return language
