"""What a deal is for, in the words of its announcement: "bring cloud services to rural hospitals"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.deals.facts.wording import DEAL_NOUN, DEAL_VERB, Stated

_LONGEST = 120
_CUE = re.compile(rf"\b(?:{DEAL_NOUN}|{DEAL_VERB}|selects?|picks?|taps?|tapped|adopts?|integrates?)\b", re.I)
# What parties set out to do; "to" before other words says when, where or to whom.
_VERBS = (
    "accelerate address adopt advance analyse analyze apply assess automate boost bring build co-develop combine "
    "commercialise commercialize connect create cut debut deliver deploy design develop diagnose digitise "
    "digitize discover distribute drive embed embrace empower enable enhance ensure equip establish evaluate "
    "expand explore extend fight find foster fund give grow help host house identify improve increase integrate "
    "introduce invest launch leverage link lower maintain make manage manufacture market meet migrate modernise "
    "modernize monitor move offer open optimise optimize personalise personalize pilot power predict present "
    "prevent process produce promote protect prove provide put raise reach reduce replace research resell "
    "revolutionise revolutionize run scale screen secure sell sequence serve set shape share sharpen showcase "
    "simplify simulate speed standardise standardize store streamline strengthen study supply support tackle "
    "tailor test tie track train transform treat understand unify unlock upgrade use validate"
)
_TO_DO = re.compile(
    r"(?:\bto\s+(?:jointly\s+|better\s+|further\s+)?"
    rf"(?=(?P<purpose>(?:{'|'.join(_VERBS.split())})\b.*))"
    r"|\b(?:aimed|aiming) at\s+(?=(?P<aim>[a-z-]+ing\b.*)))",
    re.S,
)
# Other uses of "to": what somebody plans besides, or what a thing is compared or added to.
_OTHER_TO = re.compile(
    r"\b(?:intends?|plans?|planning|expects?|expected|wants?|hopes?|able|likely|due|set|continues?|according|begins?|began"
    r"|access|compared|addition|related|thanks|subject|seeks?|needs?|close|next)\s+$"
)
_BORDER = re.compile(
    r"[.;:–—“”\"]\s|\s\(|[.…”\"]+$|,\s|\s-+\s"
    r"|\b(?:which|who|said|says|say|according|while|after|whose|that (?:it|the|they)|as (?:part|the|it|they|well)"
    r"|announced|unveiled|today|through 20|(?:for|over) the (?:next|coming)|starting|beginning)\b",
    re.I,
)
# A comma inside a list, or between two adjectives, is no border: "bring computing, storage and tools into care",
# "run a safe, open platform".
_LIST_GOES_ON = re.compile(r",\s(?:(?:[\w’'-]+\s){0,3}[\w’'-]+,\s){0,3}(?:[\w’'-]+\s){1,4}(?:and|or)\s")
_ADJECTIVES_GO_ON = re.compile(r"\ban?\s+[\w-]+$")
_NO_ADJECTIVE = re.compile(
    r",\s(?:the|an?|and|or|but|which|who|whose|with|its|their|it|they|in|to|for|as|while|said|according|including|[A-Z])"
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
    group = "purpose" if match["purpose"] else "aim"
    start = match.start(group)
    end = next((at for at in _borders(words, start)), match.end(group))
    if re.match(r"\s*(?:…|\.\.\.)", words[end:]):
        return None
    value = _LOOSE_END.sub("", words[start:end].rstrip(" .,"))
    if len(value.split()) < 3 or len(value) > _LONGEST:
        return None
    return Stated(value, start, start + len(value))


def _borders(words: str, start: int) -> Iterator[int]:
    for border in _BORDER.finditer(words, start):
        listed = border.group() == ", " and (
            _LIST_GOES_ON.match(words, border.start()) or _is_between_adjectives(words, start, border.start())
        )
        if not listed:
            yield border.start()


def _is_between_adjectives(words: str, start: int, comma: int) -> bool:
    return _ADJECTIVES_GO_ON.search(words[start:comma]) is not None and not _NO_ADJECTIVE.match(words, comma)
