"""What a deal is for, in the words of its announcement: "bring cloud services to rural hospitals"."""

from __future__ import annotations

import re

from bot.deals.wording import DEAL_NOUN, DEAL_VERB, Stated

_LONGEST = 120
_CUE = re.compile(rf"\b(?:{DEAL_NOUN}|{DEAL_VERB}|selects?|picks?|taps?|tapped|adopts?|integrates?)\b", re.I)
# Verbs that carry no purpose: "agreed to partner", "is expected to be", "plan to announce".
_NO_PURPOSE = (
    r"be|announce|partner|team|join|collaborate|work|sign|form|enter|expand\s+\w+\s+partnership|renew|have|date|continue"
    r"|become|discuss|the|a|an|its|their|our|his|her|this|that|these|those|all|more|up|about|some|any|each|one|both"
)
_TO_DO = re.compile(
    r"(?:\bto\s+(?:jointly\s+)?|\b(?:aimed|aiming) at\s+|\bfocus(?:ed|ing)? on\s+)"
    rf"(?=(?P<purpose>(?!(?:{_NO_PURPOSE})\b)[a-z][\w-]+\b.*))",
    re.S,
)
# Other uses of "to": what somebody plans besides, or what a thing is compared or added to.
_OTHER_TO = re.compile(
    r"\b(?:intends?|plans?|planning|expects?|expected|wants?|hopes?|able|likely|due|set|continues?|according|begins?|began"
    r"|access|compared|addition|related|thanks|subject|seeks?|needs?|close|next)\s+$"
)
_BORDER = re.compile(
    # A comma inside a list is no border: "bring computing, data analytics and tools into care".
    r"[.;:()–—“”\"]\s|[.…]+$|,\s(?!(?:[\w’'-]+\s){1,4}(?:and|or)\s)|\s-+\s"
    r"|\b(?:which|who|said|says|say|according|while|after|whose|that (?:it|the|they)|as (?:part|the|it|they|well)"
    r"|announced|unveiled|today|through 20|(?:for|over) the (?:next|coming)|starting|beginning)\b",
    re.I,
)
_LOOSE_END = re.compile(r"\s+(?:that|and|or|as|to|with|for|of|in|on|by|the|a)$")


def find_purpose(words: str) -> Stated | None:
    """What the parties will do, where one sentence says it after a word for the deal; short, or nothing at all."""
    cue = _CUE.search(words)
    for match in _TO_DO.finditer(words, cue.end() if cue else len(words)):
        if not _OTHER_TO.search(words[: match.start()]):
            return _short(words, match)
    return None


def _short(words: str, match: re.Match[str]) -> Stated | None:
    start = match.start("purpose")
    border = _BORDER.search(words, start)
    end = border.start() if border else match.end("purpose")
    if re.match(r"\s*(?:…|\.\.\.)", words[end:]):
        return None
    value = _LOOSE_END.sub("", words[start:end].rstrip(" .,"))
    if len(value.split()) < 3 or len(value) > _LONGEST:
        return None
    return Stated(value, start, start + len(value))
