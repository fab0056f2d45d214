"""The words that tell kind and status, each on its own cases."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.deals.facts.kinds import (
    BY_TABLE,
    KindCue,
    StatusCue,
    find_kind,
    find_status,
    kind_cues,
    kind_scores,
    kind_weights,
    plain_words,
    status_cues,
)
from bot.deals.model import Kind, Party, Role, Status
from bot.deals.signals import look
from bot.deals.texts.reading import Reading
from tests.builders import party, reading

CUES = (*kind_cues(), *status_cues())


def kind_of(told: Reading, parties: Sequence[Party] = ()) -> Kind:
    return find_kind(told, range(len(told.lines)), parties, look(told).masked)


@pytest.mark.parametrize("cue", CUES)
def test_a_cue_finds_its_cases_and_no_others(cue: KindCue | StatusCue) -> None:
    assert [each for each in cue.yes if not cue.pattern.search(plain_words(each))] == []
    assert [each for each in cue.no if cue.pattern.search(plain_words(each))] == []


def test_every_kind_and_status_has_words() -> None:
    assert {cue.kind for cue in kind_cues()} == set(Kind)
    assert {cue.status for cue in status_cues()} == set(Status) - {Status.ANNOUNCED}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Acme and Beta launch a joint venture for home care", Kind.JOINT_VENTURE),
        ("Acme and Beta begin a research collaboration", Kind.RESEARCH_COLLABORATION),
        ("Acme selects Beta for its records", Kind.CUSTOMER_SELECTION),
        ("Acme integrates its scheduler with Beta", Kind.TECHNOLOGY_INTEGRATION),
        ("Acme and Beta partner", Kind.STRATEGIC_PARTNERSHIP),
    ],
)
def test_a_title_tells_the_kind(text: str, kind: Kind) -> None:
    assert kind_of(reading(text)) is kind


def test_the_title_weighs_more_than_a_later_line() -> None:
    told = reading("Acme and Beta sign a licensing agreement", "Acme selects Beta for its records.")

    assert kind_of(told) is Kind.LICENSING


def test_a_buyer_and_a_seller_speak_for_a_selection() -> None:
    parties = [party("Acme", role=Role.CUSTOMER), party("Beta", role=Role.SUPPLIER)]

    assert kind_of(reading("Acme goes with Beta"), parties) is Kind.CUSTOMER_SELECTION


def test_words_inside_a_name_tell_nothing() -> None:
    told = reading("Consortium Health and Beta partner", names=["Consortium Health"])

    assert kind_of(told) is Kind.STRATEGIC_PARTNERSHIP


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Acme and Beta announce a partnership", Status.ANNOUNCED),
        ("Acme and Beta expand their partnership", Status.EXPANDED),
        ("Acme and Beta partner to expand access to care", Status.ANNOUNCED),
        ("Acme renews its contract with Beta", Status.RENEWED),
        ("Acme and Beta sign a memorandum of understanding", Status.MEMORANDUM),
        ("Acme ends its partnership with Beta", Status.ENDED),
    ],
)
def test_a_title_tells_the_status(text: str, status: Status) -> None:
    assert find_status(reading(text), (0,)) is status


def test_only_the_lines_of_the_deal_tell_the_status() -> None:
    told = reading("Acme and Beta partner", "Gamma renewed its contract with Delta.")

    assert find_status(told, (0,)) is Status.ANNOUNCED


def test_every_word_for_an_act_is_weighed_wherever_it_may_stand() -> None:
    places = {f"{cue.name}@{place}" for cue in kind_cues() for place in ("title", "alone", "lead", "rest")}

    assert {*places, "always", "many", "three", "buyer_and_seller"} <= set(kind_weights())


def test_scores_of_kinds_in_plain_python_are_those_of_the_model_that_was_learnt() -> None:
    names = sorted(kind_weights())
    model = LogisticRegression()
    model.classes_ = np.arange(len(BY_TABLE))
    model.coef_ = np.array([kind_weights()[name] for name in names]).T
    model.intercept_ = np.zeros(len(BY_TABLE))
    drawn = random.Random(7)
    rows = [drawn.sample(names, 60) for _ in range(30)]
    wanted = model.decision_function(np.array([[float(name in row) for name in names] for row in rows]))

    assert [list(kind_scores(row).values()) for row in rows] == [pytest.approx(list(each)) for each in wanted]


def test_an_unknown_feature_speaks_for_no_kind() -> None:
    assert kind_scores(["no such feature"]) == dict.fromkeys(BY_TABLE, 0.0)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Acme drops its old record for Beta", Kind.CUSTOMER_SELECTION),
        ("Beta will make vaccine doses for Acme", Kind.MANUFACTURING_SUPPLY),
        ("Acme and Beta team up to build a heart monitor", Kind.CO_DEVELOPMENT),
        ("Acme becomes distributor of Beta's pumps", Kind.DISTRIBUTION_RESELLER),
        ("Acme grants Beta exclusive rights to the compound", Kind.LICENSING),
        ("Acme becomes official cloud provider of the league", Kind.CO_MARKETING),
    ],
)
def test_the_act_of_a_title_tells_the_kind(title: str, kind: Kind) -> None:
    assert kind_of(reading(title)) is kind


def test_where_the_title_tells_no_act_the_first_paragraph_does() -> None:
    told = reading("Acme and Beta partner", "Beta will supply Acme with syringes.")

    assert kind_of(told) is Kind.MANUFACTURING_SUPPLY
