"""Measure the recogniser: python -m tests.training.evaluate DATA [--held-out] [--releases]

Without a flag: the posts that may be tuned on. `--held-out` measures on those that may not; look at the numbers only.
`--releases` counts hits among all press releases, the natural frequency.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from bot.deals.model import Announcement
from bot.deals.organisations import fold, key
from bot.deals.recognise import recognise
from tests.training.dataset import Sample, posts, releases


def main(data: Path, flags: Sequence[str]) -> None:
    if "--releases" in flags:
        said = [isinstance(recognise(each.entry, each.feed), Announcement) for each in releases(data, labelled=False)]
        print(f"{sum(said)} of {len(said)} releases announce a partnership, as the recogniser sees it")
        return
    samples = [each for each in posts(data) if each.held_out == ("--held-out" in flags)]
    judged, times = [], []
    for sample in samples:
        begun = time.perf_counter()
        judged.append((sample, recognise(sample.entry, sample.feed)))
        times.append(1_000 * (time.perf_counter() - begun))
    report("all", judged)
    report("sure", [each for each in judged if not each[0].unsure])
    for register in sorted({sample.feed.register for sample in samples}):
        report(register, [each for each in judged if each[0].feed.register == register])
    print(f"median {median(times):.1f} ms a post, slowest {max(times):.0f} ms")


def report(name: str, judged: Iterable[tuple[Sample, object]]) -> None:
    """One line of numbers: detection, then the parties of what was rightly recognised."""
    rows = list(judged)
    hits = [(sample, verdict) for sample, verdict in rows if isinstance(verdict, Announcement)]
    right = [(sample, verdict) for sample, verdict in hits if sample.label]
    positive = sum(sample.label for sample, _ in rows)
    parties = [matched(sample, verdict) for sample, verdict in right]
    found, printed, wanted = (sum(column) for column in zip(*parties, strict=True)) if parties else (0, 0, 0)
    exact = sum(one[0] == one[1] == one[2] for one in parties)
    print(
        f"{name:14} {len(rows):3} posts, {positive:3} positive"
        f" | P {len(right)}/{len(hits)} R {len(right)}/{positive} F1 {_f1(len(right), len(hits), positive):.3f}"
        f" | parties F1 {_f1(found, printed, wanted):.3f} exact {exact}/{len(right)}"
    )


def matched(sample: Sample, verdict: Announcement) -> tuple[int, int, int]:
    """How many parties are right, how many were printed, how many there are."""
    wanted = [{key(name) for name in names} | {fold(name) for name in names} for names in sample.parties]
    found = sum(any(_same(party.name, names) for party in verdict.parties) for names in wanted)
    return found, len(verdict.parties), len(wanted)


def _same(name: str, names: set[str]) -> bool:
    folded = fold(name)
    return key(name) in names or any(
        folded == one or folded.startswith(one + " ") or one.startswith(folded + " ") for one in names
    )


def _f1(right: int, said: int, wanted: int) -> float:
    return 2 * right / (said + wanted) if said + wanted else 0.0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
