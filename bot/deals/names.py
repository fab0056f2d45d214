"""Names of organisations in a text: known ones, runs of capitalised words, and the "we" of a first-party feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.deals import organisations
from bot.deals.lexicon import lexicon
from bot.deals.organisations import Sighting
from bot.deals.reading import Name
from bot.deals.sentences import Span, is_headline_case


def find(text: str, lines: Sequence[Span], owner: str | None) -> tuple[tuple[Name, ...], ...]:
    """The names in each line, in order and without overlap.

    Where a line has capitals everywhere, unknown names are those that the other lines confirm, and what is left
    between the common words.
    """
    shouted = [is_headline_case(text[line.start : line.end]) for line in lines]
    runs = [list(_runs(text, line, headline=loud)) for line, loud in zip(lines, shouted, strict=True)]
    surnames = {text[run.start : run.end].split()[-1] for each in runs for run in each if _is_person(text, run)}
    runs = [[half for run in each for half in _halves(text, run)] for each in runs]
    spans = [[run for run in each if _may_be_organisation(text, run, surnames)] for each in runs]
    sure = {text[s.start : s.end] for each, loud in zip(spans, shouted, strict=True) if not loud for s in each}
    for at, line in enumerate(lines):
        if shouted[at]:
            spans[at] = _longest([*_confirmed(text, line, sure), *spans[at]])
    known = list(organisations.sightings(text[: lines[-1].end]))
    legal = {organisations.fold(text[s.start : s.end]) for each in spans for s in each if _is_name_of_its_own(text, s)}
    found = []
    for line, own in zip(lines, spans, strict=True):
        inside = [each for each in known if line.start <= each.start and each.end <= line.end]
        names = [*_named(text, own, inside, legal), *(_first_person(text, line, owner) if owner else ())]
        found.append(tuple(sorted(names, key=lambda name: name.start)))
    return tuple(found)


_TOKEN = re.compile(r"(?<![\w.@/])(?<!\w-)(?:[A-Z0-9]|[a-z]{1,3}(?=[A-Z]))[\w+®™]*(?:[&.'’-][\w+]+)*")
_JOIN = re.compile(r" (?:& )?|,? (?=(?:Inc|LLC|Ltd|L\.L\.C|Corp|PLC|plc|LLP|LP|S\.A|N\.V|Co)\b)")
_OF = re.compile(r" (?:of|for) (?:the )?")
_OF_ONLY = re.compile(r" of (?:the )?")
_OPEN_TO_FOR = frozenset(
    (
        "institute",
        "center",
        "centre",
        "society",
        "association",
        "council",
        "foundation",
        "agency",
        "network",
        "alliance",
    )
)
_WE = re.compile(r"\b(?:[Ww]e|[Oo]ur company|[Oo]ur|us)\b(?!\.)")
_QUOTED = re.compile(r"[“\"][^“”\"]{0,600}[”\"]")
_DEGREE = re.compile(r",? (?:M\.?D|Ph\.?D|MBA|R\.?N|J\.?D|Jr|DO|FACP|MPH)\b")
_THING_AFTER = re.compile(
    r"(?:['’]s)?[®™]? (?:[a-z-]+ )?(?:platform|app|software|program(?:me)?|solution|suite|products?|models?|connector|"
    r"tool|system|framework|devices?|brand|drug|award|survey|report|offering|engine|chatbot|assistant|conference|summit)s?\b"
)
_PERSON_AFTER = re.compile(
    r", (?:the )?(?:[\w-]+ ){0,4}(?:CEO|president|chief|director|founder|co-founder|chair\w*|vice)\b"
)


def _runs(text: str, line: Span, *, headline: bool) -> Iterator[Span]:
    """Runs of capitalised words, cut where a word that no name contains stands."""
    start = end = -1
    last = ""
    for token in _TOKEN.finditer(text, line.start, line.end):
        word = _bare(token.group())
        joined = start >= 0 and _joins(last, text[end : token.start()])
        if start >= 0 and (not joined or _stops(text, token, word, headline, inside=True)):
            yield Span(start, end)
            start = -1
        opens = text[line.start : token.start()].strip(" \"“'‘") == ""
        if start < 0 and (
            _stops(text, token, word, headline, inside=False) or (opens and word.lower() in lexicon().openers)
        ):
            continue
        start = token.start() if start < 0 else start
        end, last = token.start() + len(word), token.group()
    if start >= 0:
        yield Span(start, end)


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
        and (_OF if last.lower() in _OPEN_TO_FOR else _OF_ONLY).fullmatch(gap) is not None
    )


def _stops(text: str, token: re.Match[str], word: str, headline: bool, *, inside: bool) -> bool:
    plain = word.lower()
    words = lexicon()
    if _CONTRACTED.search(token.group()):
        return True
    if plain in words.titles or plain in words.never or (not inside and word.isdigit()) or _COMPOUND.search(word):
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
    return re.sub(r"['’]s?$|[.®™+-]+$", "", word)


def _may_be_organisation(text: str, run: Span, surnames: set[str]) -> bool:
    """Whether a run of capitalised words can name an organisation at all."""
    words = text[run.start : run.end].split()
    lists, last, plain = lexicon(), words[-1].lower(), text[run.start : run.end].lower()
    if organisations.lookup(text[run.start : run.end]):
        return True
    if plain in lists.places or len(plain) < 2 or _is_person(text, run):
        return False
    if last in lists.things and last not in lists.organisations:
        return False
    if len(words) == 1 and (
        words[0] in lists.acronyms or words[0] in surnames or words[0][0].isdigit() or last in lists.organisations
    ):
        return False
    if _TICKER.search(text, max(0, run.start - 10), run.start) and text[run.end : run.end + 1] == ")":
        return False
    if all(word in lists.acronyms or lists.is_common(word) for word in words):
        return last in lists.organisations or _is_presented(text, run, alone=len(words) == 1)
    return last in lists.organisations or not _THING_AFTER.match(text, run.end)


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


def _is_person(text: str, run: Span) -> bool:
    words = text[run.start : run.end].split()
    if len(words) not in (1, 2, 3, 4) or words[-1].lower() in lexicon().organisations:
        return False
    before = text[max(0, run.start - 14) : run.start].rsplit(maxsplit=1)
    titled = bool(before) and text[run.start - 1] == " " and _bare(before[-1]).lower() in lexicon().titles
    named = len(words) > 1 and words[0].lower() in lexicon().first_names
    after = _DEGREE.match(text, run.end) or _PERSON_AFTER.match(text, run.end)
    return named or (len(words) > 1 and after is not None) or (titled and not _is_of(before[-1]))


def _is_of(word: str) -> bool:
    """ "partner Acme" and "lead Acme" name organisations as often as people."""
    return _bare(word).lower() in ("partner", "lead", "head", "general", "principal", "vice", "managing", "analysts")


def _confirmed(text: str, line: Span, sure: Iterable[str]) -> Iterator[Span]:
    """Where names that other lines write in sentence case stand in this one."""
    for name in sure:
        if len(name) < 3 or lexicon().is_common(name):
            continue
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text[line.start : line.end], re.IGNORECASE):
            if text[line.start + found.start()].isupper() or name[0].islower():
                yield Span(line.start + found.start(), line.start + found.end())


def _longest(spans: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start - span.end):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return chosen


def _named(text: str, spans: Sequence[Span], known: Sequence[Sighting], whole_names: set[str]) -> Iterator[Name]:
    """Names of the runs, and of what the gazetteer knows inside or outside them."""
    used: set[int] = set()
    for span in spans:
        if any(
            each.start <= span.start and span.end <= each.end and each.end - each.start > span.end - span.start
            for each in known
        ):
            continue
        inside = [at for at, each in enumerate(known) if span.start <= each.start and each.end <= span.end]
        whole = organisations.lookup(text[span.start : span.end])
        if (
            whole is None
            and inside
            and not _extends_to_the_left(text, span, known[inside[0]])
            and organisations.fold(text[span.start : span.end]) not in whole_names
        ):
            continue
        used.update(inside)
        if not (len(inside) == 1 and known[inside[0]].organisation is None and known[inside[0]].start == span.start):
            yield _name(text, span.start, span.end)
    for at, each in enumerate(known):
        if at in used or each.organisation is None or _grows_into_thing(text, each):
            continue
        if each.organisation.ambiguous and not any(s.start <= each.start and each.end <= s.end for s in spans):
            continue
        yield _name(text, each.start, each.end)


def _extends_to_the_left(text: str, span: Span, known: Sighting) -> bool:
    """ "Sony Ericsson" is not Ericsson: what stands before a known name makes it another, unless it only describes."""
    words = text[span.start : known.start].split()
    lists = lexicon()
    return any(
        not lists.is_common(word) and word not in lists.acronyms and word.lower() not in lists.places for word in words
    )


def _is_name_of_its_own(text: str, span: Span) -> bool:
    """Whether a run around a known name names another organisation ("Mayo Clinic Laboratories")."""
    return text[span.start : span.end].split()[-1].lower() in lexicon().organisations


def _grows_into_thing(text: str, known: Sighting) -> bool:
    """Whether the known name only opens the name of a product ("IBM Quantum System One")."""
    following = re.match(r"(?: [A-Z0-9][\w-]*){1,5}", text[known.end : known.end + 80])
    if following is None:
        return False
    words = following.group().split()
    return not any(
        lexicon().is_common(word) or word.lower() in lexicon().titles or word in lexicon().acronyms
        for word in words[:1]
    )


def _name(text: str, start: int, end: int) -> Name:
    printed = text[start:end]
    known = organisations.lookup(printed)
    return Name(
        printed, start, end, organisations.key(printed), known.id if known else None, known.sector if known else None
    )


def _first_person(text: str, line: Span, owner: str) -> Iterator[Name]:
    """Every "we" outside quotation marks, standing for the feed's owner."""
    known = organisations.lookup(owner)
    quoted = [found.span() for found in _QUOTED.finditer(text, line.start, line.end)]
    for found in _WE.finditer(text, line.start, line.end):
        if not any(start <= found.start() < end for start, end in quoted):
            yield Name(
                owner,
                found.start(),
                found.end(),
                organisations.key(owner),
                known.id if known else None,
                known.sector if known else None,
            )
