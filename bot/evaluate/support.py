"""Whether what is printed stands in the source, checked word by word and without any of the code that wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.deals.model import Announcement, Sentence
from bot.evaluate.wordings import words


def unsupported(told: Announcement, owner: str | None = None) -> list[str]:
    """The sentences of a summary, the parties and the facts that the source does not say; none is the promise.

    `owner` is who speaks as "we": the source need not print that name.
    """
    return [*_sentences(told), *_parties(told, owner), *_facts(told)]


def _sentences(told: Announcement) -> Iterator[str]:
    for sentence in told.summary:
        if not _is_said(told, sentence):
            yield f"sentence: {sentence.text}"


def _parties(told: Announcement, owner: str | None) -> Iterator[str]:
    for party in told.parties:
        if party.name not in told.text and party.name != owner:
            yield f"party: {party.name}"


def _facts(told: Announcement) -> Iterator[str]:
    for fact in told.facts:
        if not told.quote(fact.evidence).strip() or fact.evidence.entry != told.entry:
            yield f"fact: {fact.value}"


def _is_said(told: Announcement, sentence: Sentence) -> bool:
    """Leaving words out is allowed, adding or turning them round is not."""
    return _is_within(words(sentence.text), words(told.quote(sentence.evidence)))


def _is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)
