"""What stands in each line of a reading: the patterns that hold, and the subjects it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.deals import cues, grammar
from bot.deals.grammar import Found, Strength
from bot.deals.masking import mask
from bot.deals.reading import Reading

_LINES = 40  # what stands further down is background at best
_LEAD = 4
_LEAD_CHARACTERS = 1_100
_DOUBTS = frozenset(("ended", "hedge", "past", "lawsuit"))
_QUOTE = re.compile(r"\s*[“\"‘]|.{0,300}[”\"],? (?:said|says|added|adds|commented|noted|explained|stated)\b")
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_THEN = re.compile(
    r"(?i)\b(?:in|since|back in|until) (?:(?:early|late|mid)[- ])?(?:19|20)\d\d\b"
    r"|\blast (?:year|month|autumn|fall|spring|summer|winter)|\b(?:\w+ )?(?:years?|months?) ago\b|\bpreviously\b"
    r"|\bearlier this year\b|\b(?:has|have) also (?:partnered|signed|worked)|\bnot \S+ only\b"
    rf"|\bother (?:deals|partnerships)\b|\balready\b|^(?:in|since) {_MONTH}\b|\b(?:in|since) {_MONTH}(?:, and\b|$|\.$)"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """Per line: `masked` words, `cues`, and whether it is `doubtful`: hedged, ended, quoted, or of earlier days.

    `lead` are the numbers of the first lines of the body.
    """

    masked: tuple[str, ...]
    cues: tuple[frozenset[str], ...]
    doubtful: tuple[bool, ...]
    found: tuple[Found, ...]
    lead: range

    def strongest(self, lines: range) -> Found | None:
        """The surest pattern of these lines, doubtful lines left out; the earliest of equals."""
        known = [each for each in self.found if each.line in lines and not self.doubtful[each.line]]
        return max(known, key=lambda each: (RANK[each.pattern.strength], -each.line), default=None)

    def about(self, name: str, lines: range) -> bool:
        """Whether one of the lines shows the cue `name`."""
        return any(name in self.cues[line] for line in lines)


TITLE = range(1)
RANK = {Strength.STRONG: 3, Strength.MEDIUM: 2, Strength.WEAK: 1}


def look(reading: Reading) -> Signals:
    """Look at the first forty lines."""
    lines = reading.lines[:_LINES]
    masked = tuple(mask(reading.words(line), line) for line in lines)
    subjects = tuple(cues.find(words) for words in masked)
    found = tuple(each for number in range(len(lines)) for each in grammar.find(reading, number, masked[number]))
    start = len(reading.entry.title) + _LEAD_CHARACTERS
    lead = range(1, 1 + sum(line.start < start for line in lines[1 : 1 + _LEAD]))
    doubtful = tuple(
        bool(about & _DOUBTS) or (number > 0 and _is_of_old(reading.words(line)))
        for number, (line, about) in enumerate(zip(lines, subjects, strict=True))
    )
    return Signals(masked, subjects, doubtful, found, lead)


def _is_of_old(words: str) -> bool:
    return _QUOTE.match(words) is not None or _THEN.search(words) is not None
