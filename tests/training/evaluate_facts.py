"""Measure facts and merging: python -m tests.training.evaluate_facts DATA [--held-out]

Without the flag: the posts that may be tuned on. `--held-out` measures on those that may not; look at the numbers only.
Facts are measured on the posts that announce a deal, with the parties as labelled; merging on the same posts, once with
the parties as labelled and once as the recogniser finds them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from bot.deals.facts import find_facts
from bot.deals.headline import headline
from bot.deals.kinds import find_kind, find_status
from bot.deals.model import Announcement, Evidence, FactName, Judged, Party, Role
from bot.deals.organisations import lookup
from bot.deals.places import place_key
from bot.deals.read import read
from bot.deals.recognise import recognise
from bot.deals.signals import look
from bot.deals.triage import triage
from bot.feeds.model import Entry
from tests.training.dataset import Sample, posts

MEASURED = (FactName.TERM, FactName.VALUE, FactName.REGION)


@dataclass(frozen=True, slots=True)
class Told:
    """A post that announces a deal, the row that labels it, and what we make of it given its parties."""

    sample: Sample
    row: Mapping[str, Any]
    announcement: Announcement


def main(data: Path, flags: Sequence[str]) -> None:
    """Print one line of numbers for each fact, and one for each way to merge."""
    rows = {row["id"]: row for row in map(json.loads, (data / "partnerships-dev.jsonl").open(encoding="utf-8"))}
    wanted = [each for each in posts(data) if each.parties and each.held_out == ("--held-out" in flags)]
    told = [_told(each, rows[each.entry.id]) for each in wanted]
    print(f"{len(told)} posts that announce a deal, {len({each.sample.group for each in told})} deals")
    for name in MEASURED:
        print(f"{name:7} as labelled: {_numbers(told, name, _exact)} | in part: {_numbers(told, name, _in_part)}")
    print(f"merging, parties as labelled: {_merging(told, [each.announcement for each in told])}")
    verdicts = [recognise(_dated(each.sample.entry, each.row), each.sample.feed) for each in told]
    print(f"merging, as recognised:       {_merging(told, [v for v in verdicts if isinstance(v, Announcement)])}")


def _told(sample: Sample, row: Mapping[str, Any]) -> Told:
    entry = _dated(sample.entry, row)
    reading = read(entry, sample.feed)
    signals = look(reading)
    lines = sorted({each.line for each in signals.found if not signals.doubtful[each.line]}) or [0, 1]
    lines = [line for line in lines if line < len(reading.lines)]
    parties = tuple(_party(entry, names, row["parties"]) for names in sample.parties)
    kind, status = find_kind(reading, lines, parties), find_status(reading, lines)
    facts = find_facts(reading, lines, parties)
    announcement = Announcement(
        entry=entry.id,
        text=entry.text,
        title=entry.title,
        url=None,
        publisher=sample.feed.title,
        register=sample.feed.register,
        published=entry.published,
        headline=headline(parties, kind, status, facts),
        parties=parties,
        kind=kind,
        status=status,
        score=1.0,
        reasons=(),
        facts=facts,
    )
    return Told(sample, row, announcement)


def _party(entry: Entry, names: frozenset[str], labelled: Sequence[str]) -> Party:
    """The labelled party under the first of its names that the text prints."""
    label = next(name for name in labelled if name in names)
    printed = min((name for name in names if name in entry.text), key=entry.text.index, default=label)
    start = max(entry.text.find(printed), 0)
    known = lookup(printed)
    found = Evidence(entry.id, start, start + len(printed))
    return Party(printed, Role.PARTNER, found, known.id if known else None, known.sector if known else None)


def _dated(entry: Entry, row: Mapping[str, Any]) -> Entry:
    """The entry with its date; a month counts as its first day, and what is no date as none."""
    words = row.get("published") or ""
    if match := re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", words):
        return replace(entry, published=datetime(int(match[1]), int(match[2]), int(match[3] or 1), tzinfo=UTC))
    if re.match(r"[A-Z][a-z]{2}, ", words):
        return replace(entry, published=parsedate_to_datetime(words).astimezone(UTC))
    return entry


Same = Callable[[str, str], bool]


def _numbers(told: Sequence[Told], name: FactName, same: Same) -> str:
    """Precision, recall and F1 of one fact; of several values the first counts."""
    right = printed = wanted = 0
    for each in told:
        label = each.row.get(name)
        value = next((fact.value for fact in each.announcement.facts if fact.name is name), None)
        wanted, printed = wanted + bool(label), printed + bool(value)
        right += bool(label and value and same(value, label))
    f1 = 2 * right / (printed + wanted) if printed + wanted else 0.0
    return f"P {right}/{printed} R {right}/{wanted} F1 {f1:.3f}"


def _exact(value: str, label: str) -> bool:
    return _normal(value) == _normal(label)


def _in_part(value: str, label: str) -> bool:
    """Whether they begin alike: "Rochester" for "Rochester, Minnesota"; "about" and "up to" aside."""
    ours, labelled = _normal(value).split(", ")[0], _normal(label).split(", ")[0]
    return ours.split(" upfront")[0] == labelled.split(" upfront")[0]


def _normal(value: str) -> str:
    plain = value.casefold().replace("multiyear", "multi-year")
    plain = re.sub(r"^(?:up to|about|more than|at least|over) ", "", plain)
    return place_key(" ".join(word.capitalize() if len(word) > 3 else word.upper() for word in plain.split()))


def _merging(told: Sequence[Told], announcements: Sequence[Announcement]) -> str:
    """BCubed precision, recall and F1 over the posts; one that was not recognised stands alone."""
    judged = [Judged(Entry(each.entry, (each.entry,), each.title, ""), each) for each in announcements]
    found = {each.sample.entry.id: frozenset((each.sample.entry.id,)) for each in told}
    for new in triage(judged, ()).new:
        ids = frozenset(each.entry for each in new.announcements)
        found |= dict.fromkeys(ids, ids)
    groups: dict[str, set[str]] = {}
    for each in told:
        groups.setdefault(each.sample.group, set()).add(each.sample.entry.id)
    precision = recall = 0.0
    for each in told:
        ours, theirs = found[each.sample.entry.id], groups[each.sample.group]
        precision += len(ours & theirs) / len(ours) / len(told)
        recall += len(ours & theirs) / len(theirs) / len(told)
    f1 = 2 * precision * recall / (precision + recall)
    return f"BCubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({len(announcements)} of {len(told)} recognised)"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
