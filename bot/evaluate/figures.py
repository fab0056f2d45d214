"""The figures of one group of outcomes, and of the baselines on the same posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median, quantiles

from bot.deals.model import Announcement
from bot.evaluate import baselines, wordings
from bot.evaluate.counts import Count, at_rate, bcubed, detection, total
from bot.evaluate.judge import Outcome, merged
from bot.evaluate.samples import FACTS, Label
from bot.evaluate.support import unsupported

Figures = Mapping[str, float | None]
"""Name of a figure → its value; None where there was nothing to measure."""

RATES = (0.04, 0.09)
"""The shares of deals among releases between which nature lies."""

NO_SHARES = {"posts", "deals", "unsupported", "ms median", "ms p95"}
"""The figures that are numbers of things or milliseconds, not shares of one."""


def figures(outcomes: Sequence[Outcome], learnt: Sequence[bool] | None) -> Figures:
    """All figures, ours first. Parties, kind, status, facts and summaries are measured on the deals rightly found.

    `learnt` is what the learnt baseline says of each outcome's post.
    """
    return {**_detected(outcomes), **_told(outcomes), **_others(outcomes), **_beside(outcomes, learnt)}


def _detected(outcomes: Sequence[Outcome]) -> Figures:
    wanted = [each.sample.label.deal for each in outcomes]
    count = detection([each.told is not None for each in outcomes], wanted)
    negatives = len(outcomes) - count.wanted
    false_alarms = (count.said - count.right) / negatives if negatives else None
    return {
        "posts": len(outcomes),
        "deals": count.wanted,
        "detection P": count.precision,
        "detection R": count.recall,
        "detection F1": count.f1,
        "false alarms": false_alarms,
        **{f"P at {rate:.0%} deals": at_rate(count.recall, false_alarms, rate) for rate in RATES},
    }


def _told(outcomes: Sequence[Outcome]) -> Figures:
    pairs = [(each.found, each.sample.label) for each in outcomes if each.found]
    named = [wordings.parties(told, label) for told, label in pairs if label.parties]
    stated = [(told, label) for told, label in pairs if label.facts is not None]
    return {
        "parties F1": total(named).f1,
        "parties exact": _share(each.right == each.said == each.wanted for each in named),
        "kind": _share(told.kind is label.kind for told, label in pairs if label.kind),
        "status": _share(told.status in label.statuses for told, label in pairs if label.statuses),
        **{f"{name} F1": total(_fact(told, label, name) for told, label in stated).f1 for name in FACTS},
        "key facts": _covered(pairs, lambda told: " ".join(each.text for each in told.summary)),
        "key facts, card": _covered(pairs, _card),
        "unsupported": sum(len(unsupported(each.told, each.sample.feed.owner)) for each in outcomes if each.told),
    }


def _others(outcomes: Sequence[Outcome]) -> Figures:
    spoken = [each for each in outcomes if each.sample.label.mentions is not None]
    spent = [each.milliseconds for each in outcomes]
    return {
        "mentions F1": total(wordings.mentions(e.verdict.mentions, e.sample.label.mentions or ()) for e in spoken).f1,
        "merging BCubed F1": bcubed(merged(outcomes), _groups(outcomes)),
        "ms median": median(spent) if spent else None,
        "ms p95": quantiles(spent, n=20)[-1] if len(spent) > 1 else None,
    }


def _beside(outcomes: Sequence[Outcome], learnt: Sequence[bool] | None) -> Figures:
    samples = [each.sample for each in outcomes]
    wanted = [each.label.deal for each in samples]
    told = [each for each in samples if each.label.key_facts]
    openings = [[wordings.is_covered(fact, baselines.opening(each)) for fact in each.label.key_facts] for each in told]
    return {
        "title keywords: F1": detection(baselines.keywords(samples), wanted).f1,
        "TF-IDF and LR: F1": detection(learnt, wanted).f1 if learnt is not None else None,
        "two sentences: key facts": _share(said for each in openings for said in each),
        "title cosine: BCubed F1": bcubed(baselines.merged_by_title(samples), _groups(outcomes)),
    }


def _groups(outcomes: Iterable[Outcome]) -> dict[str, str]:
    return {each.sample.entry.id: each.sample.group for each in outcomes if each.sample.label.deal}


def _fact(told: Announcement, label: Label, name: str) -> Count:
    """Of several values of one name the first counts: it is the one that a card shows first."""
    wanted = (label.facts or {}).get(name)
    value = next((fact.value for fact in told.facts if fact.name.value == name), None)
    right = bool(wanted and value and wordings.is_same_fact(value, wanted))
    return Count(int(right), int(value is not None), int(bool(wanted)))


def _card(told: Announcement) -> str:
    """All that a reader sees of a deal."""
    return "\n".join([told.headline, *(each.text for each in told.summary), *(fact.value for fact in told.facts)])


def _covered(pairs: Iterable[tuple[Announcement, Label]], shown: Callable[[Announcement], str]) -> float | None:
    return _share(wordings.is_covered(fact, shown(told)) for told, label in pairs for fact in label.key_facts)


def _share(rights: Iterable[bool]) -> float | None:
    kept = list(rights)
    return sum(kept) / len(kept) if kept else None
