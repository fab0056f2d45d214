"""When two wordings say the same: names of parties, facts, and what a summary says of a key fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.deals.facts.places import place_key
from bot.deals.facts.wording import NUMBERS
from bot.deals.model import Announcement, Mention
from bot.deals.texts.organisations import fold, key
from bot.evaluate.counts import Count
from bot.evaluate.samples import Label

_COVERED = 0.6  # so many of a key fact's words, in any form, must a summary have
_STEM = 5  # letters of a word that tell it, whatever its form
_SUM = re.compile(
    r"(?P<sign>[$€£¥]|\b(?:CHF|CAD|AUD|SEK|DKK|NOK|INR)\b)\s?(?P<figure>[\d.,]*\d)"
    r"(?:[ -]?(?P<scale>k|m|b|t)(?:n|ln|housand|illion|rillion)?\b)?",
    re.I,
)
_SIGNS = {"dollars": "$", "euros": "€", "pounds": "£", "yen": "¥"}
_SUM_IN_WORDS = re.compile(
    r"(?P<sum>[\d.,]*\d(?: (?:thousand|million|billion|trillion))?) (?P<unit>dollars|euros|pounds|yen)\b"
)
_COUNTED = re.compile(rf"\b(?P<number>\d+|{'|'.join(NUMBERS)})[ -](?P<unit>year|month|week|season)s?\b")
_EMPTY = re.compile(
    r"an?|and|as|at|be|by|for|from|has|have|in|into|is|its?|of|on|or|our|s|that|the|their|them|they|to|together|until|up"
    r"|us|was|we|which|will|with"
)


def parties(told: Announcement, label: Label) -> Count:
    """How many labelled parties were found, of how many printed, of how many labelled."""
    return _matched([party.name for party in told.parties], label.parties)


def mentions(found: Iterable[Mention], wanted: Sequence[tuple[str, ...]]) -> Count:
    """Mentions whose parties are all those of a labelled one. A name counts as right like a party's."""
    left, right, said = list(wanted), 0, 0
    for mention in found:
        said += 1
        same = next((deal for deal in left if _is_whole(mention.parties, deal)), None)
        if same is not None:
            left.remove(same)
            right += 1
    return Count(right, said, len(wanted))


def is_same_fact(value: str, label: str) -> bool:
    """Whether they begin alike ("Rochester" for "Rochester, Minnesota") or are one sum, whatever money it is."""
    ours, theirs = _SUM.search(_with_sign(value)), _SUM.search(_with_sign(label))
    if ours and theirs:
        return _amount(ours) == _amount(theirs)
    return _begins(value) == _begins(label)


def is_covered(key_fact: str, text: str) -> bool:
    """Whether a text says a key fact: every number of it, and most of its words in some form."""
    wanted, said = _stems(key_fact), set(_stems(text))
    numbers = [stem for stem in wanted if stem[0].isdigit()]
    common = sum(stem in said for stem in wanted)
    return all(number in said for number in numbers) and common >= _COVERED * len(wanted)


def words(text: str) -> list[str]:
    """The words and numbers of a text, without case and punctuation."""
    return re.findall(r"\w+", text.casefold())


def _matched(printed: Sequence[str], wanted: Sequence[frozenset[str]]) -> Count:
    right = sum(any(_is_named(name, names) for name in printed) for names in wanted)
    return Count(right, len(printed), len(wanted))


def _is_whole(printed: Sequence[str], deal: Sequence[str]) -> bool:
    found = _matched(printed, [frozenset((name,)) for name in deal])
    return found.right == found.said == found.wanted


def _is_named(name: str, names: frozenset[str]) -> bool:
    """The same organisation, or a longer or shorter form of one name ("Mayo" for "Mayo Clinic")."""
    folded = fold(name)
    if key(name) in {key(other) for other in names}:
        return True
    others = {fold(other) for other in names}
    return any(folded == one or folded.startswith(f"{one} ") or one.startswith(f"{folded} ") for one in others)


def _amount(found: re.Match[str]) -> tuple[str, str, str]:
    """A sum, however its scale is written: "$1.5B" is "$1.5 billion"."""
    return found["sign"].upper(), found["figure"], (found["scale"] or "").lower()


def _with_sign(value: str) -> str:
    """A sum as sources print it most: "50 million euros" is "€50 million"."""
    return _SUM_IN_WORDS.sub(lambda found: f"{_SIGNS[found['unit']]}{found['sum']}", value.casefold())


def _begins(value: str) -> list[str]:
    """What a fact is told from others by: the places that are joined by "and", each without its state."""
    return [place_key(place) for place in _plain(value).split(", ")[0].split(" and ")]


def _plain(value: str) -> str:
    """A term counted in figures ("five-year" is "5 years"), a place without "the", both without how sure they are."""
    plain = value.casefold().replace("outside of", "outside")
    plain = re.sub(r"multiyear|(?:several|multiple) years", "multi-year", plain)
    plain = re.sub(r"^global(?:ly)?$", "worldwide", plain)
    plain = re.sub(r"^(?:up to|about|more than|at least|over|around|some|for) |\bthe ", "", plain)
    plain = _COUNTED.sub(lambda found: f"{NUMBERS.get(found['number'], found['number'])} {found['unit']}s", plain)
    return " ".join(map(_as_in_a_name, plain.split()))


def _as_in_a_name(word: str) -> str:
    if word in ("and", "of"):
        return word
    return word.upper() if len(word) <= 3 or "." in word else word.capitalize()


def _stems(text: str) -> list[str]:
    plain = (NUMBERS.get(word, word) for word in words(text.replace(",", "")))
    return [word if word[0].isdigit() else word[:_STEM] for word in plain if not _EMPTY.fullmatch(word)]
