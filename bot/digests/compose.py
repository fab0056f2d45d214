"""From a due slot and the deals that are wanted to the digest, and from the digest to its message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import nlargest
from zoneinfo import ZoneInfo

from bot.deals.model import KnownDeal
from bot.digests.card import deal_card
from bot.digests.message import Block, Heading, Message
from bot.digests.model import Coverage, Digest, Slot, Subscription, WhenEmpty
from bot.digests.moments import day_month, moment
from bot.digests.topics import wants
from bot.feeds.model import Sector

TITLE = "Partnership news"
LATE = timedelta(minutes=15)
NAMED_FAILING = 5
"""The failing feeds that a digest names; the rest are counted."""

GROUPS = {
    Sector.HEALTH_SYSTEM: "HEALTH SYSTEMS",
    Sector.PAYER: "PAYERS",
    Sector.PHARMA: "PHARMA & BIOTECH",
    Sector.HEALTH_IT: "HEALTH IT",
    Sector.DEVICES: "DEVICES",
    Sector.RESEARCH: "RESEARCH",
    Sector.GOVERNMENT: "PUBLIC SECTOR",
    Sector.CLOUD: "CLOUD & TECHNOLOGY",
    Sector.TECHNOLOGY: "CLOUD & TECHNOLOGY",
    Sector.CONSULTING: "CONSULTING",
    Sector.OTHER: "OTHER",
}
"""The groups of a digest, in their order."""


def plan_digest(
    subscription: Subscription,
    slot: Slot,
    since: datetime | None,
    candidates: Sequence[KnownDeal],
    coverage: Coverage,
    *,
    now: datetime,
) -> Digest:
    """What this slot shows: the wanted candidates, best first, at most the subscription's maximum.

    `since` is the instant of the slot before, None for a first digest. A digest is late 15 minutes after its slot.
    """
    wanted = [known for known in candidates if wants(subscription.topics, known)]
    return Digest(
        slot=slot,
        zone=subscription.timetable.zone,
        since=since,
        deals=tuple(nlargest(subscription.maximum, wanted, key=_worth)),
        cut=max(0, len(wanted) - subscription.maximum),
        coverage=coverage,
        late=now - slot.at > LATE,
    )


def compose(
    digest: Digest, *, root: str, when_empty: WhenEmpty = WhenEmpty.LINE, mention: str | None = None
) -> Message | None:
    """The digest as a message; None where there is nothing new and the channel asked for silence.

    `root` is the name of the root command, e.g. "deals". The role to `mention` is called for new deals only.
    """
    if not digest.deals:
        return None if when_empty is WhenEmpty.SILENCE else told(digest, root=root)
    return replace(told(digest, root=root), mention=mention)


def told(digest: Digest, *, root: str) -> Message:
    """The digest as a message, one quiet line where there is nothing new."""
    zone = ZoneInfo(digest.zone)
    return Message(
        title=f"{TITLE} · {digest.slot.local:%a} {day_month(digest.slot.local)} · {_count(digest, zone)}",
        blocks=tuple(_grouped(digest.deals)),
        aside=covered(digest.coverage),
        footer=tuple(_footer(digest, root, zone)),
        deals=tuple(known.id for known in digest.deals),
    )


def covered(coverage: Coverage) -> str:
    """How much was read, in words: "38 of 40 feeds read"."""
    return f"{coverage.read} of {coverage.total} feeds read" if coverage.total else "no feeds yet"


_BEGINNING = datetime.min.replace(tzinfo=UTC)


def _worth(known: KnownDeal) -> tuple[float, int, datetime]:
    """Sure before doubtful, told by many before told by one, new before old."""
    # The score counts to a tenth: finer differences between two sure deals say nothing about their worth.
    told = known.deal.announcements
    publishers = len({each.publisher for each in told}) if len(told) > 1 else 1
    return round(known.deal.score, 1), publishers, known.deal.published or _BEGINNING


def _grouped(deals: Sequence[KnownDeal]) -> Iterator[Block]:
    for title in dict.fromkeys(GROUPS.values()):
        group = [known for known in deals if GROUPS[known.deal.sector] == title]
        if group:
            yield Heading(title)
            yield from map(deal_card, group)


def _count(digest: Digest, zone: tzinfo) -> str:
    since = f" since {moment(digest.since, digest.slot.at, zone)}" if digest.since else ""
    if digest.deals:
        return f"{len(digest.deals)} {'deal' if len(digest.deals) == 1 else 'deals'}{since}"
    # A feed that could not be read is unknown coverage, never "no news".
    unread = digest.coverage.total and not digest.coverage.read
    return f"no feed could be read{since}" if unread else f"nothing new{since}"


def _footer(digest: Digest, root: str, zone: tzinfo) -> Iterator[str]:
    if digest.cut:
        yield f"and {digest.cut} more: /{root} latest"
    if digest.coverage.failing:
        yield _unread(digest, root, zone)
    if digest.late:
        yield f"late: this digest was due at {digest.slot.local:%H:%M} on {digest.slot.local:%A}"
    if not digest.coverage.total:
        yield f"add a feed: /{root} feeds add <address>"


def _unread(digest: Digest, root: str, zone: tzinfo) -> str:
    failing = sorted(digest.coverage.failing, key=lambda feed: feed.since)
    starts = [moment(feed.since, digest.slot.at, zone) for feed in failing]
    shared = len(set(starts)) == 1
    named = [
        f"{feed.title} ({feed.reason})" if shared else f"{feed.title} since {start} ({feed.reason})"
        for feed, start in zip(failing, starts, strict=True)
    ][:NAMED_FAILING]
    rest = len(failing) - len(named)
    more = f", and {rest} more: /{root} feeds list" if rest else ""
    return f"not read{f' since {starts[0]}' if shared else ''}: {', '.join(named)}{more}"
