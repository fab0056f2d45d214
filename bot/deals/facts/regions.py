"""Where a deal is at home: the ways a sentence ties a place to the deal.

A dateline tells where a release was written and a "Boston-based" where a party sits; neither is the deal's region.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.deals.facts import ties
from bot.deals.facts.places import places, written_out
from bot.deals.facts.wording import Stated
from bot.deals.texts.sieve import folded

Span = tuple[int, int]
_LOOK_BACK = 250


def find_region(words: str, text: str = "", names: Sequence[Span] = (), *, title: bool = False) -> Stated | None:
    """The place that one sentence about a deal ties to it; in the title of a deal, any that does not describe a party.

    `text` is the whole text around the sentence: it may say which Rochester is meant. `names` are the spans of the
    sentence where organisations are named: there is no place in "Bank of America".
    """
    named = tuple(places().named.finditer(words))
    found = (
        *_sites(words),
        *_covered_by_number(words),
        *_covered(words, named),
        *_outside(words, named, title=title),
        *_described(words),
        *_at_first(words, named),
        *(_in_a_title(words) if title else ()),
    )
    told = next((each for each in found if not _is_in_a_name(each, words, names)), None) or _of_a_government(
        words, named
    )
    told = told or _of_a_provider(words, named)
    if told is None and (everywhere := ties.WORLDWIDE.search(words)):
        return Stated("worldwide", everywhere.start(), everywhere.end())
    return told and _told_in_full(told, text)


def _is_in_a_name(stated: Stated, words: str, names: Sequence[Span]) -> bool:
    """Whether it is part of a name, or all of a name that is no place we know."""
    return any(
        start <= stated.start < end
        and not any(known.fullmatch(words, start, end) for known in (places().named, places().of_people))
        and not (words[end : stated.end].startswith(", ") and not ties.ORGANISED.search(words, start, end))
        for start, end in names
    )


def _sites(words: str) -> Iterator[Stated]:
    """A site to be opened or built: any capitalised place will do there."""
    if not ties.SITES.search(words):
        return
    for match in places().city.finditer(words):
        before = _before(words, match)
        if ties.ITS.search(before) and ties.A_SITE.match(words, match.end()):
            yield Stated(written_out(match.group()), match.start(), match.end())
        elif ties.AT_A_SITE.search(before) or ties.BASED.search(before):
            if not before.endswith(("in ", "near ")) and not places().named.fullmatch(match.group()):
                continue  # "at" and "to" stand before anything
            yield _with_others(words, match)


def _covered(words: str, named: Sequence[re.Match[str]]) -> Iterator[Stated]:
    for match in named:
        before = _before(words, match)
        if ties.COVERS.search(before) and not ties.NOT_THE_DEALS.search(before) and not _is_adjective(words, match):
            yield _with_others(words, match)


def _outside(words: str, named: Sequence[re.Match[str]], *, title: bool) -> Iterator[Stated]:
    """Everywhere but a place: "rights outside Japan", "ex-US rights", "worldwide except in China"."""
    for match in named:
        before = ties.OUTSIDE.search(_before(words, match))
        if (
            before
            and (title or before["all"] or ties.TO_SELL.search(words))
            and not ties.DESCRIBES.match(words[match.end() :])
        ):
            told = _with_others(words, match)
            everywhere = "worldwide outside" if before["all"] else "outside"
            the = "the " if told.value.startswith(("United ", "European ")) else ""
            yield Stated(f"{everywhere} {the}{told.value}", match.start() - len(before.group()), told.end)


def _described(words: str) -> Iterator[Stated]:
    """Whom or what the deal is for, told by its place: "Indian hospitals", "launch a Minnesota insurer"."""
    for match in places().of_people.finditer(words):
        before, after = _before(words, match), words[match.end() :]
        served = ties.SERVED.match(after) or (ties.MANY.match(after) and ties.FOR.search(before))
        many = served and not (ties.NOT_THE_DEALS.search(before) or ties.DESCRIBES.match(after))
        one = ties.BEGUN.match(after) and ties.BEGINS.search(before)
        if many or one or (match["people"].endswith("ns") and ties.FOR.search(before)):
            yield Stated(places().written_out[match["people"]], match.start(), match.end())


def _at_first(words: str, named: Sequence[re.Match[str]]) -> Iterator[Stated]:
    """Where it begins: "Dallas and Atlanta come first"."""
    if named and not ties.PART.sub("", words[: named[0].start()]).strip():
        told = _with_others(words, named[0])
        if ties.COMES_FIRST.match(words, told.end):
            yield told


def _in_a_title(words: str) -> Iterator[Stated]:
    """A place in a title that says whence nobody is: "an Illinois reactor", "New York to tap in"."""
    for match in (*places().named.finditer(words), *places().of_people.finditer(words)):
        before, after = _before(words, match), words[match.end() :]
        if before.strip():
            far = ties.WHENCE.search(before) or ties.NOT_THE_DEALS.search(before)
            is_tied = ties.LEADS_TO.search(before) is not None and not far
        else:
            is_tied = ties.IS_SERVED.match(after) is not None
        if is_tied and not ties.DESCRIBES.match(after):
            yield _with_others(words, match)


def _of_a_government(words: str, named: Sequence[re.Match[str]]) -> Stated | None:
    """The country whose government is party to the deal: "the UK Government", "the Government of Kenya"."""
    for match in named:
        behind = re.match(
            r"(?:[’']s)?\s+(?:[Gg]overnment|(?:[Hh]ealth |[Dd]efen[cs]e )?[Mm]inistry)\b", words[match.end() :]
        )
        if behind or re.search(
            r"\b(?:[Gg]overnment|State|Commonwealth|Republic|Kingdom) of (?:the )?$", _before(words, match)
        ):
            return Stated(written_out(match.group()), match.start(), match.end())
    return None


def _of_a_provider(words: str, named: Sequence[re.Match[str]]) -> Stated | None:
    """Where those are who care for patients or teach: their part of a deal is done at home."""
    for match in named:
        its = ties.AND_ITS.match(words, match.end())
        if its or (ties.AT_HOME.search(_before(words, match)) and not _is_adjective(words, match)):
            return _with_others(words, match)
    return None


def _before(words: str, match: re.Match[str]) -> str:
    """The words that lead up to a place, as far as the patterns look back."""
    return words[max(0, match.start() - _LOOK_BACK) : match.start()]


def _is_adjective(words: str, match: re.Match[str]) -> bool:
    """Whether the place only describes what follows, as in "the Boston group" or "a Japan Airlines flight"."""
    if ", " in match.group():
        return False
    if match.group() in places().cities and words[: match.start()].endswith("the "):
        return True
    if ties.SHORT.fullmatch(match.group()) and ties.A_NOUN.match(words, match.end()):
        return True
    return re.match(r"-|[’']s?\s+[A-Z]|\s+[A-Z][a-z]", words[match.end() :]) is not None


def _covered_by_number(words: str) -> Iterator[Stated]:
    """ "eight states and Washington, D.C." """
    match = ties.COUNTED.search(words)
    if match is None or ties.IN_A_LAND.match(words, match.end()):
        return
    also = re.compile(rf"\s+and\s+({places().named.pattern})").match(words, match.end())
    end = also.end() if also else match.end()
    yield Stated(words[match.start("place") : end], match.start("place"), end)


def _with_others(words: str, match: re.Match[str]) -> Stated:
    """The place and those that are listed with it: "Kenya, Ghana and Nigeria"."""
    start = ties.PART.search(words[: match.start()])
    named, end = [f"{start['part'] if start else ''}{written_out(match.group())}"], match.end()
    while other := places().listed.match(words, end):
        named.append(written_out(other["place"]))
        end = other.end()
    if len(named) == 1 and (around := ties.AROUND.match(words, end)):
        named, end = [f"{named[0]}{around.group()}"], around.end()
    value = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
    return Stated(value, start.start("part") if start else match.start(), end)


def _told_in_full(stated: Stated, text: str) -> Stated:
    """The same place with its state where the text itself gives one."""
    if ", " in stated.value or (stated.value.isascii() and f"{stated.value.lower()}, " not in folded(text)):
        return stated
    match = re.search(rf"\b(?i:{re.escape(stated.value)}), (?P<state>{places().states})(?!\w)", text)
    if match is None:
        return stated
    state = match["state"]
    return Stated(f"{stated.value}, {places().written_out.get(state, state)}", stated.start, stated.end)
