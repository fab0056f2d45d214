"""Measure the facts alone, whether or not a deal was recognised: python -m tests.training.facts FOLDER [--errors]

FOLDER holds `partnerships-dev.jsonl` and `press-releases.jsonl.gz`. Only what may be tuned on is read: the project's
tuning files, and the part of the shared posts that is not held out. Every labelled deal is read as if it had been
recognised.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.deals.facts.find import find_facts
from bot.deals.facts.kinds import find_kind, find_status
from bot.deals.model import Fact, Kind, Party, Status
from bot.deals.pairing import is_party
from bot.deals.parties import find_parties
from bot.deals.signals import Signals, look
from bot.deals.texts.read import read
from bot.deals.texts.reading import Reading
from bot.evaluate.counts import Count, total
from bot.evaluate.part import Part
from bot.evaluate.samples import FACTS, Sample, load
from bot.evaluate.wordings import is_same_fact

OWN = Path(__file__).parents[1] / "data"
KINDS = Path(__file__).with_name("kinds.jsonl")
POSTS_FOR_KINDS = OWN / "posts.kinds.jsonl"
_OPENING = (0, 1)  # taken for the lines of a deal that no pattern found


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled deal as the finders get it, and its kind by a person's word."""

    sample: Sample
    reading: Reading
    lines: list[int]
    parties: tuple[Party, ...]
    said: tuple[str, ...]
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Forced:
    """A labelled deal and what its text states, taken for granted that it is one."""

    sample: Sample
    kind: Kind
    status: Status
    facts: tuple[Fact, ...]

    def said(self, name: str) -> str | None:
        """The value that a card would show first."""
        return next((fact.value for fact in self.facts if fact.name.value == name), None)

    def wanted(self, name: str) -> str | None:
        return (self.sample.label.facts or {}).get(name)

    def is_right(self, name: str) -> bool:
        said, wanted = self.said(name), self.wanted(name)
        return is_same_fact(said, wanted) if said and wanted else said == wanted

    def count(self, name: str) -> Count:
        said, wanted = self.said(name), self.wanted(name)
        return Count(int(bool(said) and self.is_right(name)), int(bool(said)), int(bool(wanted)))


def forced(sample: Sample) -> Forced:
    """The facts of one sample, recognised or not."""
    each = told(sample)
    kind, status = find_kind(each.reading, each.lines, each.parties, each.said), find_status(each.reading, each.lines)
    return Forced(sample, kind, status, find_facts(each.reading, each.lines, each.parties))


def told(sample: Sample, kind: Kind | None = None) -> Told:
    """One sample, read; taken for a deal whatever the recogniser says."""
    reading = read(sample.entry, sample.feed)
    signals = look(reading)
    parties = find_parties(reading, signals)
    lines = deal_lines(signals, parties) or [line for line in _OPENING if line < len(reading.lines)]
    return Told(sample, reading, lines, parties, signals.masked, kind or sample.label.kind)


def with_kinds(folder: Path) -> Iterator[Told]:
    """Every deal whose kind is labelled, with the deal itself or here; those labelled for their kind come last."""
    kinds = {row["id"]: Kind(row["kind"]) for row in map(json.loads, KINDS.read_text(encoding="utf-8").splitlines())}
    for sample in (*tunable(folder), *load([POSTS_FOR_KINDS])):
        kind = sample.label.kind or kinds.get(sample.entry.id.rpartition(":")[2])
        if kind:
            yield told(sample, kind)


def deal_lines(signals: Signals, parties: Sequence[Party]) -> list[int]:
    """The lines that tell of the deal, as the recogniser takes them."""
    return sorted(
        {
            each.line
            for each in signals.found
            if not signals.doubtful[each.line]
            and (each.pattern.owner or any(is_party(name, parties) for name in each.names))
        }
    )


def tunable(folder: Path) -> Iterator[Sample]:
    """Every labelled deal that may be tuned on."""
    own = [OWN / "posts.tuning.jsonl", OWN / "releases.tuning.jsonl"]
    shared = load([folder / "partnerships-dev.jsonl"], part=Part.TUNED)
    for sample in (*load(own, folder / "press-releases.jsonl.gz"), *shared):
        if sample.label.deal:
            yield sample


def report(found: Sequence[Forced]) -> Iterator[str]:
    """One line a figure."""
    kinds = [each.kind is each.sample.label.kind for each in found if each.sample.label.kind]
    statuses = [each.status in each.sample.label.statuses for each in found if each.sample.label.statuses]
    yield f"{len(found)} deals, kind {share(kinds)}, status {share(statuses)}"
    for name in FACTS:
        count = total(each.count(name) for each in found if each.sample.label.facts is not None)
        f1, precision, recall = (value or 0.0 for value in (count.f1, count.precision, count.recall))
        yield f"{name}: F1 {f1:.3f} P {precision:.3f} R {recall:.3f} ({count.right}/{count.said}/{count.wanted})"


def share(rights: Iterable[bool]) -> str:
    counted = Counter(rights)
    return f"{counted[True] / max(counted.total(), 1):.3f} ({counted[True]}/{counted.total()})"


def mistakes(found: Sequence[Forced]) -> Iterator[str]:
    for each in found:
        label = each.sample.label
        wrong = [f"{name}: {each.said(name)} for {each.wanted(name)}" for name in FACTS if not each.is_right(name)]
        if label.facts is None:
            wrong = []
        if label.kind and each.kind is not label.kind:
            wrong.append(f"kind: {each.kind} for {label.kind}")
        if label.statuses and each.status not in label.statuses:
            wrong.append(f"status: {each.status} for {'/'.join(label.statuses)}")
        if wrong:
            yield f"{each.sample.entry.id} | {each.sample.entry.title} | {' | '.join(wrong)}"


def main(folder: Path, *, errors: bool) -> None:
    found = [forced(sample) for sample in tunable(folder)]
    print(*report(found), sep="\n")
    if errors:
        print(*mistakes(found), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), errors="--errors" in sys.argv)
