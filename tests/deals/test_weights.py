from __future__ import annotations

import random

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.deals.recognise import score_of, weights


def test_scores_in_plain_python_are_those_of_the_model_that_was_learnt() -> None:
    names = sorted(weights().features)
    model = LogisticRegression()
    model.classes_ = np.array([False, True])
    model.coef_ = np.array([[weights().features[name] for name in names]])
    model.intercept_ = np.array([weights().bias])
    drawn = random.Random(7)
    rows = [[name for name in names if drawn.random() < 0.3] for _ in range(50)]
    matrix = np.array([[float(name in row) for name in names] for row in rows])
    assert [score_of(row) for row in rows] == pytest.approx(model.predict_proba(matrix)[:, 1].tolist())


def test_an_unknown_feature_weighs_nothing() -> None:
    assert score_of(["no such feature"]) == score_of([])


def test_there_are_few_features_and_the_threshold_is_a_probability() -> None:
    assert 20 <= len(weights().features) <= 48
    assert 0 < weights().threshold < 1
