"""Pieces of sentences that several finders share: how English names a deal, counts and hides a name."""

from __future__ import annotations

from dataclasses import dataclass

from bot.deals.texts.reading import Line, Reading

DEAL_NOUN = (
    r"(?:partnerships?|agreements?|collaborations?|alliances?|deals?|contracts?|pacts?|(?:joint )?ventures?"
    r"|relationships?|arrangements?|tie-?ups?|co-?operations?|accords?|memorandum|engagements?)"
)
"""A noun that stands for the deal itself."""

DEAL_VERB = (
    r"(?:partner(?:s|ed|ing)?|team(?:s|ed|ing)?|join(?:s|ed|ing)?|link(?:s|ed|ing)? up"
    r"|collaborat\w+|work(?:s|ed|ing)? (?:together|with)|sign(?:s|ed|ing)?|agree[sd]?|combin(?:e|es|ed|ing)"
    r"|renew(?:s|ed|ing)?|extend(?:s|ed|ing)?|commit(?:s|ted|ting)?|select(?:s|ed|ing)?|cho(?:oses?|se|sen))"
)
"""A verb by which a deal is made."""

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
NUMBERS = {word: str(value) for value, word in enumerate(_WORDS.split(), start=1)}
NUMBERS |= {"thirty": "30", "forty": "40", "fifty": "50"}
"""Numbers that texts write out."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and the span `words[start:end]` of one line that states it."""

    value: str
    start: int
    end: int


def masked(reading: Reading, line: Line) -> str:
    """The words of a line with every name hidden at the same length, so that no part of a name reads as a word."""
    words = reading.words(line)
    for name in line.names:
        start, end = name.start - line.start, name.end - line.start
        if name.name == words[start:end]:
            words = words[:start] + "X" + "x" * (end - start - 1) + words[end:]
    return words
