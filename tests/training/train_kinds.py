"""Learn how much each word for an act speaks for each kind: python -m tests.training.train_kinds FOLDER

FOLDER holds `partnerships-dev.jsonl` and `press-releases.jsonl.gz`; only deals that may be tuned on are read. The model
is a multinomial logistic regression. The weights of cues are pulled towards what the guide says of them, so that a kind
with few examples keeps the guide's rule; those of groups of words towards the kind to which they lean, those of mere
words, of which there are many, towards nothing.
Prints the share of kinds that are right, cross-validated by company and across those who wrote the data, then writes
bot/deals/data/kind_weights.json.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold

from bot.deals.facts.kind_words import word_features, word_groups
from bot.deals.facts.kinds import BY_TABLE, kind_cues, kind_features
from bot.deals.model import Kind
from tests.training.facts import Told, with_kinds

WEIGHTS = Path(__file__).parents[2] / "bot/deals/data/kind_weights.json"
PULL, PULL_OF_WORDS = 4.0, 10.0
OFTEN = 4  # deals that a word must stand in
LEAST = 0.05  # where all of a feature's weights are smaller, it is left out
# What the guide says: the title's act, else the first paragraph's; other lines hardly count. A lean word counts less.
PLACES = {"title": 3.0, "alone": 3.0, "lead": 0.8, "rest": 0.4}
LEANING = 0.4
GROUP = 0.8
ALWAYS = {Kind.STRATEGIC_PARTNERSHIP: 1.0}
PARTIES = {
    "many": {Kind.CONSORTIUM_MEMBERSHIP: 1.5},
    "three": {Kind.CONSORTIUM_MEMBERSHIP: 0.5},
    "buyer_and_seller": {Kind.CUSTOMER_SELECTION: 1.0},
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Deals as numbers: `x` deals by features, `y` their kinds' places in BY_TABLE, `start` and `pull` by feature."""

    names: tuple[str, ...]
    x: csr_matrix
    y: np.ndarray
    start: np.ndarray
    pull: np.ndarray

    def fitted(self, some: np.ndarray) -> np.ndarray:
        """The weights, features by kinds, that explain these deals best without going far from the start."""
        x, y, wanted = self.x[some], self.y[some], np.eye(len(BY_TABLE))[self.y[some]]

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(self.start.shape)
            scores = x @ weights
            scores -= scores.max(axis=1, keepdims=True)
            chances = np.exp(scores)
            chances /= chances.sum(axis=1, keepdims=True)
            away = weights - self.start
            cost = -np.log(chances[np.arange(len(y)), y] + 1e-12).sum() + (self.pull * away**2).sum() / 2
            return float(cost), (x.T @ (chances - wanted) + self.pull * away).ravel()

        found = minimize(loss, self.start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 200})
        return np.asarray(found.x).reshape(self.start.shape)

    def right(self, train: np.ndarray, test: np.ndarray) -> np.ndarray:
        """Which of the deals `test` are told rightly by weights that are learnt of the deals `train`."""
        return np.asarray((self.x[test] @ self.fitted(train)).argmax(axis=1) == self.y[test])


def guided() -> dict[str, dict[Kind, float]]:
    """The weights before anything is learnt, of every cue and group of words; others start at nothing."""
    start: dict[str, dict[Kind, float]] = {"always": ALWAYS, **PARTIES}
    for cue in kind_cues():
        for place, weight in PLACES.items():
            start[f"{cue.name}@{place}"] = {cue.kind: weight * (1.0 if cue.act else LEANING)}
    for group in word_groups():
        for place in ("title", "any"):
            start[f"{place} #{group.name}"] = {group.kind: GROUP} if group.kind else {}
    return start


def rows_of(told: Sequence[Told]) -> Rows:
    """The deals and every feature that is a cue or stands in several of them."""
    said = [(*kind_features(each.reading, each.lines, each.parties), *word_features(each.said)) for each in told]
    counted = Counter(name for row in said for name in row)
    start = guided()
    names = (*start, *sorted(name for name, count in counted.items() if count >= OFTEN and name not in start))
    column = {name: number for number, name in enumerate(names)}
    at = [(row, column[name]) for row, features in enumerate(said) for name in features if name in column]
    return Rows(
        names,
        csr_matrix((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=(len(told), len(names))),
        np.array([BY_TABLE.index(each.kind) for each in told if each.kind]),
        np.array([[start.get(name, {}).get(kind, 0.0) for kind in BY_TABLE] for name in names]),
        np.array([[PULL if name in start and "#" not in name else PULL_OF_WORDS] for name in names]),
    )


def main(folder: Path) -> None:
    told = list(with_kinds(folder))
    rows = rows_of(told)
    everything = np.arange(len(told))
    print(f"{len(told)} deals; by the guide alone {((rows.x @ rows.start).argmax(axis=1) == rows.y).mean():.3f}")
    print(*crossed(rows, told), sep="\n")
    WEIGHTS.write_text(packaged(rows.names, rows.fitted(everything)), encoding="utf-8")


def crossed(rows: Rows, told: Sequence[Told]) -> Iterator[str]:
    """One line a way of keeping apart what is learnt of and what is told."""
    hands = np.array([hand(each) for each in told])
    right = np.zeros(len(told))
    for train, test in GroupKFold(5).split(rows.x, rows.y, companies(told)):
        right[test] = rows.right(train, test)
    yield f"cross-validated {right.mean():.3f}: " + ", ".join(
        f"{each} {right[hands == each].mean():.3f}" for each in np.unique(hands)
    )
    for each in np.unique(hands):
        test, train = np.flatnonzero(hands == each), np.flatnonzero(hands != each)
        yield f"{each}, learnt of all others: {rows.right(train, test).mean():.3f}"


def hand(told: Told) -> str:
    """The file that a deal is from."""
    return told.sample.entry.id.partition(":")[0]


def companies(told: Sequence[Told]) -> list[str]:
    """One group for tellings of one deal, and for all releases of one company."""
    return [
        min((party.name for party in each.parties), default=each.sample.group)
        if hand(each).startswith("releases")
        else each.sample.group
        for each in told
    ]


def packaged(names: Sequence[str], weights: np.ndarray) -> str:
    """The weights as JSON, a feature a line."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps([round(float(weight), 2) for weight in row])}"
        for name, row in zip(names, weights, strict=True)
        if name in guided() or np.abs(row).max() > LEAST
    ]
    kinds = json.dumps([kind.value for kind in BY_TABLE])
    return f'{{"kinds": {kinds},\n "features": {{\n' + ",\n".join(lines) + "\n }}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
