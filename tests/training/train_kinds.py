"""Learn how much each word for an act speaks for each kind: python -m tests.training.train_kinds FOLDER

FOLDER holds `partnerships-dev.jsonl` and `press-releases.jsonl.gz`; only deals that may be tuned on are read. The model
is a multinomial logistic regression whose weights are pulled towards what the guide says of them, not towards nothing:
a kind with few examples keeps the guide's rule. Prints the cross-validated share of kinds that are right, then writes
bot/deals/data/kind_weights.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from bot.deals.facts.kinds import BY_TABLE, kind_cues, kind_features
from bot.deals.model import Kind
from tests.training.facts import with_kinds

WEIGHTS = Path(__file__).parents[2] / "bot/deals/data/kind_weights.json"
PULL = 2.0  # towards the guide
LEAST = 0.1  # a smaller weight is nothing
# What the guide says: the title's act, else the first paragraph's; other lines hardly count. A lean word counts less.
PLACES = {"title": 3.0, "alone": 2.5, "lead": 0.8, "rest": 0.4}
LEANING = 0.4
ALWAYS = {Kind.STRATEGIC_PARTNERSHIP: 1.0}
PARTIES = {
    "many": {Kind.CONSORTIUM_MEMBERSHIP: 1.5},
    "three": {Kind.CONSORTIUM_MEMBERSHIP: 0.5},
    "buyer_and_seller": {Kind.CUSTOMER_SELECTION: 1.0},
}


def guided() -> dict[str, dict[Kind, float]]:
    """The weights before anything is learnt, of every feature that can be."""
    start: dict[str, dict[Kind, float]] = {"always": ALWAYS, **PARTIES}
    for cue in kind_cues():
        for place, weight in PLACES.items():
            start[f"{cue.name}@{place}"] = {cue.kind: weight * (1.0 if cue.act else LEANING)}
    return start


def matrix(rows: Sequence[Sequence[str]], names: Sequence[str]) -> np.ndarray:
    """One row per deal, one column per feature, 0 or 1."""
    return np.array([[name in row for name in names] for row in rows], dtype=float)


def fitted(x: np.ndarray, y: np.ndarray, start: np.ndarray, pull: float = PULL) -> np.ndarray:
    """The weights, features by kinds, that explain `y` best without going far from `start`."""
    wanted = np.eye(start.shape[1])[y]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(start.shape)
        scores = x @ weights
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        away = weights - start
        cost = -np.log(chances[np.arange(len(y)), y] + 1e-12).sum() + pull * (away**2).sum() / 2
        return float(cost), (x.T @ (chances - wanted) + pull * away).ravel()

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x).reshape(start.shape)


def main(folder: Path) -> None:
    told = list(with_kinds(folder))
    start = guided()
    names = list(start)
    x = matrix([kind_features(each.reading, each.lines, each.parties) for each in told], names)
    y = np.array([BY_TABLE.index(each.kind) for each in told])
    first = np.array([[start[name].get(kind, 0.0) for kind in BY_TABLE] for name in names])
    print(f"{len(told)} deals; by the guide alone {_right(x @ first, y):.3f}")
    groups = [each.sample.group for each in told]
    for pull in (0.5, 1.0, PULL, 4.0):
        print(f"pull {pull}: cross-validated {_right(_crossed(x, y, first, groups, pull), y):.3f}")
    weights = fitted(x, y, first)
    WEIGHTS.write_text(json.dumps(_kept(names, weights), indent=1) + "\n", encoding="utf-8")


def _crossed(x: np.ndarray, y: np.ndarray, start: np.ndarray, groups: Sequence[str], pull: float) -> np.ndarray:
    scores = np.zeros((len(y), start.shape[1]))
    for train, test in GroupKFold(8).split(x, y, groups):
        scores[test] = x[test] @ fitted(x[train], y[train], start, pull)
    return scores


def _right(scores: np.ndarray, y: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == y).mean())


def _kept(names: Sequence[str], weights: np.ndarray) -> dict[str, dict[str, float]]:
    return {
        name: {
            kind.value: round(float(value), 2) for kind, value in zip(BY_TABLE, row, strict=True) if abs(value) > LEAST
        }
        for name, row in zip(names, weights, strict=True)
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
