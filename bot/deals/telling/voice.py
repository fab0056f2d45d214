"""A sentence of a publisher about itself, made one about it: every word put in stands in [brackets].

"We are announcing a partnership with Acme" of Globex becomes "[Globex is] announcing a partnership with Acme": the
custom of editors for a word that is theirs. What goes into brackets is the owner's name for "we" and "us", its
possessive or "its" for "our", and the verb of the sentence in the form that a name asks for. Nothing else, ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

GLAD = r"(?:thrilled|proud|excited|delighted|pleased|happy|honou?red)"
"""What companies say they are when they announce something."""

_ADVERB = r"(?:also|today|now|just|further|\w+ly)"
_WE = re.compile(
    rf"\b[Ww]e(?:(?P<short>['’](?:re|ve|ll))|(?P<adverbs>(?:\s{_ADVERB}){{0,2}})\s(?P<verb>[a-z]+))\b|\b[Oo]ur\b|\bus\b"
)
_GLAD = re.compile(rf"(\bis\b|\bare\b|['’]re\b)\s(?:(?:{_ADVERB}|so|very)\s)?{GLAD}\sto\s([a-z]+)\b")
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]urs?|[Oo]urselves|us|I|[Mm]y|me)\b")
# "We" that may mean both sides, or everybody.
_INCLUSIVE = re.compile(
    r"\b(?:[Tt]ogether,? we\b|[Ww]e (?:\w+ )?(?:both|all|each)\b"
    r"|[Ww]e\b[^.;:]*\b(?:jointly|each other|one another|together)\b(?! with)"
    r"|(?:all|both|each|between|many|some) (?:of )?us\b|[Ll]et us"
    r"|[Oo]ur (?:two|joint|shared|mutual|common|collective|combined|respective|compan|organi[sz]ations|industry|society"
    r"|country|nation|world|planet|lives|time))"
)
_SHORT = {"re": "is", "ve": "has", "ll": "will"}
_AGREES = {"are": "is", "have": "has", "were": "was", "do": "does"}
# These have one form for "we" and for a name. Of "set" or "put" nobody can say whether it is past.
_PAST_OR_MODAL = (
    "will would can could may might must should shall had did chose began built brought "
    "made took gave held met led ran went said saw told won found became grew"
)
_ONE_FORM = frozenset(_PAST_OR_MODAL.split())
_KNOWN = (
    "add aim announce bring build collaborate combine deepen expand expect extend give invest intend join launch "
    "make move offer open partner pay plan provide run sell support take team use want welcome work"
)
_PRESENT = frozenset(_KNOWN.split())
_NO_PAST = frozenset(("need", "feed", "speed", "proceed", "exceed", "succeed", "embed"))
_AND = rf"\b(?:and|but|or)\s(?:{_ADVERB}\s)?"
_TWO_OF_BE = re.compile(rf"{_AND}(?:{'|'.join(_AGREES)})\b")
_TWO_VERBS = re.compile(rf"{_AND}(?:{'|'.join(sorted({*_AGREES, *_PRESENT}))})\b")


def calm(text: str) -> str:
    """The sentence without its gladness: "Acme is proud to announce" is "Acme [announces]", "We're glad to" is "We"."""
    return _GLAD.sub(_plainly, text)


def in_third_person(text: str, owner: str, others: Sequence[str]) -> str | None:
    """The sentence with the owner in the place of "we"; None where that could say what the source does not.

    `others` are the organisations besides that the sentence names: behind one of them "its" would be theirs.
    """
    if _INCLUSIVE.search(text):
        return None
    text = re.sub(rf"\b[Ww]e at (?={re.escape(owner)}\b)", "", text)  # "We at Acme announced" is "Acme announced"
    pieces: list[str] = []
    at = 0
    for match in _WE.finditer(text):
        pieces.append(text[at : match.start()])
        instead = _subject(match, owner) if match["verb"] or match["short"] else _other(match, owner, pieces, others)
        if instead is None or ("[" in instead and _agrees_twice(match, text)):
            return None
        pieces.append(instead)
        at = match.end()
    said = "".join((*pieces, text[at:])).replace("] [its]", " its]")
    return None if _FIRST_PERSON.search(said) else said


def third_person(verb: str) -> str:
    """The form of a verb that a name asks for: announce → announces, join → joins, carry → carries."""
    if verb in _AGREES:
        return _AGREES[verb]
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"


def _plainly(match: re.Match[str]) -> str:
    one, verb = match[1], match[2]
    if verb == "be":
        return one
    return f"[{third_person(verb)}]" if one == "is" else verb if one == "are" else f" {verb}"


def _subject(match: re.Match[str], owner: str) -> str | None:
    """What stands for "we" and the verb that follows."""
    if match["short"]:
        return f"[{owner} {_SHORT[match['short'][1:]]}]"
    adverbs, verb = match["adverbs"], match["verb"]
    if verb in _ONE_FORM or (verb.endswith("ed") and verb not in _NO_PAST):
        return f"[{owner}]{adverbs} {verb}"
    if verb not in _AGREES and verb not in _PRESENT:
        return None
    return f"[{owner}]{adverbs} [{third_person(verb)}]" if adverbs else f"[{owner} {third_person(verb)}]"


def _other(match: re.Match[str], owner: str, before: Sequence[str], others: Sequence[str]) -> str:
    """What stands for "our" or "us"."""
    if match.group() == "us":
        return f"[{owner}]"
    since = "".join(before).rpartition(f"[{owner}")
    nearest = bool(since[1]) and not any(name in since[2] for name in others)
    return "[its]" if nearest else f"[{owner}'s]"


def _agrees_twice(match: re.Match[str], text: str) -> bool:
    """Whether a second verb behind "we" would have to be changed too."""
    verb = match["verb"] or _SHORT.get((match["short"] or " ")[1:])
    if verb in _PRESENT:
        return _TWO_VERBS.search(text, match.end()) is not None
    return (verb in _AGREES or verb in _AGREES.values()) and _TWO_OF_BE.search(text, match.end()) is not None
