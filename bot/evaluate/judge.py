"""Every sample judged by the recogniser, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.deals.model import Announcement, Judged, Verdict
from bot.deals.recognise import recognise
from bot.deals.triage import triage
from bot.evaluate.samples import Sample


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sample and what came of it, after `milliseconds` on one core."""

    sample: Sample
    verdict: Verdict
    milliseconds: float

    @property
    def told(self) -> Announcement | None:
        return self.verdict if isinstance(self.verdict, Announcement) else None

    @property
    def found(self) -> Announcement | None:
        """The announcement where there is one, by the recogniser and by the label."""
        return self.told if self.sample.label.deal else None


def judge(samples: Sequence[Sample], step: Callable[[], None] = lambda: None) -> list[Outcome]:
    """The outcome of each sample, in their order; `step` is called after each."""
    for sample in samples[:3]:
        recognise(sample.entry, sample.feed)  # reads the packaged data, which the first post would pay for
    return [_judged(sample, step) for sample in samples]


def merged(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """For each labelled deal the group in which the recogniser keeps it; one that it missed stands alone."""
    outcomes = list(outcomes)
    groups = {each.sample.entry.id: each.sample.entry.id for each in outcomes if each.sample.label.deal}
    for deal in triage([Judged(each.sample.entry, each.verdict) for each in outcomes], ()).new:
        entries = [each.entry for each in deal.announcements if each.entry in groups]
        groups |= dict.fromkeys(entries, entries[0]) if entries else {}
    return groups


def _judged(sample: Sample, step: Callable[[], None]) -> Outcome:
    begun = time.perf_counter()
    verdict = recognise(sample.entry, sample.feed)
    spent = 1_000 * (time.perf_counter() - begun)
    step()
    return Outcome(sample, verdict, spent)
