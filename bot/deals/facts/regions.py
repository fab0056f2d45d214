"""Where a deal is at home: the ways a sentence ties a place to the deal.

A dateline tells where a release was written and a "Boston-based" where a party sits; neither is the deal's region.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.deals.facts.places import places, written_out
from bot.deals.facts.wording import Stated
from bot.deals.texts.sieve import folded

Span = tuple[int, int]

_UNDERTAKING = (
    r"(?:open(?:s|ing)?|build(?:s|ing)?|establish(?:es|ing)?|set(?:s|ting)? up|launch(?:es|ing)?|creat(?:e|es|ing)"
    r"|install(?:s|ing)?|plan(?:s|ning)?|construct(?:s|ing)?|locat(?:e|es|ing)|found(?:s|ing)?|develop(?:s|ing)?|new)"
)
_SITE = (
    r"(?:offices?|cent(?:er|re)s?|labs?|laborator(?:y|ies)|hubs?|campus|facilit(?:y|ies)|plants?|hospitals?|clinics?"
    r"|data cent(?:er|re)s?|factor(?:y|ies)|sites?|headquarters|cloud region|zones?|jobs|machine|system|company)"
)
_SITES = re.compile(rf"\b{_SITE}\b|\b[Bb]ased\b|\b(?:headquartered|located|housed) ", re.I)
_AT_A_SITE = re.compile(
    rf"\b{_UNDERTAKING}\b[^.;]{{0,90}}?\b{_SITE}\b[^.;]{{0,60}}?\b(?:in|at|near|to|outside)\s+$", re.I
)
# "at its Baltimore plant": where the work is done, though the place only describes.
_ITS = re.compile(r"\b(?:at|in|from)\s+(?:its|their|the)\s+$", re.I)
_A_SITE = re.compile(r"\s+(?:plant|site|campus|factory|facility|laborator(?:y|ies)|labs?)\b")
_COVERS = re.compile(
    r"\b(?:in|across|throughout|to|for|serving|covering|within|into|around)\s+(?:the\s+|all of\s+|all\s+|both\s+"
    r"|rural\s+|parts of\s+|(?:north|south)(?:east|west)?(?:ern)?\s+|eastern\s+|western\s+|central\s+"
    r"|upstate\s+|greater\s+)*$",
    re.I,
)
_PART = re.compile(
    r"\b(?P<part>(?:(?:north|south)(?:east|west)?(?:ern)?|eastern|western|central|upstate|greater) )(?:and )?$",
    re.I,
)
_AROUND = re.compile(r" (?:metropolitan area|metro area|area)\b")
_BASED = re.compile(
    r"(?:\b(?:will|to) be (?:based|headquartered|located|housed)|^(?:Named|Called|Dubbed)\b[^.;,]{0,60}\bbased)"
    r"\s+(?:in|at|near)\s+$"
)
# What stands in such a place is somebody's seat or rank, or where the news was told, and not what the deal covers.
_NOT_THE_DEALS = re.compile(
    r"\b(?:based|headquartered|located|headquarters|listed|incorporated|founded|born|conference|summit|event|spoke|told"
    r"|court|known|raised|traded|spin|spun|stadium|arena)\b[^.;,]{0,25}$"
    r"|\b(?:held|said)\s(?:on\s\w+\s|\w+\s)?in\s+(?:the\s+)?$|\b(?:has|have) (?:long )?been [a-z]+ing\b[^.;,]{0,40}$"
    r"|\bat\s[^.;,]{0,60}\b(?:20\d\d|Conference|Summit|Expo|Congress|Forum|Symposium|Meeting|Week|Exhibition)\s+in\s+$"
    r"|\b(?:except|excluding|outside|everywhere but|other than|but not|without|besides|apart from)\b[^.;]{0,40}$"
    r"|\b(?:largest|leading|biggest|oldest|number one|ranked|one of the|fastest|premier)\b[^.;]{0,70}$"
    r"|\b(?:best|top|most|first)\b(?! (?:\d|phase|stage|plants?|sites?|stores?|time))[^.;]{0,70}$"
    r"|\b(?:offices|locations|employees|operations|subsidiaries|customers) (?:in|across|throughout)(?: the)?\s+$",
    re.I,
)
_OUTSIDE = re.compile(
    r"(?:(?P<all>\b(?:everywhere|worldwide|globally|the world)"
    r"(?: but| except(?: for)?| outside(?: of)?|, excluding)(?: in)?)|\boutside(?: of)?| ex-)\s?(?:the )?$",
    re.I,
)
_TO_SELL = re.compile(r"\b(?:rights?|sell|market\w*|commerciali[sz]\w+|distribut\w+|licen[cs]\w+|territor\w+)\b", re.I)
_SERVED = re.compile(
    r"\s(?:[a-z-]+\s)?(?:hospitals|clinics|patients|residents|schools|students|farmers|consumers|customers|members|seniors"
    r"|veterans|users|communities|counties|drivers|shoppers|stores|towns|cities|workers|families|physicians|doctors|nurses"
    r"|households|citizens|children|women|pharmacies|retailers|markets?|adults|people|travell?ers|rights)\b",
    re.I,
)
_BEGUN = re.compile(
    r"\s(?:[a-z-]+\s){0,2}(?:insurer|plant|factory|site|lab|laboratory|campus|(?:joint )?venture|pilot|roll-?out|launch"
    r"|clinic|hospital|data cent(?:er|re)s?|hub|network|health plans?)\b",
    re.I,
)
_BEGINS = re.compile(
    r"\b(?:launch|open|build|form|creat|start|plan|expand|establish|set up|run|design|equip)\w*\s"
    r"(?:(?:an?|its|their|new|joint|first)\s)*$",
    re.I,
)
_FOR = re.compile(r"(?:\b(?:to|for|among|of)\s+(?:older\s|more\s)*|\b\d{1,3},000\s)$")
# "A worldwide leader" and "hospitals worldwide" cover nothing.
_WORLDWIDE = re.compile(
    r"\b(?:worldwide|global) (?:rights|distribution|licen[cs]e|development)\b"
    r"|\b(?:sell|sales of|develop|distribut\w+|commerciali[sz]\w+|market)\b[^.;]{0,70}\bworldwide\b",
    re.I,
)
_LOOK_BACK = 250
_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
_COUNTED = re.compile(
    r"\b(?:in|across|throughout|covering|for)\s+(?P<place>(?:all\s+|more than\s+|over\s+)?"
    rf"{_NUMBER}\s+(?:U\.?S\.?\s+)?(?:states|countries|provinces|markets|counties))\b",
)
# A town with its state behind it is read as a name at times; a name with such a word is none.
_ORGANISED = re.compile(
    r"\b(?:Clinic|Health|Hospitals?|University|College|Institute|Group|Cent(?:er|re)|Medical|Systems?|Inc|Co|Labs?)\b"
)


def find_region(words: str, text: str = "", names: Sequence[Span] = ()) -> Stated | None:
    """The place that one sentence about a deal ties to it.

    `text` is the whole text around the sentence: it may say which Rochester is meant. `names` are the spans of the
    sentence where organisations are named: there is no place in "Bank of America".
    """
    named = tuple(places().named.finditer(words))
    found = (
        *_sites(words),
        *_covered_by_number(words),
        *_covered(words, named),
        *_outside(words, named),
        *_described(words),
    )
    told = next((each for each in found if not _is_in_a_name(each, words, names)), None) or _of_a_government(
        words, named
    )
    if told is None and (everywhere := _WORLDWIDE.search(words)):
        return Stated("worldwide", everywhere.start(), everywhere.end())
    return told and _told_in_full(told, text)


def _is_in_a_name(stated: Stated, words: str, names: Sequence[Span]) -> bool:
    """Whether it is part of a name, or all of a name that is no place we know."""
    return any(
        start <= stated.start < end
        and not any(known.fullmatch(words, start, end) for known in (places().named, places().of_people))
        and not (stated.end > end and not _ORGANISED.search(words, start, end))
        for start, end in names
    )


def _sites(words: str) -> Iterator[Stated]:
    """A site to be opened or built: any capitalised place will do there."""
    if not _SITES.search(words):
        return
    for match in places().city.finditer(words):
        before = _before(words, match)
        if _ITS.search(before) and _A_SITE.match(words, match.end()):
            yield Stated(written_out(match.group()), match.start(), match.end())
        elif _AT_A_SITE.search(before) or _BASED.search(before):
            if not before.endswith(("in ", "near ")) and not places().named.fullmatch(match.group()):
                continue  # "at" and "to" stand before anything
            yield _with_others(words, match)


def _covered(words: str, named: Sequence[re.Match[str]]) -> Iterator[Stated]:
    for match in named:
        before = _before(words, match)
        if _COVERS.search(before) and not _NOT_THE_DEALS.search(before) and not _is_adjective(words, match):
            yield _with_others(words, match)


def _outside(words: str, named: Sequence[re.Match[str]]) -> Iterator[Stated]:
    """Everywhere but a place: "rights outside Japan", "ex-US rights", "worldwide except in China"."""
    for match in named:
        before = _OUTSIDE.search(_before(words, match))
        if before and (before["all"] or _TO_SELL.search(words)):
            told = _with_others(words, match)
            everywhere = "worldwide outside" if before["all"] else "outside"
            the = "the " if told.value.startswith(("United ", "European ")) else ""
            yield Stated(f"{everywhere} {the}{told.value}", match.start() - len(before.group()), told.end)


def _described(words: str) -> Iterator[Stated]:
    """Whom or what the deal is for, told by its place: "Indian hospitals", "launch a Minnesota insurer"."""
    for match in places().of_people.finditer(words):
        before, after = _before(words, match), words[match.end() :]
        many = _SERVED.match(after) and not _NOT_THE_DEALS.search(before)
        one = _BEGUN.match(after) and _BEGINS.search(before)
        if many or one or (match["people"].endswith("ns") and _FOR.search(before)):
            yield Stated(places().written_out[match["people"]], match.start(), match.end())


def _of_a_government(words: str, named: Sequence[re.Match[str]]) -> Stated | None:
    """The country whose government is party to the deal: "the UK Government", "the Government of Kenya"."""
    for match in named:
        behind = re.match(r"(?:[’']s)?\s+[Gg]overnment\b", words[match.end() :])
        if behind or re.search(r"\b[Gg]overnment of (?:the )?$", _before(words, match)):
            return Stated(written_out(match.group()), match.start(), match.end())
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
    return re.match(r"-|[’']s?\s+[A-Z]|\s+[A-Z][a-z]", words[match.end() :]) is not None


def _covered_by_number(words: str) -> Iterator[Stated]:
    """ "eight states and Washington, D.C." """
    match = _COUNTED.search(words)
    if match is None:
        return
    also = re.compile(rf"\s+and\s+({places().named.pattern})").match(words, match.end())
    end = also.end() if also else match.end()
    yield Stated(words[match.start("place") : end], match.start("place"), end)


def _with_others(words: str, match: re.Match[str]) -> Stated:
    """The place and those that are listed with it: "Kenya, Ghana and Nigeria"."""
    start = _PART.search(words[: match.start()])
    named, end = [f"{start['part'] if start else ''}{written_out(match.group())}"], match.end()
    while other := places().listed.match(words, end):
        named.append(written_out(other["place"]))
        end = other.end()
    if len(named) == 1 and (around := _AROUND.match(words, end)):
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
