"""What a deal is for, in the words of its announcement: "bring cloud services to rural hospitals"."""

from __future__ import annotations

import re

from bot.deals.wording import DEAL_NOUN, DEAL_VERB, Stated

_LONGEST = 120
_CUE = re.compile(rf"\b(?:{DEAL_NOUN}|{DEAL_VERB}|selects?|picks?|taps?|tapped|adopts?|integrates?)\b", re.I)
# Verbs that carry no purpose: "agreed to partner", "is expected to be", "plan to announce".
_NO_PURPOSE = (
    r"be|announce|partner|team|join|collaborate|work|sign|form|enter|expand|extend|renew|have|date|continue|become|discuss"
    r"|launch\s+a\s+(?:joint|partnership)|the|a|an|its|their|our|his|her|this|that|all|more|up|about|some|any"
)
_TO_DO = re.compile(
    rf"(?:\bto\s+(?:help\s+|jointly\s+)?|\b(?:aimed|aiming) at\s+|\bfocus(?:ed|ing)? on\s+|\bdesigned to\s+|\bmeant to\s+)"
    rf"(?P<purpose>(?!(?:{_NO_PURPOSE})\b)[a-z][\w-]+\b.*)",
    re.S,
)
_FOR = re.compile(
    r"\b(?:for|on|in)\s+(?P<purpose>(?!(?:the|a|an|its|their)\s+(?:first|second|next|last|past)\b)[a-zA-Z].*)", re.S
)
_BORDER = re.compile(
    r"[.;:()–—]\s|[.…]+$|,\s|\s-+\s|\b(?:which|who|said|says|according|while|after|whose|that it|the companies|as part"
    r"|announced|today|through 20|for the next|over the next|starting|beginning)\b",
    re.I,
)


def find_purpose(words: str) -> Stated | None:
    """What the parties will do, from the first sentence part that says so after a deal word; short or nothing."""
    cue = _CUE.search(words)
    if cue is None:
        return None
    match = _TO_DO.search(words, cue.end())
    return match and _short(words, match)


def _short(words: str, match: re.Match[str]) -> Stated | None:
    start = match.start("purpose")
    border = _BORDER.search(words, start)
    end = border.start() if border else match.end()
    value = words[start:end].rstrip(" .,…")
    if "…" in words[end : end + 2] or words[end:].startswith("..."):
        return None
    if not len(value.split()) > 2 or len(value) > _LONGEST:
        return None
    return Stated(value, start, start + len(value))
