"""One deal as a reader sees it at a glance."""

from __future__ import annotations

from bot.deals.model import UNDISCLOSED, Announcement, Deal, Fact, FactName, KnownDeal, Status
from bot.deals.pairing import speaks_for
from bot.digests.message import Card, Link
from bot.digests.topics import mentions_any
from bot.feeds.model import Register

BADGES = {
    Status.ANNOUNCED: "new",
    Status.EXPANDED: "expanded",
    Status.RENEWED: "renewed",
    Status.MEMORANDUM: "memorandum",
    Status.ENDED: "ended",
}

_SHOWN = (FactName.TERM, FactName.REGION, FactName.VALUE, FactName.START)


def deal_card(known: KnownDeal) -> Card:
    """The deal's card: nothing in it but what its announcements state, and who they are."""
    deal = known.deal
    return Card(
        deal=known.id,
        headline=deal.headline,
        badge=BADGES[deal.status],
        summary=" ".join(sentence.text for sentence in deal.summary),
        facts=_phrases(deal),
        sources=sources_of(deal),
        published=deal.published,
        seen=known.first_seen,
        kind=deal.kind.value.replace("_", " "),
    )


def sources_of(deal: Deal) -> tuple[Link, ...]:
    """A link for each publisher, the parties' own first; a publisher without an address has none."""
    own_first = sorted(deal.announcements, key=lambda each: not each.first_party)
    links: dict[str, Link] = {}
    for each in own_first:
        if each.url is not None:
            links.setdefault(each.publisher, Link(each.publisher, each.url))
    return tuple(links.values())


def fact_in_words(fact: Fact) -> str:
    """One fact as a short phrase: "10 years", "value undisclosed", "starts March 2027"."""
    if fact.name is FactName.VALUE and fact.value == UNDISCLOSED:
        return "value undisclosed"
    return f"starts {fact.value}" if fact.name is FactName.START else fact.value


def _phrases(deal: Deal) -> tuple[str, ...]:
    stated = (_stated(deal, name) for name in _SHOWN)
    return (*(phrase for phrase in stated if phrase), _said_by(deal), *_without_address(deal))


def _stated(deal: Deal, name: FactName) -> str | None:
    """What the announcements say about one field, every value of it; and whether they disagree."""
    told: dict[str, set[str]] = {}
    for fact in deal.facts:
        if fact.name is name:
            told.setdefault(fact.evidence.entry, set()).add(fact_in_words(fact))
    if not told:
        return "value not stated" if name is FactName.VALUE else None
    values = tuple(dict.fromkeys(fact_in_words(fact) for fact in deal.facts if fact.name is name))
    # One text may well name two sums, or two places. Only texts that share no value contradict each other.
    disagree = name is not FactName.REGION and any(
        one.isdisjoint(other) for one in told.values() for other in told.values()
    )
    return f"{' or '.join(values)} (sources disagree)" if disagree else ", ".join(values)


def _said_by(deal: Deal) -> str:
    """Who announces the deal. Two feeds of one party are still one side, so sides are counted by the parties' names."""
    own = [each for each in deal.announcements if each.first_party]
    sides = {side for each in own if (side := _side(deal, each))}
    if len(sides) >= 2:
        return "announced by both sides" if len(deal.parties) == 2 else f"announced by {len(sides)} of the parties"
    if own:
        return f"announced by {sides.pop() if sides else 'one side'}"
    released = any(each.register is Register.PRESS_RELEASE for each in deal.announcements)
    return "announced in a press release" if released else "reported in the news"


def _side(deal: Deal, own: Announcement) -> str | None:
    """The party whose feed it is, or that the publisher is named after.

    Of several the longest name, for "Google" stands in "Google Cloud Blog" too.
    """
    if own.owner is not None:
        owner = own.owner
        return next((party.name for party in deal.parties if speaks_for(owner, party)), None)
    named = (party.name for party in deal.parties if mentions_any(own.publisher, (party.name,)))
    return max(named, key=len, default=None)


def _without_address(deal: Deal) -> tuple[str, ...]:
    linked = {each.publisher for each in deal.announcements if each.url is not None}
    publishers = dict.fromkeys(each.publisher for each in deal.announcements)
    return tuple(f"also told by {publisher}" for publisher in publishers if publisher not in linked)
