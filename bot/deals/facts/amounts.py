"""What a deal is worth: sums that a sentence ties to the deal, and the word that the sum is kept private.

Only positive patterns count. Revenue, share prices, funding rounds, markets and savings stand near deals all the time;
a sum with no tie to the deal is nobody's value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.deals.facts.wording import DEAL_NOUN, Stated
from bot.deals.model import UNDISCLOSED

_SCALES = {
    "m": "million",
    "mn": "million",
    "mln": "million",
    "bn": "billion",
    "b": "billion",
    "k": "thousand",
    "tn": "trillion",
}
_CODES = "USD|EUR|GBP|CHF|CAD|AUD|SGD|INR|AED|SAR|SEK|DKK|NOK|JPY|CNY|HKD|NZD"
_UNITS = {"dollars": "$", "euros": "€", "pounds": "£", "yen": "¥"}
_WRITTEN = {
    "half": 500,
    "a quarter": 250,
    "a": 1000,
    "one": 1000,
    "two": 2000,
    "three": 3000,
    "four": 4000,
    "five": 5000,
    "a hundred": 100_000,
    "two hundred": 200_000,
    "three hundred": 300_000,
    "five hundred": 500_000,
}
_FIGURE = r"(?<![\d.,])\d[\d,]{0,14}(?:\.\d{1,4})?"
_SCALE = r"(?:[\s-]?(?P<scale{0}>thousand|million|billion|trillion|mln|mn|bn|tn|[mbk])\b)?"
_MONEY = (
    r"(?P<about>(?:up to|as much as|more than|over|at least|about|approximately|around|nearly|roughly|an estimated"
    r"|a total of|some)\s+(?:an additional\s+)?)?"
    rf"(?:(?P<sign>(?:US|CA|AU|HK|NZ|C|A|S)?[$€£¥]|(?:{_CODES})\s?[$€£]?)\s?"
    rf"(?P<figure>{_FIGURE}){_SCALE.format('')}"
    rf"|(?P<figure2>{_FIGURE}){_SCALE.format('2')}\s(?P<unit>dollars|euros|pounds|yen)"
    rf"|(?P<words>{'|'.join(sorted(_WRITTEN, key=len, reverse=True))})(?: of)?(?: an?)? (?P<scale3>million"
    rf"|billion)\s(?P<unit3>dollars|euros|pounds))"
)
# Who gives and who gets: "Xxxx pays Yyyy $5 million", "gets an initial $5 million".
_PASSES = (
    r"\b(?:gives?|gets?|hands?|sends?|pays?|paying|receiv(?:es?|ing)|collects?|commits?|committing|pledg(?:es?|ing)"
    r"|wagers?"
    r"|bets?|put(?:s|ting)?(?:\s+(?:in|up|down))?|pours?|provid(?:es?|ing)|contribut(?:es?|ing)|lends?|earns?"
    r"|spends?|spending|stakes?"
    r"|adds?|adding|invest(?:s|ed|ing)?|nets?|in (?:exchange|return) for)\s+"
    r"(?:(?:it|us|them|the\s+\w+|Xx+(?:[\s.]+Xx+)?|an\s+initial|an?|another|in|as)\s+){0,2}"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.I))
    for form, pattern in (
        (
            "{} upfront",
            rf"{_MONEY}\s+(?:in\s+(?:cash\s+)?)?(?:an?\s+)?(?:initial\s+)?up-?\s?front\b(?:\s+(?:payment|cash|fee))?",
        ),
        ("{} upfront", rf"\bup-?\s?front\s+(?:cash\s+)?(?:payment|fee)s?\s+of\s+{_MONEY}"),
        (
            "{} in milestones",
            rf"{_MONEY}\s+(?:in|of|for)\s+(?:[\w-]+,?\s+(?:and\s+)?){{0,5}}milestones?(?:\s+payments?)?",
        ),
        ("{} in milestones", rf"\bmilestones?(?:\s+payments?)?\s+(?:of|totall?ing|worth)\s+{_MONEY}"),
        (
            "{} investment",
            rf"\b(?:will|to|plans? to|agreed to|is|are)\s+(?:each\s+|jointly\s+|also\s+)?invest(?:ing)?\s+{_MONEY}",
        ),
        ("{} investment", rf"{_MONEY}(?:\s+(?!in\b)[\w-]+){{0,2}}?\s+investment\b(?!\s+(?:firm|fund|round|bank))"),
        ("{} commitment", rf"{_MONEY}(?:\s+(?!in\b)[\w-]+){{0,2}}?\s+commitment\b"),
        ("{}", rf"\b(?:has|have)\s+(?:committed|pledged)\s+{_MONEY}"),
        (
            "{} upfront",
            rf"{_MONEY}\s+(?:(?:is|are|was|will be)\s+)?(?:due|paid|payable)\s+(?:up-?\s?front|at signing)\b",
        ),
        (
            "{}",
            r"\b(?:will|to|agreed to|committed to)\s+(?:each\s+|jointly\s+)?(?:spend|pay|commit|receive)\s+"
            rf"(?:Xx+(?:[\s.]+Xx+)?\s+)?{_MONEY}",
        ),
        ("{} in funding", rf"\b(?:provides?|provide|gives?|give)\s+{_MONEY}\s+in\s+(?:\w+\s+)?funding\b"),
        ("{}", rf"\bpayments?\s+of\s+{_MONEY}"),
        (
            "{}",
            rf"\b(?:payments?|fees?|price|sums?)(?:\s+[\w&-]+){{0,3}}?\s+(?:is|are|amounts?\s+to"
            rf"|comes?\s+to)\s+{_MONEY}",
        ),
        ("{}", rf"^(?:[\w-]+\s(?:years|seasons),\s)?{_MONEY}(?=[,:]\s|\sfor\s[\w-]+\s(?:years|seasons))"),
        ("{} upfront", rf"{_MONEY}\s+(?:down|at closing|on signing)\b"),
        ("{}", rf"{_PASSES}{_MONEY}"),
        (
            "{}",
            rf"{_MONEY}(?:\s+(?!in\b)[\w&-]+){{0,3}}?\s+(?:project|work|pilot|program(?:me)?|commission|initiative"
            rf"|effort"
            r"|push|bet|plan|upgrade|roll-?out|build-?out|lab|lease|transaction|subscription)\b",
        ),
        ("{}", rf"{_MONEY}\s+over\s+(?:the\s+)?(?:next\s+|coming\s+)?(?:[\w-]+\s+years|a decade)\b"),
        ("{}", rf"\bfor\s+{_MONEY}(?=$|[.,;]|\s+(?:and|plus|over|more)\b)"),
        ("{}", rf"\b(?:could|may|might|will)\s+(?:come\s+to|exceed|total|amount\s+to|reach|run\s+to)\s+{_MONEY}"),
        ("{}", rf"\b(?:lifts?|brings?|takes?)\s+(?:the|its)\s+(?:total|deal|sum|value)\s+to\s+{_MONEY}"),
        ("{}", rf"{_MONEY}\s+(?:[\w&-]+\s+)?(?:order|tender|package|licen[cs]e)\b(?!\s+(?:fee|holder))"),
        ("{}", rf"\b(?:comes with|carries|could reach|may reach|could bring|worth|valued at|totall?ing)\s+{_MONEY}"),
        ("{}", rf"{_MONEY}\s+in\s+(?:total|potential|future|committed|contract)\b"),
        ("{}", rf"\beligible\s+(?:for|to\s+receive)\s+{_MONEY}"),
        ("{} stake", rf"{_MONEY}\s+(?:equity\s+)?stake\b"),
        ("{}", rf"^It\s(?:[^.;$€£]{{0,60}}\s)?(?:is|could be|are)\s(?:worth|valued at)\s+{_MONEY}"),
        ("{}", rf"{_MONEY}(?=(?:[\s,]+(?!(?:in|from|for|of|by|at|and|to)\b)[\w&'’/-]+){{0,5}}?[\s,]+{DEAL_NOUN}\b)"),
        (
            "{}",
            rf"\b{DEAL_NOUN}\b(?!\s+(?:partners?|management))[^.;:()]{{0,70}}?[\s,]"
            r"(?:valued at|worth|totall?ing|representing|amounting to|estimated at|put at"
            rf"|valu(?:e|ing)[^.;,]{{0,20}}?(?:of|at)|is valued at|could be worth|is worth)\s+{_MONEY}",
        ),
        ("{}", rf"\b{DEAL_NOUN}\b(?:\s+\([^)]*\))?\s+(?:of|for)\s+{_MONEY}"),
    )
)
_IN_A_TITLE = (
    (
        "{}",
        re.compile(
            rf"{_MONEY}(?![\w-]|[\s-](?:[\w-]+\s)?(?:compan(?:y|ies)|firm|giant|start-?up|industry|opportunity"
            rf"|problem|raise"
            r"|round|cost|loss(?:es)?|fraud|penalty|prize|ipo|per|a month)\b)",
            re.I,
        ),
    ),
)
_MONEY_SIGN = re.compile(rf"[$€£¥]|\b(?:dollars|euros|pounds|yen)\b|\b(?:{_CODES})\s?\d", re.I)
_CERTAIN = ("{} upfront", "{} in milestones", "{} in funding")
_LEAST = 1_000  # less than this is the price of a thing
# The sum is somebody's size, price or funding, whatever noun follows.
_NOT_THE_DEALS = re.compile(
    r"\b(?:revenues?|sales|turnover|profits?|income|earnings|market|valuation|rais(?:ed|es|ing)|funding|series [a-e]"
    r"|shares?|stock|acqui\w+|buy(?:s|ing)?|bought|merger|takeover|assets|savings?|fines?|settle\w*|lawsuit|budget|loan"
    r"|credit|selling|sale of|grant|award(?:ed)?|salary|donat\w+|debt|purchase)\b",
    re.I,
)
_TOLD = r"(?:disclosed|given|released|revealed|announced|shared|made public|published|made known)"
_TERMS = (
    r"(?:financial (?:terms|details|arrangements|conditions)|(?:the )?(?:specific )?terms|value|size|amount|price"
    r"|deal value|contract value|financials|sums?)"
)
_UNDISCLOSED = re.compile(
    rf"\b{_TERMS}\b[^.;]{{0,60}}?\b(?:were|was|have|has|are|is|will) not (?:yet )?(?:been |be )?{_TOLD}"
    rf"|\b{_TERMS}\b[^.;]{{0,60}}?\b(?:were|was)n[’']t {_TOLD}"
    rf"|\bno {_TERMS}(?: of [^.;,]{{0,30}})? (?:were|was|are|has been|have been) {_TOLD}"
    r"|\bvalue (?:was|is) (?:being )?kept (?:private|secret|confidential)"
    r"|\bundisclosed (?:[\w-]+ )?(?:sum|amount|terms|value|price|fee|payment)"
    r"|\b(?:did not|didn[’']t|would not|declined to|without) say(?:ing)? (?:what|how much) [^.;]{0,40}?"
    r"(?:pay|paid|cost|spend|worth|invest)"
    r"|\b(?:did not|didn[’']t|would not|declined to) (?:disclose|reveal|give|share|release)"
    rf" [^.;]{{0,25}}?{_TERMS}|\bgave no {_TERMS}|\bwithout (?:disclosing|giving|revealing) [^.;]{{0,15}}?{_TERMS}"
    rf"|\b{_TERMS}\b[^.;]{{0,40}}? (?:remains?|kept|stays?|are|is) (?:undisclosed|confidential|private|secret)",
    re.I,
)


def find_values(words: str, *, title: bool = False) -> tuple[Stated, ...]:
    """Every sum that one sentence about a deal gives as the deal's own, in the order of the text.

    A deal's title has no room for other sums: there one needs no tie but must not be somebody's size or price.
    """
    return tuple(sorted(_sums(words, title=title), key=lambda each: each.start))


def find_undisclosed(words: str) -> Stated | None:
    """Where a sentence says that the value, or the financial terms, are kept private."""
    match = _UNDISCLOSED.search(words)
    return match and Stated(UNDISCLOSED, match.start(), match.end())


def _sums(words: str, *, title: bool) -> Iterator[Stated]:
    if not _MONEY_SIGN.search(words):
        return
    taken: list[Stated] = []
    for form, pattern in (*_PATTERNS, *(_IN_A_TITLE if title else ())):
        for match in pattern.finditer(words):
            stated = Stated(form.format(_normalised(match)), match.start(), match.end())
            overlaps = any(stated.start < other.end and other.start < stated.end for other in taken)
            tied = form in _CERTAIN or not _NOT_THE_DEALS.search(_clause(words, match))
            if tied and not overlaps and not _is_a_price(match):
                taken.append(stated)
                yield stated


def _is_a_price(match: re.Match[str]) -> bool:
    """Whether the sum is too small for a deal: "$30 insulin"."""
    if match["words"] or match["scale"] or match["scale2"]:
        return False
    return float((match["figure"] or match["figure2"]).replace(",", "") or 0) < _LEAST


def _clause(words: str, match: re.Match[str]) -> str:
    """The words close to the sum: from the border before it to the border after it."""
    before = re.split(r"[,;:()–—]\s|\sand\s|\sas\s", words[: match.start()])[-1][-60:]
    after = re.split(r"[,;:.()–—](?:\s|$)|\sand\s|\sto\s|\sas\s", words[match.end() :])[0][:60]
    return f"{before} {match.group()} {after}"


def _normalised(match: re.Match[str]) -> str:
    if match["words"]:
        thousandths = _WRITTEN[match["words"].lower()] * (1 if match["scale3"].lower() == "million" else 1000)
        sum_ = f"{thousandths // 1000} million" if thousandths >= 1000 else f"{thousandths},000"
        return f"{_qualifier(match['about'])}{_UNITS[match['unit3'].lower()]}{sum_}".replace("000 million", " billion")
    figure, scale = match["figure"] or match["figure2"], match["scale"] or match["scale2"]
    sign = match["sign"] or _UNITS[match["unit"].lower()]
    sign = sign.strip().upper() + (" " if sign.strip().isalpha() else "")
    return f"{_qualifier(match['about'])}{sign}{_rounded(figure, scale)}"


def _qualifier(about: str | None) -> str:
    """One of three honest words: sources say "as much as" and "over" in many ways."""
    words = (about or "").lower()
    if not words or words.startswith("a total"):
        return ""
    if words.startswith(("up to", "as much")):
        return "up to "
    return "more than " if words.startswith(("more", "over")) else "at least " if "least" in words else "about "


def _rounded(figure: str, scale: str | None) -> str:
    if scale:
        return f"{figure} {_SCALES.get(scale.lower(), scale.lower())}"
    number = figure.replace(",", "")
    for zeros, name in ((9, "billion"), (6, "million")):
        if number.isdigit() and len(number) > zeros and number.endswith("0" * (zeros - 1)):
            return f"{int(number) / 10**zeros:g} {name}"
    return figure
