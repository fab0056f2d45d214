"""The gazetteer: organisations we know by name, who owns whom, and which names are products and not parties.

The only owner of cleanco, and of the file data/organisations.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import ahocorasick
from cleanco import basename
from cleanco.clean import prepare_default_terms, strip_punct, strip_tail

from bot.feeds.model import Sector


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. `names` are every way it is written; `owner` is the id of the one that owns it.

    `ambiguous` names are common words too (Epic, Mercy): capitals alone do not make them a name.
    """

    id: str
    name: str
    sector: Sector
    names: tuple[str, ...]
    owner: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A known name at `text[start:end]`. `organisation` is None where the name is a product."""

    start: int
    end: int
    organisation: Organisation | None


@lru_cache(maxsize=10_000)
def lookup(name: str) -> Organisation | None:
    """The organisation that writes its name so; letter case, legal suffixes and accents do not matter."""
    return _gazetteer().by_print.get(_printed(name)) or _gazetteer().by_name.get(fold(name))


def by_id(id: str) -> Organisation | None:
    """The organisation with this gazetteer id."""
    return _gazetteer().by_id.get(id)


def owners(id: str) -> tuple[str, ...]:
    """The ids of those who own the organisation, its direct owner first. A cycle in the data ends the chain."""
    chain: list[str] = []
    known = by_id(id)
    while known and known.owner and known.owner not in (id, *chain):
        chain.append(known.owner)
        known = by_id(known.owner)
    return tuple(chain)


def is_unit_of(id: str, other: str) -> bool:
    """Whether one organisation is owned by the other and bears the first word of its name, as Google Cloud of Google.

    What was bought under a name of its own is not: before it was bought, the two may have made a deal.
    """
    unit, owner = by_id(id), by_id(other)
    if unit is None or owner is None or other not in owners(id):
        return False
    return any(fold(name).split()[:1] == fold(owner.name).split()[:1] for name in unit.names)


def key(name: str) -> str:
    """What tells one organisation from another: its gazetteer id, else its folded name.

    Only whole names are compared, so that Mercy Health and Mercy Hospital stay two.
    """
    known = lookup(name)
    return known.id if known else fold(name)


def sightings(text: str) -> Iterator[Sighting]:
    """Every known name in `text` that stands as a whole word and is written like a name; longest first, no overlap."""
    found = []
    for last, (length, written, organisation) in _gazetteer().automaton.iter(lower(text)):
        start, end = last + 1 - length, last + 1
        if _is_whole(text, start, end) and _is_written_so(text[start:end], written):
            found.append(Sighting(start, end, organisation))
    taken = 0
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if each.start >= taken:
            taken = each.end
            yield each


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """A name for comparing: no legal suffix, accents, dots, "the" or letter case. Folding twice changes nothing."""
    for _ in range(20):
        folded = _folded_once(name)
        if folded == name:
            break
        name = folded
    return name


def _folded_once(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "®™©")
    plain = plain.strip()
    if article := _ARTICLE.match(plain):
        plain = plain[article.end() :]
    words = _NO_WORD.sub(" ", (without_suffix(plain) or plain).casefold().replace(".", "")).split()
    return " ".join("and" if word == "&" else word for word in words)


_ARTICLE = re.compile(r"[Tt]he\s+")
_NO_WORD = re.compile(r"[^\w&+'-]+")
_LAST_OF_SUFFIX = frozenset(words[-1] for _, words in prepare_default_terms())


def without_suffix(name: str) -> str:
    """cleanco's answer, without its search where the last word ends none of the suffixes that it would try in turn."""
    bare = name if name[-1:].isalnum() else strip_tail(name)
    last = bare.split()[-1:]
    if last and (not last[0].isascii() or strip_punct(last[0].lower()) in _LAST_OF_SUFFIX):
        bare = basename(name)
    return str(bare)


def _printed(name: str) -> str:
    """A name for comparing with its legal suffix: Merck KGaA and Merck are strangers."""
    return name.replace("’", "'").casefold().strip()


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    by_id: dict[str, Organisation]
    by_name: dict[str, Organisation]
    by_print: dict[str, Organisation]
    automaton: Any  # ahocorasick ships no types


@cache
def _gazetteer() -> _Gazetteer:
    source = files("bot.deals").joinpath("data/organisations.toml")
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["organisation"]
    automaton = ahocorasick.Automaton()
    by_id: dict[str, Organisation] = {}
    by_name: dict[str, Organisation] = {}
    by_print: dict[str, Organisation] = {}
    for row in rows:
        organisation = _organisation(row)
        by_id[organisation.id] = organisation
        for product in row.get("products", ()):
            automaton.add_word(lower(product), (len(product), product, None))
        for name in organisation.names:
            by_name.setdefault(fold(name), organisation)
            by_print.setdefault(_printed(name), organisation)
    for organisation in by_id.values():
        for name in organisation.names:
            automaton.add_word(lower(name), (len(name), name, organisation))
    automaton.make_automaton()
    return _Gazetteer(by_id, by_name, by_print, automaton)


def _organisation(row: dict[str, Any]) -> Organisation:
    former = tuple(each["name"] for each in row.get("former", ()))
    return Organisation(
        id=row["id"],
        name=row["name"],
        sector=Sector(row["sector"]),
        names=(row["name"], *row.get("aliases", ()), *former),
        owner=row.get("owner"),
        ambiguous=row.get("ambiguous", False),
    )


def lower(text: str) -> str:
    """Lower case of the same length: offsets must stay true, and a few letters grow ("İ")."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _is_whole(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before in "-_@." or after.isalnum() or after == "_")


def _is_written_so(found: str, written: str) -> bool:
    """Short capitals (HP, IBM) must be capitals; other names need capitals where they have them, or all capitals."""
    if found == written:
        return True
    if len(written) <= 4 and written.isupper():
        return False
    return found[0].isupper() and (found.isupper() or not written[0].islower() or found[1:2].islower())
