"""Where a deal is at home: the places that texts name, and the ways a sentence ties one to the deal.

A dateline tells where a release was written and a "Boston-based" where a party sits; neither is the deal's region.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.deals.wording import Stated

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
_COVERS = re.compile(
    r"\b(?:in|across|throughout|to|for|serving|covering|within|into|outside)\s+(?:the\s+|all of\s+|all\s+|rural\s+"
    r"|northern\s+|southern\s+|eastern\s+|western\s+|central\s+|greater\s+)*$",
    re.I,
)
# What stands in such a place is somebody's seat or rank, or where the news was told, and not what the deal covers.
_NOT_THE_DEALS = re.compile(
    r"\b(?:based|headquartered|located|headquarters|listed|incorporated|founded|born|held|conference|summit|event|said"
    r"|spoke|told|court|known|raised|traded)\b[^.;,]{0,25}$"
    r"|\b(?:largest|leading|biggest|first|top|oldest|best|number one|ranked|one of the|most|fastest|premier)\b[^.;]{0,70}$"
    r"|\b(?:offices|locations|employees|operations|subsidiaries|customers) (?:in|across|throughout)(?: the)?\s+$",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:in|across|throughout|covering)\s+(?P<place>(?:all\s+|more than\s+|over\s+)?(?:\d{1,3}|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|fifteen|twenty)\s+(?:U\.?S\.?\s+)?(?:states|countries|provinces|markets|counties))\b",
)
_WORD = r"(?:St\. )?[A-Z][\w'’-]+"


def find_region(words: str, text: str = "") -> Stated | None:
    """The place that one sentence about a deal ties to it.

    `text` is the whole text around the sentence: it may say which Rochester is meant.
    """
    for each in _sites(words):
        return _told_in_full(each, text)
    counted = _COUNTED.search(words)
    if counted and not _NOT_THE_DEALS.search(words[: counted.start("place")]):
        return _counted(words, counted)
    for each in _covered(words):
        return _told_in_full(each, text)
    return None


def place_key(value: str) -> str:
    """What tells one place from another: every part written out, in small letters."""
    parts = (part.strip() for part in value.replace("the ", "").split(","))
    return ", ".join(_places().written_out.get(part, part).casefold() for part in parts)


@dataclass(frozen=True, slots=True)
class _Places:
    """`written_out` maps every spelling to its full form; `named` finds a known place or any "City, State"."""

    written_out: dict[str, str]
    named: re.Pattern[str]
    city: re.Pattern[str]
    in_full: re.Pattern[str]


def _sites(words: str) -> Iterator[Stated]:
    """A site to be opened or built: any capitalised place will do there."""
    for match in _places().city.finditer(words):
        if _AT_A_SITE.search(words[: match.start()]):
            yield _stated(match)


def _covered(words: str) -> Iterator[Stated]:
    for match in _places().named.finditer(words):
        before = words[: match.start()]
        if _COVERS.search(before) and not _NOT_THE_DEALS.search(before) and not _is_adjective(words, match):
            yield _stated(match)


def _is_adjective(words: str, match: re.Match[str]) -> bool:
    """Whether the place only describes what follows, as in "China's market" or "a Japan Airlines flight"."""
    return re.match(r"-|[’']s?\s+[A-Z]|\s+[A-Z][a-z]", words[match.end() :]) is not None


def _counted(words: str, match: re.Match[str]) -> Stated:
    also = re.compile(rf"\s+and\s+({_places().named.pattern})").match(words, match.end())
    end = also.end() if also else match.end()
    return Stated(words[match.start("place") : end], match.start("place"), end)


def _stated(match: re.Match[str]) -> Stated:
    city, comma, state = match.group().rpartition(", ")
    written_out = _places().written_out
    value = written_out.get(match.group()) or f"{city}{comma}{written_out.get(state, state)}"
    return Stated(value, match.start(), match.end())


def _told_in_full(stated: Stated, text: str) -> Stated:
    """The same place with its state where the text itself gives one."""
    for match in _places().in_full.finditer(text):
        city, state = match["city"], match["state"]
        if city.casefold() == stated.value.casefold():
            return Stated(f"{stated.value}, {_places().written_out.get(state, state)}", stated.start, stated.end)
    return stated


@cache
def _places() -> _Places:
    data = tomllib.loads(files("bot.deals").joinpath("data/places.toml").read_text(encoding="utf-8"))
    written_out = {
        spelling: name
        for kind in ("regions", "countries", "states")
        for name, others in data[kind].items()
        for spelling in (name, *others)
    }
    states = _any_of(spelling for name, others in data["states"].items() for spelling in (name, *others))
    countries = _any_of(spelling for name, others in data["countries"].items() for spelling in (name, *others))
    full_states = [name for name in data["states"] if name != "D.C."]
    alone = [each for each in written_out if (each not in data["states"] and len(each) > 2) or each in ("US", "UK", "EU")]
    abbreviations = {spelling for others in data["states"].values() for spelling in others}
    known = _any_of(each for each in (*alone, *full_states, *data["cities"]["plain"]) if each not in abbreviations)
    city_state = rf"{_WORD}(?:\s{_WORD}){{0,2}}, (?:{states}|{countries})"
    city = (
        rf"\b(?:{city_state}|{known}|(?!(?:The|A|An|Its|Their|His|Her|January|February|March|April|May|June|July|August"
    )
    city += rf"|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday)\b){_WORD}(?:\s{_WORD}){{0,2}})"
    return _Places(
        written_out={**written_out, **{each: each for each in data["cities"]["plain"]}},
        named=re.compile(rf"(?<![\w.])(?:{city_state}|{known})(?!\w)"),
        city=re.compile(city + r"(?!\w)"),
        in_full=re.compile(rf"\b(?P<city>{_WORD}(?:\s{_WORD}){{0,2}}), (?P<state>{states})(?!\w)"),
    )


def _any_of(spellings: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(set(spellings), key=lambda each: (-len(each), each)))
