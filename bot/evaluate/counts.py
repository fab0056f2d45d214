"""Counting right and wrong: precision, recall, F1, and BCubed for groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """Of `said` things `right` are among the `wanted`. What has nothing to measure is None."""

    right: int = 0
    said: int = 0
    wanted: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.said + other.said, self.wanted + other.wanted)

    @property
    def precision(self) -> float | None:
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.said + self.wanted) if self.said + self.wanted else None


def total(counts: Iterable[Count]) -> Count:
    """All counts as one."""
    return sum(counts, Count())


def detection(said: Iterable[bool], wanted: Iterable[bool]) -> Count:
    """How often a yes was said, meant and right."""
    pairs = list(zip(said, wanted, strict=True))
    return Count(
        right=sum(one and other for one, other in pairs),
        said=sum(one for one, _ in pairs),
        wanted=sum(other for _, other in pairs),
    )


def at_rate(recall: float | None, false_alarms: float | None, rate: float) -> float | None:
    """The precision where a share of `rate` of all posts are deals, by Bayes' rule.

    `false_alarms` is the share of posts without a deal that are taken for one.
    """
    if recall is None or false_alarms is None:
        return None
    right, wrong = recall * rate, false_alarms * (1 - rate)
    return right / (right + wrong) if right + wrong else None


def bcubed(ours: Mapping[str, Hashable], theirs: Mapping[str, Hashable]) -> float | None:
    """BCubed F1 (Bagga and Baldwin, 1998) of two ways to group the same things, each given as thing → group."""
    if not theirs:
        return None
    precision = recall = 0.0
    for each in theirs:
        together = [other for other in theirs if ours[other] == ours[each]]
        belonging = [other for other in theirs if theirs[other] == theirs[each]]
        both = len(set(together) & set(belonging))
        precision += both / len(together)
        recall += both / len(belonging)
    return 2 * precision * recall / (precision + recall) / len(theirs)
