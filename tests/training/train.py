"""Learn the weights of the recogniser: python -m tests.training.train DATA

Held-out posts are never read. Prints the cross-validated quality, then writes phrases.json and weights.json.

Two models, one on top of the other. The lower one weighs phrases; the upper one weighs the features, of which the
log-odds of the lower one, learnt on other samples, is one. Sentence patterns were written while looking at the samples
and seem surer here than they are on fresh text: so each sample counts once as it is, and once more with a part of its
patterns and cues lost, as a text nobody tuned on would have it.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack  # comes with scikit-learn
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.deals.cues import cues
from bot.deals.features import NO_PATTERN, WORDING, measure
from bot.deals.grammar import patterns
from bot.deals.parties import find_parties
from bot.deals.phrases import BOUND, phrases
from bot.deals.recognise import veto
from bot.deals.signals import Signals, look
from bot.deals.texts.read import read
from bot.deals.texts.reading import Reading
from tests.training.dataset import Sample, own_posts, posts, releases, unlabelled

DATA = Path(__file__).parents[2] / "bot/deals/data"
STRENGTH, WORDS_STRENGTH = 0.5, 0.1  # of L2: C of scikit-learn
LEAST_TIMES = 3  # a feature or phrase must hold in so many samples to be weighed
LEAST_WEIGHT = 0.008  # phrases below this together change nothing that shows
POST, UNSURE, UNLABELLED = 2.0, 0.5, 0.1  # what a post counts against a release, an arguable and a missing label
LOST_PATTERNS, LOST_CUES, COPIES = 0.3, 0.15, 4
LEAST_PRECISION = 0.965  # with patterns lost: a channel forgives a late deal before a wrong one
LEAST_ALONE = 0.95  # where no pattern holds; less is asked than where one does, for patterns flatter these samples
OUTER, INNER = 5, 3  # folds, of which no group is ever split
_TELLING = {"title_strong", "title_medium", "title_deal_word", "lead_strong"}


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured of a sample: its phrases, and its features and whether it is vetoed, first with all patterns."""

    sample: Sample
    phrases: frozenset[str]
    features: tuple[frozenset[str], ...]
    vetoed: tuple[bool, ...]


def measured(sample: Sample, drawn: random.Random, copies: int = COPIES) -> Row:
    """A sample as it is, and `copies` times with patterns lost."""
    reading = read(sample.entry, sample.feed)
    signals = look(reading)
    told = [_told(reading, each) for each in (signals, *(_thinned(signals, drawn) for _ in range(copies)))]
    return Row(sample, phrases(signals), *zip(*told, strict=True))


def _told(reading: Reading, signals: Signals) -> tuple[frozenset[str], bool]:
    names = frozenset(feature.name for feature in measure(reading, signals)) - {WORDING}
    return names, veto(signals, find_parties(reading, signals)) is not None


def _thinned(signals: Signals, drawn: random.Random) -> Signals:
    lost = {each.name for each in patterns() if drawn.random() < LOST_PATTERNS}
    mute = {name for name in cues() if drawn.random() < LOST_CUES}
    found = tuple(each for each in signals.found if each.pattern.name not in lost)
    return replace(signals, found=found, cues=tuple(each - mute for each in signals.cues))


class Table:
    """Rows as matrices: `words` of phrases, `parts` of features, one for each copy."""

    def __init__(self, rows: Sequence[Row], words: DictVectorizer, names: DictVectorizer, copies: int) -> None:
        self.words: csr_matrix = words.transform([dict.fromkeys(row.phrases, 1) for row in rows])
        self.parts: list[csr_matrix] = [
            names.transform([dict.fromkeys(row.features[copy], 1) for row in rows]) for copy in range(1 + copies)
        ]


def vocabulary(rows: Iterable[frozenset[str]]) -> DictVectorizer:
    """Of all that holds in some rows, what holds in enough of them."""
    counted = Counter(name for row in rows for name in row)
    return DictVectorizer().fit([dict.fromkeys((name for name, n in counted.items() if n >= LEAST_TIMES), 1)])


def fitted(x: csr_matrix, y: np.ndarray, weight: np.ndarray, strength: float) -> LogisticRegression:
    """The model that we use; `weight` tells how much each sample counts."""
    return LogisticRegression(C=strength, max_iter=3_000).fit(x, y, sample_weight=weight)


@dataclass(frozen=True, slots=True)
class Learner:
    """All samples, labelled and not, and what each counts."""

    table: Table
    plain: Table
    label: np.ndarray
    weight: np.ndarray
    groups: list[str]

    def lower(self, train: np.ndarray, plain: np.ndarray) -> LogisticRegression:
        """The model of phrases, of these labelled and these unlabelled samples."""
        x = vstack([self.table.words[train], self.plain.words[plain]])
        y = np.concatenate([self.label[train], np.zeros(len(plain), dtype=bool)])
        weight = np.concatenate([self.weight[train], np.full(len(plain), UNLABELLED)])
        return fitted(x, y, weight, WORDS_STRENGTH)

    def upper(self, train: np.ndarray, plain: np.ndarray) -> LogisticRegression:
        """The model of features; the odds of the words are those of lower models that did not see the sample."""
        odds, plain_odds = np.zeros(len(train)), np.zeros(len(plain))
        fold_of_plain = np.arange(len(plain)) % INNER
        groups = [self.groups[each] for each in train]
        for fold, (inside, outside) in enumerate(GroupKFold(INNER).split(train, groups=groups)):
            model = self.lower(train[inside], plain[fold_of_plain != fold])
            odds[outside] = model.decision_function(self.table.words[train[outside]])
            plain_odds[fold_of_plain == fold] = model.decision_function(self.plain.words[plain[fold_of_plain == fold]])
        copies = len(self.table.parts) - 1
        x = [_with(part[train], odds) for part in self.table.parts] + [_with(self.plain.parts[0][plain], plain_odds)]
        y = [self.label[train]] * (1 + copies) + [np.zeros(len(plain), dtype=bool)]
        weight = [self.weight[train] / 2] + [self.weight[train] / (2 * copies)] * copies
        return fitted(
            vstack(x), np.concatenate(y), np.concatenate([*weight, np.full(len(plain), UNLABELLED)]), STRENGTH
        )

    def crossed(self) -> np.ndarray:
        """For each copy the probability of each labelled sample by models that did not see its group."""
        probability = np.zeros((len(self.table.parts), len(self.label)))
        plain = np.arange(self.plain.words.shape[0])
        for train, test in GroupKFold(OUTER).split(self.label, groups=self.groups):
            odds = self.lower(train, plain).decision_function(self.table.words[test])
            upper = self.upper(train, plain)
            for copy, part in enumerate(self.table.parts):
                probability[copy, test] = upper.predict_proba(_with(part[test], odds))[:, 1]
        return probability


def _with(part: csr_matrix, odds: np.ndarray) -> csr_matrix:
    return hstack([part, csr_matrix(np.clip(odds, -BOUND, BOUND)[:, None])]).tocsr()


def main(data: Path) -> None:
    drawn = random.Random(5)
    told = [*(each for each in posts(data) if not each.held_out), *own_posts()]
    samples = [*told, *releases(data)]
    rows = [measured(sample, drawn) for sample in samples]
    plain = [measured(sample, drawn, copies=0) for sample in unlabelled(data)]
    plain = [row for row in plain if not row.features[0] & _TELLING]
    words, names = vocabulary(row.phrases for row in rows), vocabulary(row.features[0] for row in rows)
    post = np.arange(len(samples)) < len(told)
    learner = Learner(
        table=Table(rows, words, names, COPIES),
        plain=Table(plain, words, names, 0),
        label=np.array([sample.label for sample in samples]),
        weight=np.where(post, POST, 1.0) * np.array([UNSURE if sample.unsure else 1.0 for sample in samples]),
        groups=[sample.group for sample in samples],
    )
    probability = learner.crossed()
    for copy in range(1 + COPIES):
        probability[copy, np.array([row.vetoed[copy] for row in rows])] = 0
    joined = np.array([[NO_PATTERN not in row.features[copy] for row in rows] for copy in range(1 + COPIES)])
    sure = np.array([not sample.unsure for sample in samples])  # what a person doubts tells little of precision
    surely = [joined[1:] & sure & post, joined[1:] & sure & ~post]
    threshold = _threshold(learner.label, probability[1:], surely, LEAST_PRECISION)
    alone = max(
        threshold, _threshold(learner.label, probability, [~joined & sure], LEAST_ALONE)
    )  # a pattern never harms
    bar = np.where(joined, threshold, alone)
    print(f"threshold {threshold}, without a pattern {alone}")
    registers = np.array([each.feed.register for each in samples])
    parts = {"posts": post, "releases": ~post} | {
        f"posts, {register}": post & (registers == register) for register in sorted(set(registers[post]))
    }
    parts = {name: np.tile(part, (1 + COPIES, 1)) for name, part in parts.items()}
    _print(parts | {"without a pattern": ~joined}, learner.label, probability >= bar)
    _write(learner, (words, names), (threshold, alone), len(plain))


def _print(parts: dict[str, np.ndarray], label: np.ndarray, said: np.ndarray) -> None:
    """The quality on each part, with all patterns and with some lost."""
    for name, part in parts.items():
        for told, copies in (("all patterns", slice(0, 1)), ("some lost", slice(1, None))):
            here = part[copies]
            print(f"{name}, {told}: {_quality(np.tile(label, (len(here), 1))[here], said[copies][here])}")


def _write(
    learner: Learner, vocabularies: tuple[DictVectorizer, DictVectorizer], thresholds: tuple[float, float], plain: int
) -> None:
    words, names = vocabularies
    everything = np.arange(len(learner.label)), np.arange(plain)
    lower, upper = learner.lower(*everything), learner.upper(*everything)
    weighed = zip(words.feature_names_, lower.coef_[0], strict=True)
    phrases_learnt = {
        "bias": round(float(lower.intercept_[0]), 3),
        "phrases": {name: round(float(value), 3) for name, value in weighed if abs(value) >= LEAST_WEIGHT},
    }
    weights = {
        "bias": round(float(upper.intercept_[0]), 3),
        "threshold": thresholds[0],
        "threshold_without_pattern": thresholds[1],
        "features": {
            name: round(float(value), 3)
            for name, value in zip([*names.feature_names_, WORDING], upper.coef_[0], strict=True)
        },
    }
    for file, learnt in (("phrases.json", phrases_learnt), ("weights.json", weights)):
        (DATA / file).write_text(json.dumps(learnt, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _threshold(label: np.ndarray, probability: np.ndarray, parts: Sequence[np.ndarray], least: float) -> float:
    """The lowest threshold that is precise enough in every part of the samples."""
    labels = np.tile(label, (len(probability), 1))
    for threshold in np.arange(0.4, 0.9, 0.01):
        told = [_quality(labels[part], probability[part] >= threshold) for part in parts]
        if all(precision >= least for precision, _, _ in told):
            return round(float(threshold), 2)
    return 0.9


def _quality(y: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = float((y & said).sum())
    precision, recall = right / max(said.sum(), 1), right / max(y.sum(), 1)
    return round(precision, 3), round(recall, 3), round(2 * precision * recall / max(precision + recall, 1e-9), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
