"""The words that tell kind and status, each on its own cases."""

from __future__ import annotations

import pytest

from bot.deals.facts.kinds import (
    KindCue,
    StatusCue,
    find_kind,
    find_status,
    kind_cues,
    kind_weights,
    plain_words,
    status_cues,
)
from bot.deals.model import Kind, Role, Status
from tests.builders import party, reading

CUES = (*kind_cues(), *status_cues())


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
    assert find_kind(reading(text), (0,), ()) is kind


def test_the_title_weighs_more_than_a_later_line() -> None:
    told = reading("Acme and Beta sign a licensing agreement", "Acme selects Beta for its records.")

    assert find_kind(told, (0, 1), ()) is Kind.LICENSING


def test_a_buyer_and_a_seller_speak_for_a_selection() -> None:
    parties = [party("Acme", role=Role.CUSTOMER), party("Beta", role=Role.SUPPLIER)]

    assert find_kind(reading("Acme goes with Beta"), (0,), parties) is Kind.CUSTOMER_SELECTION


def test_words_inside_a_name_tell_nothing() -> None:
    told = reading("Consortium Health and Beta partner", names=["Consortium Health"])

    assert find_kind(told, (0,), ()) is Kind.STRATEGIC_PARTNERSHIP


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

    assert places <= set(kind_weights()) <= {*places, "always", "many", "three", "buyer_and_seller"}


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
    assert find_kind(reading(title), (0,), ()) is kind


def test_where_the_title_tells_no_act_the_first_paragraph_does() -> None:
    told = reading("Acme and Beta partner", "Beta will supply Acme with syringes.")

    assert find_kind(told, (0, 1), ()) is Kind.MANUFACTURING_SUPPLY
