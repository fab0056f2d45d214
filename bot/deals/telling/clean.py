"""A sentence of a text, made to stand on its own by leaving things out: never by adding or changing a word."""

from __future__ import annotations

import re

from bot.deals.facts.wording import DEAL_NOUN

_WIRE = (
    r"(?:/\s?(?:[\w ]*PR ?Newswire[\w ]*|PRNewswire-\w+|CNW|24-7PressRelease|EINPresswire\.com|PRWEB)\s?/"
    r"|\((?:GLOBE ?NEWSWIRE|BUSINESS WIRE|NEWMEDIAWIRE|PRWEB|ACCESSWIRE|ACCESS Newswire|Marketwired|Newsworthy\.ai"
    r"|EZ Newswire|Reuters|AP|PRNewswire|News ?Direct)\))"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"{_MONTH}\s\d{{1,2}},?\s\d{{4}}"
_CITY = r"[A-Z][A-Z.' -]{2,30}(?:,\s[A-Z][\w.]*(?:\s[A-Z][\w.]*)?)?"
_DASH = r"(?:--|—|–|-)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# Each is cut from the start of the sentence, in this order.
_OPENINGS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"^.*{_WIRE}(?:[\w ,:@/.]{{0,60}}?(?=\s?{_DASH})|\s+{_DATE})?\s*{_DASH}*\s*", re.S),
        (rf"^{_CITY}(?:\s?(?:and|&|/|;)\s{_CITY}){{0,2}}(?:,?\s{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?)?\s?{_DASH}+\s", 0),
        (rf"^[\w-]+/\s*{_DASH}+\s*|^[A-Z][\w.' ]{{2,30}},\s[A-Z][A-Za-z. ]{{1,20}}\s{_DASH}+\s", 0),
        (rf"^(?:{_DAY},?\s)?{_DATE}\s@\s[^—–]{{3,60}}[—–]\s", 0),
        (rf"^(?:(?:[A-Z][\w.'-]+,?\s){{0,5}}{_DATE}\s?(?:{_DASH}+|:)\s|{_DATE}\s+(?=[A-Z]))", 0),
        (r"^(?:[A-Z][A-Z’' ]{4,40}|Dive (?:Brief|Insight)|Today[’']?s? news|The news|Why it matters):\s*", 0),
        (r"^(?:[-•*–—]\s+|\d+[.)]\s+)", 0),
    )
)  # fmt: skip
# A connective says nothing without the sentence before it, and a day nothing in a later digest; they may go where a
# name or noun follows with a capital.
_CONNECTIVE = re.compile(
    r"^(?:However|In addition|Additionally|Moreover|Furthermore|Meanwhile|Also|Now|Today|Separately|As a result"
    rf"|Importantly|Specifically|Notably|(?:On |Late |Early )?{_DAY}|Yesterday|Earlier today|This (?:week|morning)"
    r"|As part of (?:the|this) (?:\w+\s)?(?:partnership|agreement|collaboration|deal|alliance)),?\s+(?=[A-Z])"
)
# "Acme is glad to announce that Beta …": the news is what follows.
_ANNOUNCED_THAT = re.compile(
    r"^[^.;:“”\"]{0,160}?\b(?:is|are)\s+(?:\w+\s+)?(?:thrilled|proud|excited|delighted|pleased|happy|honou?red)\s+to\s+"
    r"(?:announce|share|report)(?:\s+today)?\s+that\s+(?=[A-Z])"
)
_EXCHANGE = (
    r"(?:NYSE|NASDAQ|OTC\w*|AMEX|TSXV?|LSE|AIM|ASX|CSE|FWB|FSE|Frankfurt|Euronext|SIX|HKEX|SEHK|TSE|NSE|BSE|KOSDAQ|KRX"
    r"|XETRA|ETR|EPA)"
)
_TICKER = re.compile(rf"\s?[(\[](?=[^()\[\]]{{0,90}}\b{_EXCHANGE}\b[^()\[\]]{{0,25}}[:\-])[^()\[\]]*[)\]]\*?", re.I)
_SHORT_NAME = re.compile(
    r"\s?\((?:the\s+|or\s+|collectively,?\s+|hereinafter\s+)?[“\"'‘][^()]{1,60}[”\"'’]\)|\s?\([A-Z][A-Za-z&]{1,8}\)(?=\W)"
)
_TRADEMARK = re.compile(r"[®™℠](?!\w)")
_WHEN = rf"(?:today|yesterday|(?:(?:late|early|on)\s+)?{_DAY})"
_SAID = r"(?:said|says|announce[sd]?|reveal(?:s|ed)|unveil(?:s|ed)|reported|signed|launched|named|formed)"
_WHEN_BEFORE = re.compile(rf"\s+{_WHEN}(?=\s+(?:{_SAID}|took|opened|became|began|agreed)\b)")
# Only where nothing else is said: "an agreement announced Monday that covers" needs its Monday.
_WHEN_AFTER = re.compile(
    rf"\b(said|says|announced|announces)\s+{_WHEN}\b(?=\s+(?:that\s+)?(?:its?|an?|the|they|their|[A-Z]))"
)
# A name, or up to three words that the writer only calls so.
_QUOTED_NAME = re.compile(r"[“\"]((?:[A-Z][\w&'’-]*[ ]?){1,3}|[a-z][\w-]*(?: [a-z][\w-]*){0,2})[”\"]")
# "Acme, a maker of scanners in Ohio, has …": who they are can be left out. Behind its commas no other name begins.
_APPOSITION = re.compile(
    r"(?<=\w),\s(?:an?|the|one of|part of)\s[^,;:]*(?:,\s[a-z][^,;:]*){0,3},"
    r"(?=\s(?:today\b|has\b|have\b|is\b|are\b|will\b|announce[sd]?\b|and\s[A-Z]))"
)
_LONG = 200
_ATTRIBUTION = re.compile(
    r",\s+(?:(?:he|she|it|they|officials|executives|(?:the|both|two) (?:\w+\s)?(?:compan(?:ies|y)"
    r"|organi[sz]ations|partners|sides|firms?|health system|clinic)|[A-Z][\w&.’' -]{1,40})\s+"
    r"(?:said|says|announced|reported|reports|told [A-Z]\w+)"
    rf"|according to [^,.;]{{2,60}})(?:\s+{_WHEN})?(?:\s+in [^,.;]{{3,40}})?(?=[.]?$)"
)


def cut_to_stand_alone(words: str) -> tuple[str, int]:
    """The sentence without dateline, label, connective, tickers, short names, days and attribution, and its new start.

    What is left consists of the words of the sentence, in their order.
    """
    start = _start(words)
    text = words[start:]
    for pattern in (_TICKER, _SHORT_NAME, _ATTRIBUTION, _WHEN_BEFORE, _TRADEMARK):
        text = pattern.sub("", text)
    for pattern in (_WHEN_AFTER, _QUOTED_NAME):
        text = pattern.sub(r"\1", text)
    return " ".join((_APPOSITION.sub("", text) if len(text) > _LONG else text).split()), start


def _start(words: str) -> int:
    """Where the sentence proper begins."""
    start = 0
    for pattern in (*_OPENINGS, _CONNECTIVE, _ANNOUNCED_THAT, _CONNECTIVE):
        if match := pattern.match(words[start:]):
            start += match.end()
    return start + len(words[start:]) - len(words[start:].lstrip())


_CLAUSE = re.compile(
    r";\s|\s[–—]\s|,\s(?=(?:which|who|where|while|with|including|giving|making|allowing|enabling|helping|following|whose)\b)"
)
# A phrase may go where it leans on a name or on the deal itself: "a partnership with Acme | to build …", but not
# "agreed | to build …".
_PHRASE = re.compile(r",?\s(?=(?:to|where|that|which|in order to)(?:\s|…|\.\.\.))")
_LEANT_ON = re.compile(rf"(?:\b{DEAL_NOUN}|\b[A-Z][\w.&’'-]*)$")
# What follows a border adds to the sentence; what begins so limits it, and may not go alone.
_LIMITS = re.compile(
    r"\b(?:but|unless|if|subject to|pending|except|although|though|provided|until|however|yet|not|may|might|could"
    r"|only)\b",
    re.I,
)
_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.)\s*$|(?=\s(?:to|and|the|of|for|with|an?|in|on|by|that|its|their|\w+ing)$)")
_STATES = re.compile(
    r"\b(?:announce[sd]?|said|says|has|have|will|is|are|was|were|signs?|signed|select(?:s|ed)|partner(?:s|ed|ing)|agree[sd]"
    r"|form(?:s|ed)|launch(?:es|ed)|join(?:s|ed)|enter(?:s|ed)|expand(?:s|ed)|integrates?d?|extend(?:s|ed)|renew(?:s|ed)"
    r"|chose|chooses|picks|taps|adopts)\b"
)
_SHORTEST = 40


def shortened(text: str, longest: int) -> str | None:
    """The sentence in at most `longest` characters, ended at the border of a clause; None where that could mislead.

    A sentence that its feed broke off ("…") is ended at a border in the same way.
    """
    broken = _CUT_OFF.search(text)
    if not broken and len(text) <= longest:
        return text
    whole = text[: broken.start()] if broken else text
    if broken and whole.endswith((",", ";")) and len(whole) <= longest:
        return whole.rstrip(" ,;")
    return next((whole[:border].rstrip(" ,;–—") for border in _borders(text) if _may_end(text, border, longest)), None)


def _borders(text: str) -> list[int]:
    """Where the sentence may end: the last clause first, then the first phrase."""
    clauses = [match.start() for match in _CLAUSE.finditer(text)]
    phrases = [match.start() for match in _PHRASE.finditer(text) if _LEANT_ON.search(text[: match.start()])]
    return [*reversed(clauses), *phrases]


def _may_end(text: str, border: int, longest: int) -> bool:
    head = text[:border]
    return (
        _SHORTEST <= border < longest
        and not _LIMITS.search(text[border:])
        and head.count("(") == head.count(")")
        and _STATES.search(re.sub(r"\b(?:that|which|who)\s+\w+", "", head)) is not None
    )
