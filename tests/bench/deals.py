"""`make bench-deals DATA=folder`: how long a post takes to recognise, and an announcement to be matched."""

from __future__ import annotations

import cProfile
import pstats
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bot.deals.candidates import candidates, index
from bot.deals.combine import combine
from bot.deals.merge import match
from bot.deals.model import Announcement, Judged, KnownDeal
from bot.deals.recognise import recognise
from bot.deals.triage import triage
from bot.feeds.model import Entry
from tests.deals.reading_cases import rows
from tests.deals.tellings import telling
from tests.training.dataset import Sample, posts, releases

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
KNOWN, TOLD = 100_000, 200
NAMES = [row["name"] for row in rows("organisations.toml", "organisation")]


def main(data: Path | None) -> None:
    """Print the milliseconds of CPU that posts, matches and polls take, and where recognising spends them."""
    if data:
        _recognising("posts", [each for each in posts(data) if not each.held_out])
        _recognising("releases in full", [*releases(data)])
        _profile([*releases(data)][:150])
    _matching()


def _recognising(name: str, samples: Sequence[Sample]) -> None:
    for sample in samples[:20]:
        recognise(sample.entry, sample.feed)
    times = sorted(_milliseconds(lambda each=sample: recognise(each.entry, each.feed)) for sample in samples)  # type: ignore[misc]
    print(f"{name}: {len(times)}, median {median(times):.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms")


def _profile(samples: Sequence[Sample]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for sample in samples:
        recognise(sample.entry, sample.feed)
    profile.disable()
    pstats.Stats(profile, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(10)


def _matching() -> None:
    """One announcement against all deals, and a poll's announcements against as many as storage hands over."""
    drawn = random.Random(6)
    tellings = [_telling(drawn, f"e{number}") for number in range(KNOWN)]
    known = [KnownDeal(number, combine([each]), FIRST) for number, each in enumerate(tellings)]
    near = index(each.deal.parties for each in known)
    fresh = [_telling(drawn, f"n{number}") for number in range(TOLD)]
    times = sorted(
        _milliseconds(lambda each=each: match(each, [known[at] for at in candidates(each.parties, near)]))  # type: ignore[misc]
        for each in fresh
    )
    print(f"match against {KNOWN:,} deals: median {median(times):.2f} ms, slowest {times[-1]:.2f} ms")
    judged = [Judged(Entry(each.entry, (each.entry,), each.title, ""), each) for each in fresh]
    print(
        f"triage of {TOLD} announcements against 500 deals: {_milliseconds(lambda: triage(judged, known[:500])):.0f} ms"
    )


def _telling(drawn: random.Random, entry: str) -> Announcement:
    """A deal of two or three organisations; the large ones are in many."""
    names = [NAMES[min(int(drawn.expovariate(1 / 150)), len(NAMES) - 1)] for _ in range(drawn.choice((2, 2, 2, 3)))]
    title = f"{names[0]} and {names[1]} {drawn.choice(('partner', 'team up', 'expand'))} on {drawn.randrange(999)}"
    return telling(
        {"parties": list(dict.fromkeys(names)), "title": title},
        entry,
        published=FIRST + timedelta(days=drawn.randrange(700)),
    )


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return 1_000 * (time.process_time() - begun)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
