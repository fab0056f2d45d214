"""What stands in each line of a reading: the patterns that hold, and the subjects it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.deals import cues, grammar
from bot.deals.grammar import Found, Strength
from bot.deals.texts.masking import mask
from bot.deals.texts.reading import Reading
from bot.deals.texts.sieve import Sieve

_LINES = 20  # what stands further down is background at best
_LEAD = 4
_LEAD_CHARACTERS = 1_100
_DOUBTS = frozenset(("ended", "hedge", "lawsuit", "merging", "office", "roundup"))
_BELOW = _DOUBTS | {"past"}
_QUOTE = re.compile(r"\s*[“\"‘]|.{0,300}[”\"],? (?:said|says|added|adds|commented|noted|explained|stated)\b")
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_LONG_AGO = re.compile(
    r"(?i)\b(?:in|since|back in|until) (?:(?:early|late|mid)[- ])?(?:19|20)\d\d\b|\b(?:years?|months?) ago\b"
    r"|\blast (?:year|month|autumn|fall|spring|summer|winter)\b|\bnot \S+ only\b"
)
_EARLIER = re.compile(
    rf"(?i)\bpreviously\b|\bearlier this year\b|\b(?:has|have) also (?:partnered|signed|worked)"
    rf"|\bother (?:deals|partnerships)\b|\balready\b"
    rf"|\b(?:announced|signed|struck|formed|began|started|launched|agreed|unveiled|picked|chose|selected)\b[^.;]{{0,50}}"
    rf"\b(?:in|last|since) {_MONTH}\b(?! \d)"
    r"|\b(?:partnership|alliance|pact|deal|agreement|collaboration|contract) (?:that |which )?(?:they|it|the two|both)"
    r" (?:had )?(?:signed|announced|struck|formed|reached|began|launched)\b|\blast year['’]s\b|\bas of last\b"
    r"|\b(?:under|by) an? [^.;]{0,40} of (?:19|20)\d\d\b"
    r"|\bworked together since\b|\bha(?:s|ve) worked (?:together|with)\b"
    rf"|^(?:in|since) {_MONTH}\b|\b(?:in|since) {_MONTH}(?:, and\b|$|\.$)|\bin (?:19|20)\d\d ⟦"
)
_FRESH = re.compile(
    r"(?i)\b(?:today|yesterday|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri)day|expan[ds]\w*|exten[ds]\w*|renew\w*|widen\w*"
    r"|deepen\w*|(?:has|have) (?:signed|entered|formed|agreed|struck|chosen|selected|teamed|partnered|joined))\b"
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
RANK = {Strength.STRONG: 3, Strength.MEDIUM: 2, Strength.WEAK: 1, Strength.FAINT: 0.5}


def look(reading: Reading) -> Signals:
    """Look at the first forty lines."""
    lines = reading.lines[:_LINES]
    start = len(reading.entry.title) + _LEAD_CHARACTERS
    lead = range(1, 1 + sum(line.start < start for line in lines[1 : 1 + _LEAD]))
    # Looking is dear; further down only a line that joins two names is ever asked for its subjects.
    masked = tuple(
        mask(reading.words(line), line) if number < lead.stop or len({name.key for name in line.names}) > 1 else ""
        for number, line in enumerate(lines)
    )
    found = tuple(each for number in range(len(lines)) for each in grammar.find(reading, number, masked[number]))
    joining = {each.line for each in found}
    subjects = tuple(
        cues.find(words, None if number < lead.stop else _BELOW)
        if number < lead.stop or number in joining
        else frozenset()
        for number, words in enumerate(masked)
    )
    doubtful = tuple(
        number in joining
        and (bool(about & _DOUBTS) or _is_of_old(reading.words(line), title=number == 0, past="past" in about))
        for number, (line, about) in enumerate(zip(lines, subjects, strict=True))
    )
    return Signals(masked, subjects, doubtful, found, lead)


def _is_of_old(words: str, *, title: bool, past: bool) -> bool:
    """Whether a line quotes somebody or tells of earlier days; words of renewal make an earlier deal a new one."""
    if title and not past:
        return False
    possible = _times().possible(words)
    is_fresh = _FRESH in possible and _FRESH.search(words) is not None
    if title or (past and not is_fresh):
        return not is_fresh
    return (
        (not is_fresh and _EARLIER in possible and _EARLIER.search(words) is not None)
        or _QUOTE.match(words) is not None
        or (_LONG_AGO in possible and _LONG_AGO.search(words) is not None)
    )


@cache
def _times() -> Sieve[re.Pattern[str]]:
    return Sieve((each, each) for each in (_LONG_AGO, _EARLIER, _FRESH))
