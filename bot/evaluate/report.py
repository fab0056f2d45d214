"""The figures as a table for people, and the mistakes with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.deals.model import Announcement
from bot.evaluate import wordings
from bot.evaluate.figures import NO_SHARES, Figures, figures
from bot.evaluate.judge import Outcome, merged
from bot.evaluate.learnt import tfidf
from bot.evaluate.samples import REGISTERS, TITLE_ONLY, Label
from bot.evaluate.support import unsupported

_REASONS = 3
_NOTES = """\
macro: the mean of press release, vendor blog and trade news. sure: all without what the labeller doubted.
Parties, kind, status, facts and key facts: on the deals rightly found; a part of a name counts as the name.
P at n% deals: recall and false alarms of this data, weighted as if n in 100 posts were deals. The negatives here are
harder than a day's news, so that it is a lower bound.
unsupported: sentences, parties and facts printed that the source does not say, word by word; 0 is the promise."""


def report(outcomes: Sequence[Outcome]) -> str:
    """A table with a row a figure and a column a register; "-" where there was nothing to measure."""
    learnt = tfidf([each.sample for each in outcomes])
    columns = _columns(outcomes, learnt)
    rows = [["", *(name.replace("_", " ") for name in columns)]]
    rows += [[name, *(_shown(name, column[name]) for column in columns.values())] for name in columns["all"]]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    skipped = (
        [] if learnt is not None else ["TF-IDF and LR: skipped: needs scikit-learn, and deals enough to learn from"]
    )
    return "\n".join([*lines, "", *skipped, _NOTES])


def mistakes(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each mistake: what is wrong, the title, and the reasons that the recogniser gave."""
    for each in outcomes:
        for fault in _faults(each):
            reasons = "; ".join(reason.text for reason in each.verdict.reasons[:_REASONS])
            doubt = " (unsure)" if each.sample.label.unsure else ""
            yield f"{fault}{doubt} | {each.sample.entry.id} | {each.sample.entry.title[:120]} | {reasons}"
    yield from _mixed([each for each in outcomes if each.sample.label.deal], merged(outcomes))


def _mixed(deals: Sequence[Outcome], ours: Mapping[str, str]) -> Iterator[str]:
    """Tellings that were found and yet kept apart, and those of different deals that became one."""
    found = [each.sample for each in deals if each.told]
    for index, one in enumerate(found):
        for other in found[:index]:
            same = ours[one.entry.id] == ours[other.entry.id]
            if same is not (one.group == other.group):
                what = "one deal of two" if same else "two deals of one"
                yield f"merging {what} | {one.entry.id} and {other.entry.id} | {one.entry.title} / {other.entry.title}"


def _columns(outcomes: Sequence[Outcome], learnt: Sequence[bool] | None) -> dict[str, Figures]:
    columns: dict[str, Figures] = {}
    for register in REGISTERS:
        chosen = [each.sample.register == register for each in outcomes]
        if any(chosen):
            columns[register] = _figures(outcomes, learnt, chosen)
    columns["macro"] = _macro([column for name, column in columns.items() if name != TITLE_ONLY])
    columns["all"] = _figures(outcomes, learnt, [True] * len(outcomes))
    columns["sure"] = _figures(outcomes, learnt, [not each.sample.label.unsure for each in outcomes])
    return columns


def _figures(outcomes: Sequence[Outcome], learnt: Sequence[bool] | None, chosen: Sequence[bool]) -> Figures:
    said = None if learnt is None else [word for word, kept in zip(learnt, chosen, strict=True) if kept]
    return figures([each for each, kept in zip(outcomes, chosen, strict=True) if kept], said)


def _macro(columns: Sequence[Figures]) -> dict[str, float | None]:
    """The mean over the registers that have the figure; numbers of things have none."""
    names = columns[0] if columns else {}
    return {name: None if name in NO_SHARES else _mean([column[name] for column in columns]) for name in names}


def _mean(values: Sequence[float | None]) -> float | None:
    kept = [value for value in values if value is not None]
    return sum(kept) / len(kept) if kept else None


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if name.startswith("ms ") else f"{value:.0f}" if name in NO_SHARES else f"{value:.3f}"


def _faults(outcome: Outcome) -> Iterator[str]:
    told, label = outcome.told, outcome.sample.label
    if told and not label.deal:
        yield f"no deal but {label.family or 'other'}"
    if not told and label.deal:
        yield f"missed {label.family or 'deal'}"
    for printed in unsupported(told, outcome.sample.feed.owner) if told else ():
        yield f"unsupported {printed}"
    if told and label.deal:
        yield from _details(told, label)


def _details(told: Announcement, label: Label) -> Iterator[str]:
    count = wordings.parties(told, label)
    if label.parties and not count.right == count.said == count.wanted:
        printed = ", ".join(party.name for party in told.parties)
        yield f"parties {printed} for {', '.join(min(names, key=len) for names in label.parties)}"
    if label.kind and told.kind is not label.kind:
        yield f"kind {told.kind} for {label.kind}"
    if label.statuses and told.status not in label.statuses:
        yield f"status {told.status} for {' or '.join(sorted(label.statuses))}"
    told_apart = label.mentions is not None and wordings.mentions(told.mentions, label.mentions)
    if told_apart and not told_apart.right == told_apart.said == told_apart.wanted:
        printed = "; ".join(" and ".join(mention.parties) for mention in told.mentions) or "none"
        yield f"mentions {printed} for {'; '.join(' and '.join(deal) for deal in label.mentions or ()) or 'none'}"
    for name, wanted in (label.facts or {}).items():
        value = next((fact.value for fact in told.facts if fact.name.value == name), None)
        if (value or wanted) and not (value and wanted and wordings.is_same_fact(value, wanted)):
            yield f"{name} {value or 'not stated'} for {wanted or 'not stated'}"
