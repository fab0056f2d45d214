"""A small share of `make agreement`, with feeds of our own: RSS, Atom, and one that only feedparser may read."""

from __future__ import annotations

from pathlib import Path

from tests.bench.feeds import feed
from tests.fakes import InlineWorkers
from tests.feedkit import NOW, item, rss
from tests.feeds.agreement import Agreement, ByFeedparser, polled_twice

BODIES = {
    "rss": feed(0, 0, NOW),
    "atom": feed(1, 0, NOW),
    "old": rss(item("A & B", "<b>Text", link="/1"), item("A & B", "Other", link="")).body.replace(b"2.0", b"0.92"),
}


def test_both_readers_say_the_same_of_every_field() -> None:
    agreement = Agreement()
    for name, body in BODIES.items():
        agreement.add(name, body)
    assert (agreement.feeds, agreement.quick, agreement.entries) == (3, 2, 40)
    assert agreement.apart == []


async def test_polled_twice_both_readers_keep_the_same_and_the_second_time_nothing_is_new(tmp_path: Path) -> None:
    one = await polled_twice(BODIES, tmp_path, InlineWorkers())
    two = await polled_twice(BODIES, tmp_path, ByFeedparser())
    assert len(one.first) > 42
    assert one == two
    assert (one.first, one.new) == (one.second, 0)
