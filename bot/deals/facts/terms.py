"""How long a deal is to last: "10 years", "18 months", "multi-year", "through 2026"."""

from __future__ import annotations

import re

from bot.deals.facts.wording import DEAL_NOUN, DEAL_VERB, NUMBERS, Stated

_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(NUMBERS)})"
_UNIT = r"(?P<unit>year|season|month|week)"
_LASTING_NOUN = (
    rf"(?:{DEAL_NOUN}|plan|project|programme|program|pilot|terms?|extension|renewal|initiative|licen[cs]e|commitment"
    r"|investment|effort|roadmap|sponsorship)"
)  # Words that end a run of adjectives: "a 25-year career, this collaboration" says nothing of the collaboration.
_STOP = (
    r"(?:a|an|the|this|that|which|who|our|its|of|in|with|after|by|for|at|from|to|is|was|history|career|veteran|old)\b"
)
_ADJECTIVES = rf"(?:,?\s+(?!{_STOP})[\w$€£.&'’/-]+){{0,6}}?,?\s+"

_YEAR = r"(?:19|20)\d\d"
_BEFORE_NOUN = re.compile(rf"\b{_NUMBER}[-‐‑– ]{_UNIT}(?={_ADJECTIVES}{_LASTING_NOUN}\b(?! of {_YEAR}))", re.I)
_AFTER_VERB = re.compile(
    r"\b(?P<lead>runs? for|running for|for|(?<!for )over|during|lasting(?: for)?|go(?:es)? on (?:for|over)"
    rf"|{DEAL_NOUN} of|lasts?(?: for)?|span(?:ning|s)?|extend\w* [^.;]{{0,60}}? by|last for|term of|term is"
    rf"|term will be"
    rf"|(?:period|term)\b[^.;,\d]{{0,30}}? of|term of (?:the |its |this )?{DEAL_NOUN} (?:is|will be))\s+"
    r"(?:(?:over|more than)\s+)?(?P<coming>(?:(?:at least|up to|about|some|another|an additional|a further"
    r"|an initial|a period of|a term of)\s+)?"
    r"(?:the\s+)?(?:(?:next|coming|following|first)\s+)?)"
    rf"{_NUMBER}\s+(?:more\s+|further\s+|additional\s+)?{_UNIT}s?\b"
    r"(?!\s+(?:of(?! joint| work| research)|ago|old|experience|later|earlier))",
    re.I,
)
_ADDED = re.compile(
    rf"\b(?:adds?|adding|grows? by|(?:extend|widen|lengthen|prolong|renew)\w* (?:it|(?:the|their"
    rf"|its) [\w-]+) by)\s(?:[\w\s]{{0,30}}? and )?(?:another )?{_NUMBER}"
    rf"(?: more)? {_UNIT}s?\b(?! of)",
    re.I,
)
_MORE = re.compile(
    rf"\b(?:(?:agree\w*|sign\w*) (?:on |up for |for )?|(?:will|to) spend ){_NUMBER} (?:more )?{_UNIT}s\b(?! (?:ago"
    rf"|old))",
    re.I,
)
# "Five years, $90 million, one partner": how some open.
_OPENS = re.compile(
    rf"^{_NUMBER} {_UNIT}s(?:, (?:[$€£]|up to|one|about|some)| of (?:joint )?(?:research|work)\b)",
    re.I,
)
_DECADE = re.compile(
    rf"\b(?:decade-long(?={_ADJECTIVES}{_LASTING_NOUN})|(?:for|over) (?:the next|a|another) decade\b(?! ago)"
    r"|a decade (?:with|together)\b|a decade of (?:working|work|collaboration|partnership|co-?operation)\b)",
    re.I,
)
_THROUGH = re.compile(
    r"\b(?P<word>through|until|to(?=\s+the\s+end\s+of))\s+(?:at least\s+)?"
    r"(?P<until>(?:the end of\s+)?(?:[A-Z][a-z]+\s+(?:\d{1,2},\s+)?)?20\d\d)\b",
    re.I,
)
_MULTI_YEAR = re.compile(
    rf"\bmulti-?\s?year(?={_ADJECTIVES}{_LASTING_NOUN}\b)|\b(?:runs|lasts|for|over) (?:multiple|several) years\b", re.I
)
_MADE = re.compile(rf"\b(?:{DEAL_NOUN}|{DEAL_VERB})\b", re.I)
_MADE_NEARBY = re.compile(
    rf"\b(?:{DEAL_NOUN}|{DEAL_VERB}|(?:will|to) (?:make|supply|produce|provide|run|fill|bottle|serve|deliver|sell"
    rf"|buy|use"
    r"|stay|sponsor|let|operate|host|carry|show|ship|play)|gets?|pays?|runs?|lasts?)\b.{0,140}$",
    re.I | re.S,
)
_AHEAD = re.compile(
    r"\b(?:will|invest|put in|(?:is|are) to|stays?|plans? to|agree[sd]? to|gets?|pays?|becomes?|extended"
    r"|goes with|moves to|sold)\b",
    re.I,
)
# How long patients are watched is no term.
_FOLLOWED = re.compile(r"\b(?:follow\w*|track\w*|watch\w*|patients|participants|volunteers)\b[^.;]{0,40}$", re.I)
# "has worked with them for ten years" looks back; "has signed for ten years" looks ahead.
_LOOKING_BACK = re.compile(
    r"\b(?:has|have|had|having)\s+(?!signed|agreed|announced|entered|renewed|extended|struck|inked|chosen|selected"
    r"|formed|committed|made|become|reached|picked|sold|named|given|taken|hired|granted|licensed|secured|ordered"
    r"|leased|agreed|won|an?\b|the\b)\w+",
    re.I,
)


def find_term(words: str, year: int | None = None, *, title: bool = False) -> Stated | None:
    """The term that one sentence about a deal states. `year` is when it was published: terms do not end before.

    In the title of a deal a time needs no other tie to it.
    """
    return _counted(words, title=title) or _decade(words) or _through(words, year, title=title) or _multi_year(words)


def _counted(words: str, *, title: bool) -> Stated | None:
    for match in _BEFORE_NOUN.finditer(words):
        return _stated(match)
    if added := _ADDED.search(words) or _MORE.search(words) or _OPENS.search(words):
        return _stated(added)
    for match in _AFTER_VERB.finditer(words):
        before = words[: match.start()]
        tied = (
            title or not (before.strip() or _LOOKING_BACK.search(words)) or _MADE.search(before) or _AHEAD.search(words)
        )
        if match["lead"].lower() in ("for", "over", "during") and not tied:
            continue
        if _FOLLOWED.search(before):
            continue
        if match["coming"] or not _LOOKING_BACK.search(before):
            return _stated(match)
    return None


def _stated(match: re.Match[str]) -> Stated:
    number = NUMBERS.get(match["number"].lower(), match["number"])
    unit = match["unit"].lower() + ("" if number == "1" else "s")
    return Stated(f"{number} {unit}", match.start(), match.end())


def _decade(words: str) -> Stated | None:
    match = _DECADE.search(words)
    return match and Stated("10 years", match.start(), match.end())


def _through(words: str, year: int | None, *, title: bool) -> Stated | None:
    for match in _THROUGH.finditer(words):
        ends = int(match["until"][-4:])
        if (title or _MADE_NEARBY.search(words[: match.start()])) and (year is None or ends >= year):
            return Stated(f"{match['word'].lower()} {match['until']}", match.start(), match.end())
    return None


def _multi_year(words: str) -> Stated | None:
    match = _MULTI_YEAR.search(words)
    return match and Stated("multi-year", match.start(), match.end())
