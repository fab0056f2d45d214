"""Learn the weights of the recogniser: python -m tests.training.train DATA

Held-out posts are never read. Prints the cross-validated quality, then writes bot/deals/data/weights.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.deals.features import measure
from bot.deals.parties import find_parties
from bot.deals.recognise import veto
from bot.deals.signals import look
from bot.deals.texts.read import read
from tests.training.dataset import Sample, own_posts, posts, releases

WEIGHTS = Path(__file__).parents[2] / "bot/deals/data/weights.json"
STRENGTH = 0.5  # of L2: C of scikit-learn
LEAST_TIMES = 3  # a feature must hold in so many samples to be weighed
POST, UNSURE = 2.0, 0.5  # what a post counts against a release, and an arguable label against a sure one
LEAST_PRECISION = (0.96, 0.93)  # of posts and of releases: a channel forgives a late deal before a wrong one


def features(sample: Sample) -> tuple[frozenset[str], bool]:
    """The names of the features that hold for a sample, and whether something ends the matter whatever its score."""
    reading = read(sample.entry, sample.feed)
    signals = look(reading)
    names = frozenset(feature.name for feature in measure(reading, signals))
    return names, veto(signals, find_parties(reading, signals)) is not None


def matrix(rows: list[frozenset[str]], names: list[str]) -> np.ndarray:
    """One row per sample, one column per feature, 0 or 1."""
    return np.array([[name in row for name in names] for row in rows], dtype=float)


def fitted(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    """The model that we use; `weight` tells how much each sample counts."""
    return LogisticRegression(C=STRENGTH, max_iter=2_000).fit(x, y, sample_weight=weight)


def main(data: Path) -> None:
    told = [*(each for each in posts(data) if not each.held_out), *own_posts()]
    samples = [*told, *releases(data)]
    rows, ended = map(list, zip(*(features(sample) for sample in samples), strict=True))
    names = [name for name in sorted(set().union(*rows)) if sum(name in row for row in rows) >= LEAST_TIMES]
    x, y = matrix(rows, names), np.array([sample.label for sample in samples])
    post = np.arange(len(samples)) < len(told)
    weight = np.where(post, POST, 1.0) * np.array([UNSURE if sample.unsure else 1.0 for sample in samples])
    probability = np.zeros(len(y))
    groups = [sample.group for sample in samples]
    for train, test in GroupKFold(8).split(x, y, groups):
        probability[test] = fitted(x[train], y[train], weight[train]).predict_proba(x[test])[:, 1]
    probability[np.array(ended)] = 0
    threshold = _threshold([(y[part], probability[part]) for part in (post, ~post)])
    for name, part in (("posts", post), ("releases", ~post)):
        print(name, _quality(y[part], probability[part] >= threshold))
    model = fitted(x, y, weight)
    learnt = {
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": threshold,
        "features": {name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)},
    }
    WEIGHTS.write_text(json.dumps(learnt, indent=1) + "\n", encoding="utf-8")


def _threshold(parts: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """The threshold with the best mean F1 among those that are precise enough on every part."""
    best = (0.0, 0.5)
    for threshold in np.arange(0.3, 0.8, 0.02):
        qualities = [_quality(y, probability >= threshold) for y, probability in parts]
        if all(quality[0] >= least for quality, least in zip(qualities, LEAST_PRECISION, strict=True)):
            best = max(best, (sum(f1 for _, _, f1 in qualities), round(float(threshold), 2)))
    return best[1]


def _quality(y: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = float((y & said).sum())
    precision, recall = right / max(said.sum(), 1), right / max(y.sum(), 1)
    return round(precision, 3), round(recall, 3), round(2 * precision * recall / max(precision + recall, 1e-9), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
