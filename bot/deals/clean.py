"""A sentence of a text, made to stand on its own by leaving things out: never by adding or changing a word."""

from __future__ import annotations

import re

_WIRE = (
    r"(?:/\s?(?:[\w ]*PR ?Newswire[\w ]*|PRNewswire-\w+|CNW|24-7PressRelease|EINPresswire\.com|PRWEB)\s?/"
    r"|\((?:GLOBE ?NEWSWIRE|BUSINESS WIRE|NEWMEDIAWIRE|PRWEB|ACCESSWIRE|ACCESS Newswire|Marketwired|Newsworthy\.ai"
    r"|EZ Newswire|Reuters|AP|PRNewswire|News ?Direct)\))"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATELINE = re.compile(
    rf"^.*{_WIRE}(?:\s+[\w ,:@/]{{0,60}}?(?=\s?(?:--|—|–)))?\s*(?:--|—|–|-)?\s*"
    rf"|^[A-Z][A-Z.' -]{{2,40}}(?:,\s[A-Z][\w.]*(?:\s[A-Z][\w.]*)?)?(?:,?\s{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?)?\s?(?:--|—|–|-)\s"
    rf"|^(?:[A-Z][\w.'-]+,?\s){{1,5}}{_MONTH}\s\d{{1,2}},?\s\d{{4}}\s?(?:--|—|–|-|:)\s",
    re.S,
)
_LABEL = re.compile(
    r"^(?:[A-Z][A-Z’' ]{4,40}|Dive (?:Brief|Insight)|Today’?s? news|What’?s new|The news|Why it matters):\s*(?:[-•]\s*)?"
)
_BULLET = re.compile(r"^(?:[-•*–—]\s+|\d+[.)]\s+)")
# A connective says nothing without the sentence before it; it may go where a name comes next.
_CONNECTIVE = re.compile(
    r"^(?:However|In addition|Additionally|Moreover|Furthermore|Meanwhile|Also|Now|Today|Separately|As a result|Importantly"
    r"|Specifically|Notably|On (?:Mon|Tues|Wednes|Thurs|Fri)day|Yesterday|Earlier today|This week|This morning),?\s+(?=[A-Z])"
)
_GLAD = (
    r"(?:is|are)\s+(?:very\s+|so\s+)?(?:thrilled|proud|excited|delighted|pleased|happy|honou?red)\s+to\s+(?:announce|share|report)"
    r"|(?:proudly|today|has|have|also)?\s*(?:announced?|announces|said|revealed)"
)
_ANNOUNCED_THAT = re.compile(rf"^[^.;:“”\"]{{0,160}}?\b(?:{_GLAD})(?:\s+today)?\s+that\s+(?=[A-Z])")
_TICKER = re.compile(
    r"\s?[(\[](?=[^()\[\]]{0,90}\b(?:NYSE|NASDAQ|Nasdaq|nasdaq|nyse|OTC\w*|otc|AMEX|TSXV?|LSE|AIM|ASX|CSE|FWB|Frankfurt|Euronext|SIX"
    r"|HKEX|SEHK|TSE|NSE|BSE|KOSDAQ|KRX|XETRA|ETR|EPA|news)\b\s*(?:[^()\[\]]{0,25}:|-))[^()\[\]]*[)\]]\*?"
)
_SHORT_NAME = re.compile(
    r"\s?\((?:the\s+|or\s+|collectively,?\s+|hereinafter\s+)?[“\"'‘][^()]{1,60}[”\"'’]\)|\s?\([A-Z][A-Za-z&]{1,8}\)(?=\W)"
)
_TODAY = re.compile(
    r"\s+today(?=\s+(?:announc|said|reveal|unveil|sign|launch))|(?<=announced)\s+today\b|(?<=announces)\s+today\b"
)
_ATTRIBUTION = re.compile(
    r",\s+(?:(?:he|she|it|they|officials|executives|(?:the|both|two) (?:\w+\s)?(?:companies|company|organi[sz]ations|partners|sides"
    r"|firms?|health system|clinic)|[A-Z][\w&.’' -]{1,40})\s+(?:said|says|announced|reported|reports|told [A-Z]\w+)"
    r"|according to [^,.;]{2,60})(?:\s+(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+today)?(?:\s+in [^,.;]{3,40})?(?=[.]?$)"
)
_TRADEMARKS = re.compile(r"[®™℠]")


def cut_to_stand_alone(words: str) -> tuple[str, int]:
    """The sentence without dateline, label, connective, tickers, short names and attribution, and where it now starts.

    What is left consists of the words of the sentence, in their order.
    """
    start = _start(words)
    text = words[start:]
    for pattern in (_TICKER, _SHORT_NAME, _TODAY, _TRADEMARKS, _ATTRIBUTION):
        text = pattern.sub("", text)
    return " ".join(text.split()), start


def _start(words: str) -> int:
    """Where the sentence proper begins."""
    start = 0
    for pattern in (_DATELINE, _LABEL, _BULLET, _CONNECTIVE, _ANNOUNCED_THAT, _CONNECTIVE):
        if match := pattern.match(words[start:]):
            start += match.end()
    return start + len(words[start:]) - len(words[start:].lstrip())


# What follows such a border adds to the sentence; what follows "but" or "if" limits it and may not go.
_BORDER = re.compile(
    r";\s|\s[–—]\s|,\s(?=(?:which|who|where|while|with|including|giving|making|and|as|to|in|after|following|whose)\b)"
)
_LIMITS = re.compile(
    r"\b(?:but|unless|if|subject to|pending|except|although|though|provided|until|however|yet|not|may|might|could|only)\b",
    re.I,
)
_CUT_OFF = re.compile(r"(?:…|\.\.\.)\s*$")
_SHORTEST = 45


def shortened(text: str, longest: int) -> str | None:
    """The sentence in at most `longest` characters, ended at the border of a clause; None where that could mislead.

    A sentence that its feed cut off ("…") is ended at its last border in the same way.
    """
    cut_off = _CUT_OFF.search(text)
    if not cut_off and len(text) <= longest:
        return text
    borders = [match.start() for match in _BORDER.finditer(text)]
    if cut_off:
        borders += [match.start() for match in re.finditer(r"\s(?=to\s[a-z]+\s|for\s|in\s)", text)]
    for border in sorted(borders, reverse=True):
        if _SHORTEST <= border < longest and not _LIMITS.search(text[border:]) and _is_balanced(text[:border]):
            return text[:border].rstrip(" ,;–—")
    return None


def _is_balanced(text: str) -> bool:
    """Whether no parenthesis is left open, and no apposition: "Acme, a maker of beds" is no sentence yet."""
    return (
        text.count("(") == text.count(")")
        and re.search(r"\b(?:announced|announce[sd]?|will|is|are|has|have|said|\w+ed|\w+s)\b", text) is not None
    )
