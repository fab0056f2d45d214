from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.deals.phrases import BOUND, learnt, most_telling, odds, phrases, weighed
from bot.deals.recognise import score_of, weights
from bot.deals.signals import look
from bot.deals.texts.read import read
from tests.deals.reading_cases import entry, feed

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


def model_of(bias: float, told: dict[str, float]) -> tuple[LogisticRegression, list[str]]:
    from sklearn.linear_model import LogisticRegression  # a second of loading, for every worker that collects this file

    names = sorted(told)
    model = LogisticRegression()
    model.classes_ = np.array([False, True])
    model.coef_ = np.array([[told[name] for name in names]])
    model.intercept_ = np.array([bias])
    return model, names


def test_scores_in_plain_python_are_those_of_the_model_that_was_learnt() -> None:
    model, names = model_of(weights().bias, dict(weights().features))
    drawn = random.Random(7)
    rows = [{name: drawn.uniform(-2, 2) for name in names if drawn.random() < 0.3} for _ in range(50)]
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    assert [score_of(row) for row in rows] == pytest.approx(model.predict_proba(matrix)[:, 1].tolist())


def test_the_odds_of_phrases_are_those_of_the_model_that_was_learnt() -> None:
    model, names = model_of(learnt().bias, learnt().weights)
    drawn = random.Random(7)
    rows = [frozenset(drawn.sample(names, 60)) for _ in range(30)]
    matrix = np.array([[float(name in row) for name in names] for row in rows])
    wanted = np.clip(model.decision_function(matrix), -BOUND, BOUND)
    told = [{name: learnt().weights[name] for name in row} for row in rows]
    assert [odds(each) for each in told] == pytest.approx(wanted.tolist())


def test_an_unknown_feature_weighs_nothing() -> None:
    assert score_of({"no such feature": 3.0}) == score_of({})


def test_there_are_few_features_and_the_threshold_is_a_probability() -> None:
    assert 20 <= len(weights().features) <= 50
    assert 0 < weights().threshold < 1


def test_where_no_sentence_joins_two_organisations_no_less_is_asked() -> None:
    assert weights().threshold <= weights().threshold_without_pattern < 1


def phrases_of(title: str, lead: str) -> frozenset[str]:
    return phrases(look(read(entry(title, lead), feed())))


def test_no_name_and_no_number_is_a_word_of_a_phrase() -> None:
    found = phrases_of("Acme Health signs Globex for 7 years", "Acme Health pays Globex $30 million.")
    words = {word for phrase in found for word in phrase.split(" ")[1:]}
    assert "signs" in words
    assert not words & {"acme", "globex", "7", "30"}


def test_the_wording_is_explained_by_its_most_telling_phrases_with_names_left_out() -> None:
    title, lead = "Acme Health partners with Globex", "Acme Health and Globex announced a partnership today."
    found = weighed(look(read(entry(title, lead), feed())))
    told = most_telling(found, speak_for=True)
    assert odds(found) > 0
    assert 0 < len(told) <= 3
    assert any("partner" in each for each in told)
