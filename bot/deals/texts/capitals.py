"""Runs of capitalised words in a text, and whether one can name an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.deals.texts import organisations
from bot.deals.texts.lexicon import lexicon
from bot.deals.texts.sentences import Span


def runs(text: str, line: Span, *, headline: bool) -> Iterator[Span]:
    """Runs of capitalised words, cut where a word that no name contains stands."""
    start = end = -1
    last = ""
    for token in _TOKEN.finditer(text, line.start, line.end):
        word = _bare(token.group())
        joined = start >= 0 and (
            _joins(last, text[end : token.start()]) or _OF_PEOPLE.fullmatch(text, start, token.start()) is not None
        )
        if start >= 0 and (not joined or _stops(text, token, word, headline, inside=True)):
            yield from _halves(text, Span(start, end))
            start = -1
        if start < 0 and (
            _stops(text, token, word, headline, inside=False)
            or (word.lower() in lexicon().openers and not text[line.start : token.start()].strip(" \"“'‘"))
        ):
            continue
        start = token.start() if start < 0 else start
        end, last = token.start() + len(word), token.group()
    if start >= 0:
        yield from _halves(text, Span(start, end))


def may_be_organisation(text: str, run: Span, surnames: set[str], *, is_person: bool) -> bool:
    """Whether a run of capitalised words can name an organisation at all."""
    words = text[run.start : run.end].split()
    lists, last, plain = lexicon(), words[-1].lower(), text[run.start : run.end].lower()
    if organisations.lookup(text[run.start : run.end]):
        return True
    if plain in lists.places or len(plain) < 2 or is_person:
        return False
    if last in lists.things and last not in lists.organisations:
        return False
    if len(words) == 1 and (
        _CODE.fullmatch(words[0])
        or words[0] in (lists.acronyms | surnames)
        or words[0][0].isdigit()
        or last in lists.organisations
    ):
        return False
    if _TICKER.search(text, max(0, run.start - 10), run.start) and text[run.end : run.end + 1] == ")":
        return False
    if all(word in lists.acronyms or lists.is_common(word) for word in words):
        return last in lists.organisations or _is_presented(text, run, alone=len(words) == 1)
    return last in lists.organisations or not _THING_AFTER.match(text, run.end)


def is_person(text: str, run: Span) -> bool:
    """Whether a run names a person: by a first name, a title before it or a degree or office behind it."""
    words = text[run.start : run.end].split()
    if not 0 < len(words) <= 4 or words[-1].lower() in lexicon().organisations:
        return False
    if len(words) > 1 and (
        words[0].lower() in lexicon().first_names
        or _DEGREE.match(text, run.end) is not None
        or _PERSON_AFTER.match(text, run.end) is not None
    ):
        return True
    if text[run.start - 1 : run.start] != " ":
        return False
    before = text[max(0, run.start - 14) : run.start].rsplit(maxsplit=1)
    return bool(before) and _bare(before[-1]).lower() in lexicon().titles and not _is_of(before[-1])


# "St. Luke's | Health System", "Acme Children's | Hospital": here a possessive is inside a name.
_OF_PEOPLE = re.compile(r"(?:St\.? \w+['’]s|(?:\w+ ){0,3}(?:Children|Women|Men|Veteran)s?['’]s?) ")
_CODE = re.compile(r"(?:[a-z]?[A-Z]{2,5}|[A-Za-z]+-)\d+\w*")
# A sum opens no name: "$1.5B Acme pact", "CHF 60 million".
_TOKEN = re.compile(
    r"(?<![\w.@/$€£¥])(?<!\w-)(?!(?:USD|EUR|GBP|CHF|CAD|AUD|SEK|DKK|NOK|INR|JPY)\s?\d)(?:[A-Z0-9]|[a-z]{1,6}(?=[A-Z]))[\w+®™]*(?:[&.'’-][\w+]+)*"
)
_JOIN = re.compile(r" (?:& )?|,? (?=(?:Inc|LLC|Ltd|L\.L\.C|Corp|PLC|plc|LLP|LP|S\.A|N\.V|Co)\b)")
_OF = re.compile(r" (?:of|for) (?:the )?")
_OF_ONLY = re.compile(r" of (?:the )?")
_OPEN_TO_FOR = re.compile(
    r"(?i)(?:institute|center|centre|society|association|council|foundation|agency|network|alliance)"
)
_DEGREE = re.compile(r",? (?:M\.?D|Ph\.?D|MBA|R\.?N|J\.?D|Jr|DO|FACP|MPH)\b")
_THING_AFTER = re.compile(
    r"(?:['’]s)?[®™]? (?:[a-z-]+ )?(?:platform|app|software|program(?:me)?|solution|suite|products?|models?|connector|"
    r"tool|system|framework|devices?|brand|drug|award|survey|report|offering|engine|chatbot|assistant|conference|summit)s?\b"
)
_PERSON_AFTER = re.compile(
    r", (?:the )?(?:[\w-]+ ){0,4}(?:CEO|president|chief|director|founder|co-founder|chair\w*|vice)\b"
)


def _halves(text: str, run: Span) -> tuple[Span, ...]:
    """ "Acme & Globex partner": a plural verb tells that the ampersand joins two names and is not inside one."""
    words = text[run.start : run.end]
    if words.count(" & ") != 1 or _PLURAL.match(text, run.end) is None:
        return (run,)
    at = run.start + words.index(" & ")
    return Span(run.start, at), Span(at + 3, run.end)


_PLURAL = re.compile(
    r"(?i) (?:(?:to|have|are) )?"
    r"(?:partner|team|join|announce|collaborate|launch|form|sign|unite|expand|extend|ink|forge)(?:ed|ing)?\b"
)


def _joins(last: str, gap: str) -> bool:
    if gap == ". " and last in ("St", "Mt", "Ft"):
        return True
    if last.endswith(("'s", "’s")):
        return False
    if _JOIN.fullmatch(gap):
        return True
    return (
        last.lower() in lexicon().continued
        and (_OF if _OPEN_TO_FOR.fullmatch(last) else _OF_ONLY).fullmatch(gap) is not None
    )


def _stops(text: str, token: re.Match[str], word: str, headline: bool, *, inside: bool) -> bool:
    plain = word.lower()
    words = lexicon()
    if ("'" in token.group() or "’" in token.group()) and _CONTRACTED.search(token.group()):
        return True
    if plain in words.titles or plain in words.never or (not inside and word.isdigit()):
        return True
    if "-" in word and _COMPOUND.search(word):
        return True
    if plain == "partners" and _PARTNERS.match(text, token.start()):
        return True
    if not headline or not (words.is_common(plain) or ("-" in word and any(map(words.is_common, plain.split("-"))))):
        return False
    return not inside or plain not in words.organisations or _PARTNERS.match(text, token.start()) is not None


_PARTNERS = re.compile(
    r"(?i)(?:partners|alliance|solutions|services|networks?|studios|force|capital) "
    r"(?:with|to|on|in|for|as|through|at)\b"
)


_COMPOUND = re.compile(r"-[a-z]")  # "Boston-based", "20-qubit"
_CONTRACTED = re.compile(r"(?i)['’](?:re|ve|ll|d|m|t)$")
_APPOSITION = re.compile(r",? (?:Inc|LLC|Corp|Ltd)\b|, (?:an?|the) ")
_TICKER = re.compile(r"[A-Za-z]{2,8}: ?$")


def _bare(word: str) -> str:
    ends_plainly = word[-1:].isalnum() and word[-2:-1] not in ("'", "’")
    return word if ends_plainly else _APPENDED.sub("", word)


_APPENDED = re.compile(r"['’]s?$|[.®™+-]+$")


def _is_presented(text: str, run: Span, *, alone: bool) -> bool:
    """Whether the text treats a run of common words as a name: "with Open Campus, a school ...", or says it again."""
    if _APPOSITION.match(text, run.end) and not (alone and _OPENS.search(text, max(0, run.start - 2), run.start)):
        return True
    return (
        not alone
        and text.count(text[run.start : run.end]) > 1
        and _WITH.search(text, max(0, run.start - 12), run.start) is not None
    )


_OPENS = re.compile(r"(?:[.!?:] |\n|\A)$")
_WITH = re.compile(r"(?i)\b(?:with|by|from|and|between|selects?|chooses?|picks?) $")


def _is_of(word: str) -> bool:
    """ "partner Acme" and "lead Acme" name organisations as often as people."""
    return _bare(word).lower() in ("partner", "lead", "head", "general", "principal", "vice", "managing", "analysts")
