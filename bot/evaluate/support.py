"""Whether what is printed stands in the source, checked word by word and without any of the code that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.deals.model import Announcement, Sentence
from bot.evaluate.wordings import words


def unsupported(told: Announcement, owner: str | None = None) -> list[str]:
    """The sentences of a summary, the parties and the facts that the source does not say; none is the promise.

    `owner` is who speaks as "we": the source need not print that name.
    """
    return [*_sentences(told, owner), *_parties(told, owner), *_facts(told)]


def _sentences(told: Announcement, owner: str | None) -> Iterator[str]:
    for sentence in told.summary:
        if not _is_said(told, sentence, owner):
            yield f"sentence: {sentence.text}"


def _parties(told: Announcement, owner: str | None) -> Iterator[str]:
    for party in told.parties:
        if party.name not in told.text and party.name != owner:
            yield f"party: {party.name}"


def _facts(told: Announcement) -> Iterator[str]:
    for fact in told.facts:
        if not told.quote(fact.evidence).strip() or fact.evidence.entry != told.entry:
            yield f"fact: {fact.value}"


def _is_said(told: Announcement, sentence: Sentence, owner: str | None) -> bool:
    """Leaving words out is allowed, adding or turning them round is not.

    [Brackets] may hold only the owner where the source says "we", "us" or "our" at that very place, "its" for "our"
    once the owner was named, and a verb of the source in the form that a name asks for.
    """
    wanted = _tokens(sentence.text, owner)
    return wanted is not None and _is_within(wanted, words(told.quote(sentence.evidence)))


def _tokens(text: str, owner: str | None) -> list[frozenset[str]] | None:
    """For every word of the sentence the words of the source that it may stand for; None where brackets hold more."""
    tokens: list[frozenset[str]] = []
    named = False
    for bracket, plain in re.findall(r"(\[[^\[\]]*\])|([^\[\]]+)", text):
        if plain:
            tokens += [frozenset((word,)) for word in words(plain)]
            continue
        held, inside = _held(bracket[1:-1], owner, named=named)
        if not inside:
            return None
        named = named or held
        tokens += inside
    return tokens


def _held(inside: str, owner: str | None, *, named: bool) -> tuple[bool, list[frozenset[str]]]:
    """Whether brackets name the owner, and what their words may stand for; nothing where they hold anything else."""
    if owner and inside == f"{owner}'s":
        return True, [_OUR]
    opens = bool(owner) and (inside == owner or inside.startswith(f"{owner} "))
    rest = (inside.removeprefix(owner or "") if opens else inside).split()
    ends = rest[-1:] == ["its"] and (opens or named)
    verb = rest[:-1] if ends else rest
    if len(verb) > 1 or not all(word.isalpha() and word != "its" for word in verb):
        return False, []
    return opens, [*([_WE] if opens else []), *map(_verbs, verb), *([_OUR] if ends else [])]


_WE = frozenset(("we", "us"))
_OUR = frozenset(("our",))


def _verbs(one: str) -> frozenset[str]:
    """What a verb in the third person may be in the first: pays, pay; carries, carry; is, are, 're."""
    irregular = {"is": ("are", "re"), "has": ("have", "ve"), "was": ("were",), "does": ("do",), "will": ("ll",)}
    if one in irregular:
        return frozenset(irregular[one])
    endings = (("s", ""), ("es", ""), ("ies", "y"))
    return frozenset(one.removesuffix(end) + base for end, base in endings if one.endswith(end))


def _is_within(part: Sequence[frozenset[str]], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(any(word in choice for word in rest) for choice in part)
