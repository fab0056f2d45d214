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
from bot.deals.read import read
from bot.deals.signals import look
from tests.training.dataset import Sample, posts, releases

WEIGHTS = Path(__file__).parents[2] / "bot/deals/data/weights.json"
STRENGTH = 0.5  # of L2: C of scikit-learn
LEAST_PRECISION = 0.92


def features(sample: Sample) -> frozenset[str]:
    """The names of the features that hold for a sample."""
    reading = read(sample.entry, sample.feed)
    return frozenset(feature.name for feature in measure(reading, look(reading)))


def matrix(rows: list[frozenset[str]], names: list[str]) -> np.ndarray:
    """One row per sample, one column per feature, 0 or 1."""
    return np.array([[name in row for name in names] for row in rows], dtype=float)


def fitted(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    """The model that we use; `weight` tells how much each sample counts."""
    return LogisticRegression(C=STRENGTH, max_iter=2_000).fit(x, y, sample_weight=weight)


def main(data: Path) -> None:
    samples = [each for each in posts(data) if not each.held_out] + list(releases(data))
    rows = [features(sample) for sample in samples]
    names = sorted(set().union(*rows))
    names = [name for name in names if sum(name in row for row in rows) >= 3]
    x, y = matrix(rows, names), np.array([sample.label for sample in samples])
    post = np.array(
        [bool(sample.parties) or (sample.feed.url != "" and len(sample.entry.id) != 12) for sample in samples]
    )
    weight = np.array(
        [(2.0 if is_post else 1.0) * (0.5 if s.unsure else 1.0) for s, is_post in zip(samples, post, strict=True)]
    )
    probability = np.zeros(len(y))
    groups = [sample.group for sample in samples]
    for train, test in GroupKFold(8).split(x, y, groups):
        probability[test] = fitted(x[train], y[train], weight[train]).predict_proba(x[test])[:, 1]
    threshold = _threshold(y[post], probability[post])
    for name, part in (("posts", post), ("releases", ~post)):
        print(name, _quality(y[part], probability[part] >= threshold))
    model = fitted(x, y, weight)
    learnt = {
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": threshold,
        "features": {name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)},
    }
    WEIGHTS.write_text(json.dumps(learnt, indent=1) + "\n", encoding="utf-8")


def _threshold(y: np.ndarray, probability: np.ndarray) -> float:
    """The threshold with the best F1 among those that are precise enough."""
    best = (0.0, 0.5)
    for threshold in np.arange(0.3, 0.8, 0.02):
        precision, _, f1 = _quality(y, probability >= threshold)
        if precision >= LEAST_PRECISION:
            best = max(best, (f1, round(float(threshold), 2)))
    return best[1]


def _quality(y: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = float((y & said).sum())
    precision, recall = right / max(said.sum(), 1), right / max(y.sum(), 1)
    return round(precision, 3), round(recall, 3), round(2 * precision * recall / max(precision + recall, 1e-9), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
