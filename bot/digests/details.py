"""Everything that is kept about one deal, each statement with the words that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.deals.model import Announcement, Deal, Evidence, Fact, FactName, KnownDeal, Role
from bot.deals.texts.sentences import Span, split
from bot.digests.card import deal_card, fact_in_words
from bot.digests.message import Block, Heading, Link, Message, Quote, Text
from bot.digests.moments import day

LONGEST_QUOTE = 400
"""Characters of a quoted sentence; a longer one is cut around its evidence."""

_LABELS = {FactName.TERM: "term", FactName.VALUE: "value", FactName.REGION: "where", FactName.PURPOSE: "purpose"}


def deal_details(known: KnownDeal, *, root: str) -> Message:
    """The deal's card, then parties, facts, earlier deals it names, and announcements, each with its evidence."""
    deal = known.deal
    return Message(
        title=f"Deal #{known.id} · {deal.kind.value.replace('_', ' ')} · {deal.status.value}",
        blocks=(deal_card(known), *_parties(deal), *_facts(deal), *_mentions(deal), *_announcements(deal)),
        footer=(f"follows deal #{known.follows}: /{root} deal {known.follows}",) if known.follows else (),
    )


def sentence_around(announcement: Announcement, evidence: Evidence) -> str:
    """The sentence that holds the evidence, on one line; a long one is cut around the evidence and marked with …."""
    start, end = evidence.start, evidence.end
    lines = split(announcement.text, len(announcement.title))
    line = next((line for line in lines if line.start <= start and end <= line.end), Span(start, end))
    spare = max(0, LONGEST_QUOTE - (end - start)) // 2
    left, right = max(line.start, start - spare), min(line.end, end + spare)
    words = " ".join(announcement.text[left:right].split())
    return f"{'…' if left > line.start else ''}{words}{'…' if right < line.end else ''}"


def _parties(deal: Deal) -> Iterator[Block]:
    yield Heading("WHO")
    roles = {party: "" if party.role is Role.PARTNER else f" ({party.role.value})" for party in deal.parties}
    yield from _merged(_quote(deal, f"{party.name}{role}", party.evidence) for party, role in roles.items())


def _facts(deal: Deal) -> Iterator[Block]:
    if deal.facts:
        yield Heading("FACTS")
    yield from _merged(_quote(deal, _label(fact), fact.evidence) for fact in deal.facts)


def _label(fact: Fact) -> str:
    label, words = _LABELS.get(fact.name), fact_in_words(fact)
    return f"{label}: {words.removeprefix('value ')}" if label else words


def _mentions(deal: Deal) -> Iterator[Block]:
    if deal.mentions:
        yield Heading("EARLIER DEALS IT NAMES")
    yield from _merged(_quote(deal, " × ".join(each.parties), each.evidence) for each in deal.mentions)


def _merged(quotes: Iterable[Quote]) -> Iterator[Quote]:
    """The quotes, with one for all that the same sentence proves."""
    labels: dict[tuple[str, Link | None], list[str]] = {}
    for quote in quotes:
        labels.setdefault((quote.text, quote.source), []).append(quote.label)
    return (Quote(" · ".join(dict.fromkeys(proved)), text, source) for (text, source), proved in labels.items())


def _announcements(deal: Deal) -> Iterator[Block]:
    yield Heading("TOLD BY")
    for each in deal.announcements:
        when = day(each.published) if each.published else "undated"
        source = Link(each.publisher, each.url) if each.url else None
        yield Quote(f"{when}, a party's own word" if each.first_party else when, each.title, source)
    yield Text(f"How sure: {deal.score:.0%}.", quiet=True)


def _quote(deal: Deal, label: str, evidence: Evidence) -> Quote:
    told = next((each for each in deal.announcements if each.entry == evidence.entry), None)
    if told is None:
        return Quote(label, "the text that said so is no longer kept")
    source = Link(told.publisher, told.url) if told.url else None
    return Quote(label, sentence_around(told, evidence), source)
