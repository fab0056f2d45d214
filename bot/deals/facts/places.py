"""Where a deal is at home: the places that texts name, and the ways a sentence ties one to the deal.

A dateline tells where a release was written and a "Boston-based" where a party sits; neither is the deal's region.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.deals.facts.wording import Stated

Span = tuple[int, int]

_UNDERTAKING = (
    r"(?:open(?:s|ing)?|build(?:s|ing)?|establish(?:es|ing)?|set(?:s|ting)? up|launch(?:es|ing)?|creat(?:e|es|ing)"
    r"|install(?:s|ing)?|plan(?:s|ning)?|construct(?:s|ing)?|locat(?:e|es|ing)|found(?:s|ing)?|develop(?:s|ing)?|new)"
)
_SITE = (
    r"(?:offices?|cent(?:er|re)s?|labs?|laborator(?:y|ies)|hubs?|campus|facilit(?:y|ies)|plants?|hospitals?|clinics?"
    r"|data cent(?:er|re)s?|factor(?:y|ies)|sites?|headquarters|cloud region|zones?|jobs|machine|system|company)"
)
_AT_A_SITE = re.compile(
    rf"\b{_UNDERTAKING}\b[^.;]{{0,90}}?\b{_SITE}\b[^.;]{{0,60}}?\b(?:in|at|near|to|outside)\s+$", re.I
)
# "at its Baltimore plant": where the work is done, though the place only describes.
_ITS = re.compile(r"\b(?:at|in|from)\s+(?:its|their|the)\s+$", re.I)
_A_SITE = re.compile(r"\s+(?:plant|site|campus|factory|facility|laborator(?:y|ies)|labs?)\b")
_COVERS = re.compile(
    r"\b(?:in|across|throughout|to|for|serving|covering|within|into)\s+(?:the\s+|all of\s+|all\s+|rural\s+"
    r"|northern\s+|southern\s+|eastern\s+|western\s+|central\s+|greater\s+)*$",
    re.I,
)
_BASED = re.compile(
    r"(?:\b(?:will|to) be (?:based|headquartered|located|housed)|^(?:Named|Called|Dubbed)\b[^.;,]{0,60}\bbased)"
    r"\s+(?:in|at|near)\s+$"
)
# What stands in such a place is somebody's seat or rank, or where the news was told, and not what the deal covers.
_NOT_THE_DEALS = re.compile(
    r"\b(?:based|headquartered|located|headquarters|listed|incorporated|founded|born|held|conference|summit|event|said"
    r"|spoke|told|court|known|raised|traded)\b[^.;,]{0,25}$"
    r"|\bat\s[^.;,]{0,60}\b(?:20\d\d|Conference|Summit|Expo|Congress|Forum|Symposium|Meeting|Week|Exhibition)\s+in\s+$"
    r"|\b(?:except|excluding|outside|other than|but not|without|besides|apart from)\b[^.;]{0,40}$"
    r"|\b(?:largest|leading|biggest|first|top|oldest|best|number one|ranked|one of the|most|fastest|premier)\b"
    r"[^.;]{0,70}$"
    r"|\b(?:offices|locations|employees|operations|subsidiaries|customers) (?:in|across|throughout)(?: the)?\s+$",
    re.I,
)
# "A worldwide leader" and "hospitals worldwide" cover nothing.
_WORLDWIDE = re.compile(
    r"\bworldwide (?:rights|distribution|licen[cs]e|development)\b"
    r"|\b(?:sell|develop|distribut\w+|commerciali[sz]\w+|market)\b[^.;]{0,70}\bworldwide\b",
    re.I,
)
_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
_COUNTED = re.compile(
    r"\b(?:in|across|throughout|covering|for)\s+(?P<place>(?:all\s+|more than\s+|over\s+)?"
    rf"{_NUMBER}\s+(?:U\.?S\.?\s+)?(?:states|countries|provinces|markets|counties))\b",
)
_WORD = r"(?:St\. )?[A-Z][\w'’-]+"


def find_region(words: str, text: str = "", names: Sequence[Span] = ()) -> Stated | None:
    """The place that one sentence about a deal ties to it.

    `text` is the whole text around the sentence: it may say which Rochester is meant. `names` are the spans of the
    sentence where organisations are named: there is no place in "Bank of America".
    """
    found = (*_sites(words), *_covered_by_number(words), *_covered(words))
    told = next((each for each in found if not _is_in_a_name(each, words, names)), None) or _of_a_government(words)
    if told is None and (everywhere := _WORLDWIDE.search(words)):
        return Stated("worldwide", everywhere.start(), everywhere.end())
    return told and _told_in_full(told, text)


def place_key(value: str) -> str:
    """What tells one place from another: every part written out, in small letters."""
    parts = (part.strip() for part in value.replace("the ", "").split(","))
    return ", ".join(_places().written_out.get(part, part).casefold() for part in parts)


@dataclass(frozen=True, slots=True)
class _Places:
    """`written_out` maps every spelling to its full form; `named` finds a known place or any "City, State".

    `city` finds those and anything else that is written like a place; `states` are the spellings of all states.
    """

    written_out: dict[str, str]
    cities: frozenset[str]
    named: re.Pattern[str]
    city: re.Pattern[str]
    listed: re.Pattern[str]
    states: str


def _is_in_a_name(stated: Stated, words: str, names: Sequence[Span]) -> bool:
    """Whether it is part of a name, or all of a name that is no place we know."""
    return any(start <= stated.start < end and not _places().named.fullmatch(words, start, end) for start, end in names)


def _sites(words: str) -> Iterator[Stated]:
    """A site to be opened or built: any capitalised place will do there."""
    for match in _places().city.finditer(words):
        before = _before(words, match)
        if _ITS.search(before) and _A_SITE.match(words, match.end()):
            yield Stated(_written_out(match.group()), match.start(), match.end())
        elif _AT_A_SITE.search(before) or _BASED.search(before):
            if not before.endswith(("in ", "near ")) and not _places().named.fullmatch(match.group()):
                continue  # "at" and "to" stand before anything
            yield _with_others(words, match)


def _covered(words: str) -> Iterator[Stated]:
    for match in _places().named.finditer(words):
        before = _before(words, match)
        if _COVERS.search(before) and not _NOT_THE_DEALS.search(before) and not _is_adjective(words, match):
            yield _with_others(words, match)


def _of_a_government(words: str) -> Stated | None:
    """The country whose government is party to the deal: "the UK Government", "the Government of Kenya"."""
    for match in _places().named.finditer(words):
        behind = re.match(r"(?:[’']s)?\s+[Gg]overnment\b", words[match.end() :])
        if behind or re.search(r"\b[Gg]overnment of (?:the )?$", _before(words, match)):
            return Stated(_written_out(match.group()), match.start(), match.end())
    return None


def _before(words: str, match: re.Match[str]) -> str:
    """The words that lead up to a place, as far as the patterns look back."""
    return words[max(0, match.start() - _LOOK_BACK) : match.start()]


def _is_adjective(words: str, match: re.Match[str]) -> bool:
    """Whether the place only describes what follows, as in "the Boston group" or "a Japan Airlines flight"."""
    if ", " in match.group():
        return False
    if match.group() in _places().cities and words[: match.start()].endswith("the "):
        return True
    return re.match(r"-|[’']s?\s+[A-Z]|\s+[A-Z][a-z]", words[match.end() :]) is not None


def _covered_by_number(words: str) -> Iterator[Stated]:
    """ "eight states and Washington, D.C." """
    match = _COUNTED.search(words)
    if match is None:
        return
    also = re.compile(rf"\s+and\s+({_places().named.pattern})").match(words, match.end())
    end = also.end() if also else match.end()
    yield Stated(words[match.start("place") : end], match.start("place"), end)


def _with_others(words: str, match: re.Match[str]) -> Stated:
    """The place and those that are listed with it: "Kenya, Ghana and Nigeria"."""
    places, end = [_written_out(match.group())], match.end()
    while other := _places().listed.match(words, end):
        places.append(_written_out(other["place"]))
        end = other.end()
    value = f"{', '.join(places[:-1])} and {places[-1]}" if len(places) > 1 else places[0]
    return Stated(value, match.start(), end)


def _written_out(place: str) -> str:
    city, comma, state = place.rpartition(", ")
    written_out = _places().written_out
    return written_out.get(place) or f"{city}{comma}{written_out.get(state, state)}"


def _told_in_full(stated: Stated, text: str) -> Stated:
    """The same place with its state where the text itself gives one."""
    match = re.search(rf"\b(?i:{re.escape(stated.value)}), (?P<state>{_places().states})(?!\w)", text)
    if match is None or ", " in stated.value:
        return stated
    state = match["state"]
    return Stated(f"{stated.value}, {_places().written_out.get(state, state)}", stated.start, stated.end)


@cache
def _places() -> _Places:
    data = tomllib.loads(files("bot.deals").joinpath("data/places.toml").read_text(encoding="utf-8"))
    written_out = {
        spelling: name
        for kind in ("regions", "countries", "states")
        for name, others in data[kind].items()
        for spelling in (name, *others)
    }
    cities = frozenset(data["cities"]["plain"])
    states = _any_of(_spellings(data["states"]))
    # A state's abbreviation is a place only behind a city: "IN" and "OR" are words.
    alone = {*_spellings(data["regions"]), *_spellings(data["countries"]), *data["states"], *cities} - {"D.C."}
    city_state = rf"{_WORD}(?:\s{_WORD}){{0,2}}, (?:{states}|{_any_of(_spellings(data['countries']))})"
    known = rf"(?<![\w.])(?:{city_state}|{_any_of(alone)})(?!\w)"
    return _Places(
        written_out={**written_out, **{city: city for city in cities}},
        cities=cities,
        named=re.compile(known),
        city=re.compile(rf"{known}|\b(?!{_NO_PLACE}\b){_WORD}(?:\s{_WORD}){{0,2}}(?!\w)"),
        listed=re.compile(rf"(?:,?\sand|,)\s(?:in\s)?(?:the\s)?(?P<place>{known})"),
        states=states,
    )


_LOOK_BACK = 250
_NO_PLACE = (
    r"(?:The|A|An|Its|Their|His|Her|This|January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)


def _spellings(places: dict[str, list[str]]) -> set[str]:
    return {spelling for name, others in places.items() for spelling in (name, *others)}


def _any_of(spellings: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(set(spellings), key=lambda each: (-len(each), each)))
