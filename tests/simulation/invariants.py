"""What must be true when a simulated year is over, whatever went wrong in it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.digests.model import Subscription
from bot.storage.deals import REACH
from tests.simulation.chaos import Chaos
from tests.simulation.chats import Chat
from tests.simulation.publishers import WINDOW, Publisher

VISIBLE = {"sent", "uncertain", "dead", "pending", "sending"}
SHORTEST_PAUSE = 3_600.0
LEASE = 600.0
MOST_QUEUED = 12
NO_TIME, LISTENING = timedelta(0), timedelta(days=5)
"""Whoever lives so long asks a feed at least once, however long that wants to be left alone after a failure."""


@dataclass
class Facts:
    """All that can be known: what the publishers said, what stands in the channels, what the database holds."""

    chats: Sequence[Chat]
    publishers: Sequence[Publisher]
    wanted: Sequence[Subscription]
    chaos: Chaos
    rows: dict[str, list[dict[str, Any]]]
    deals: dict[int, str]
    until: datetime = datetime(9999, 1, 1, tzinfo=UTC)
    lives: Sequence[tuple[datetime, datetime]] = ()

    @classmethod
    def read(
        cls,
        path: Path,
        chats: Sequence[Chat],
        publishers: Sequence[Publisher],
        wanted: Sequence[Subscription],
        chaos: Chaos,
    ) -> Facts:
        """Read the database as it lies."""
        rows = {
            table: _rows(path, table) for table in ("entries", "deals", "deliveries", "slots", "subscriptions", "marks")
        }
        deals = {row["id"]: row["headline"].split()[0] for row in rows["deals"]}
        return cls(chats, publishers, wanted, chaos, rows, deals)


def broken(facts: Facts) -> list[str]:
    """Every invariant that does not hold, in words."""
    checks = (_entries_kept, _deals_once, _nothing_lost, _nothing_twice, _one_slot_a_date, _parts_in_order)
    more = (_polite, _tenants_apart, _bounded, _whole)
    return [fault for check in (*checks, *more) for fault in check(facts)]


def dump(path: Path) -> str:
    """A hash of everything in the database but the marks of time that a look leaves behind."""
    with sqlite3.connect(path) as database:
        text = "\n".join(line for line in database.iterdump() if 'INTO "feeds"' not in line)
    database.close()
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _entries_kept(facts: Facts) -> Iterator[str]:
    """I1: what a publisher said while anybody listened is kept, whatever became of it.

    Only what stood on no page that was asked for may be missing, and only where nobody lived for LISTENING meanwhile:
    who is away for weeks finds a page from which what was said first is gone.
    """
    known = Counter(row["url"] for row in facts.rows["entries"])
    for publisher in facts.publishers:
        for place, item in enumerate(publisher.items):
            count = known[f"{publisher.url}/{item.number}"]
            gone = publisher.items[place + WINDOW].at if place + WINDOW < len(publisher.items) else facts.until
            lived = sum((max(min(end, gone) - max(begin, item.at), NO_TIME) for begin, end in facts.lives), NO_TIME)
            heard = item.number in publisher.told or lived >= LISTENING
            if count != 1 and item.at < facts.until and (count or heard):
                yield f"I1: {publisher.url}/{item.number} of {item.at:%d %b} is kept {count} times"


def _deals_once(facts: Facts) -> Iterator[str]:
    """I2: one deal, however many tell it and however often."""
    for token, count in Counter(facts.deals.values()).items():
        if count > 1:
            yield f"I2: {token} became {count} deals"
    for row in facts.rows["entries"]:
        if row["outcome"] == "announcement" and row["deal_id"] is None:
            yield f"I1: {row['url']} announces and belongs to no deal"


def _nothing_lost(facts: Facts) -> Iterator[str]:
    """I1: a deal that a channel was told stands in it, or in a part whose fate is visible."""
    stands = {
        channel: {token for each in stored for token in each.tokens}
        for chat in facts.chats
        for channel, stored in chat.channels.items()
    }
    owed: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in facts.rows["deliveries"]:
        for deal in json.loads(row["message"])["deals"]:
            owed[row["channel"], deal].add(row["state"])
    for row in facts.rows["marks"]:
        token = facts.deals[row["deal_id"]]
        channel = next(each.channel for each in facts.wanted if each.channel.id == row["channel"])
        states = owed[row["channel"], row["deal_id"]]
        if token not in stands.get(channel, set()) and not states & {"uncertain", "dead"}:
            yield f"I1: {token} counts as told to {channel.id} and does not stand there ({states})"
    yield from _nothing_forgotten(facts)


def _nothing_forgotten(facts: Facts) -> Iterator[str]:
    """I1: no digest that was planned while a deal was wanted left it out.

    One that was skipped leaves its deals to the next, and so does one that gave way to a later one, as long as its
    deals are within the next one's reach.
    """
    if facts.chaos.leaps:
        return  # with a clock that was a month ahead, "while it was wanted" cannot be told from the database
    told = {(row["channel"], row["deal_id"]) for row in facts.rows["marks"]}
    entries = [row for row in facts.rows["entries"] if row["deal_id"]]
    for subscription in facts.rows["subscriptions"]:
        planned = [
            (_at(row["planned_at"]), row["outcome"] == "withdrawn")
            for row in facts.rows["slots"]
            if row["subscription_id"] == subscription["id"] and row["outcome"] != "skipped"
        ]
        reach = _at(subscription["since"] or subscription["created_at"]) - REACH
        all_feeds = subscription["platform"] == "slack"
        mine = [row for row in entries if all_feeds or row["feed_id"] != len(facts.publishers)]
        learnt: dict[int, datetime] = {}
        for row in sorted(mine, key=lambda row: str(row["seen_at"]), reverse=True):
            learnt[row["deal_id"]] = _at(row["seen_at"])
        for deal in facts.rows["deals"]:
            last = _at(deal["first_seen_at"]) + REACH
            begin = learnt.get(deal["id"], last) + timedelta(minutes=10)
            still = _at(deal["first_seen_at"]) >= reach
            wanted = any(begin < at < last and not (gave_way and still) for at, gave_way in planned)
            if wanted and (subscription["channel"], deal["id"]) not in told:
                yield f"I1: {facts.deals[deal['id']]} was wanted by {subscription['channel']} and never told"


def _nothing_twice(facts: Facts) -> Iterator[str]:
    """I2: no message and no deal stands in a channel twice."""
    for chat in facts.chats:
        for channel, stored in chat.channels.items():
            for key, count in Counter(each.key for each in stored).items():
                if count > 1:
                    yield f"I2: part {key} stands in {channel.id} {count} times"
            for token, count in Counter(token for each in stored for token in set(each.tokens)).items():
                if count > 1:
                    yield f"I2: {token} stands in {channel.id} {count} times"


def _one_slot_a_date(facts: Facts) -> Iterator[str]:
    """I3: one digest for each local date, and none that its timetable does not name."""
    dates = Counter((row["subscription_id"], row["local"][:10]) for row in facts.rows["slots"])
    for (subscription, date), count in dates.items():
        if count > 1:
            yield f"I3: subscription {subscription} had {count} digests on {date}"


def _parts_in_order(facts: Facts) -> Iterator[str]:
    """I4: parts stand in their order."""
    place = {row["key"]: (row["subscription_id"], row["slot"], row["part"]) for row in facts.rows["deliveries"]}
    for chat in facts.chats:
        for channel, stored in chat.channels.items():
            seen: dict[tuple[int, str], int] = {}
            for each in stored:
                subscription, slot, part = place[each.key]
                if part < seen.get((subscription, slot), 0):
                    yield f"I4: part {part} of {slot} stands in {channel.id} after part {seen[subscription, slot]}"
                seen[subscription, slot] = part


def _polite(facts: Facts) -> Iterator[str]:
    """I5: an hour between two questions, and never one before a publisher's wish; what a crash or a full disk kept us
    from writing down may cost one more."""
    if facts.chaos.jumps or facts.chaos.leaps:
        return  # a clock that is set forward makes feeds due
    for publisher in facts.publishers:
        for (before, _, troubles_then), (at, in_time, troubles) in pairwise(publisher.asked):
            pause = at - before
            if pause < LEASE or (pause < SHORTEST_PAUSE and troubles == troubles_then):
                yield f"I5: {publisher.url} was asked again after {pause:.0f} s"
            if not in_time and troubles == troubles_then:
                yield f"I5: {publisher.url} was asked {pause / 3600:.1f} hours after it wished to be left alone"


def _tenants_apart(facts: Facts) -> Iterator[str]:
    """I7: a workspace is told nothing that only another one's feeds say."""
    shared = {item.token for publisher in facts.publishers[:-1] for item in publisher.items}
    for chat in facts.chats:
        if chat.name == "discord":
            for channel, stored in chat.channels.items():
                for each in stored:
                    for token in set(each.tokens) - shared:
                        yield f"I7: {token} was told to {channel.id}, whose workspace does not read its feed"


def _bounded(facts: Facts) -> Iterator[str]:
    """I8: what waits is bounded."""
    waiting = Counter(row["channel"] for row in facts.rows["deliveries"] if row["state"] in {"pending", "sending"})
    for channel, count in waiting.items():
        if count > MOST_QUEUED:
            yield f"I8: {count} parts wait for {channel}"


def _whole(facts: Facts) -> Iterator[str]:
    """Every state is one that the machine knows."""
    for state in {row["state"] for row in facts.rows["deliveries"]} - VISIBLE - {"withdrawn"}:
        yield f"a delivery stands at {state}"


def _rows(path: Path, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute(f"SELECT * FROM {table}")]
    database.close()
    return rows


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
