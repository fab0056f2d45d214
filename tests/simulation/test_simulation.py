"""A few seeds of the simulation, whole. `make simulate SEEDS=0-199` lives through many, a year each."""

from __future__ import annotations

import pytest

from bot.logs import configure
from tests.simulation.mutants import MUTANTS, ROOT, Mutant
from tests.simulation.world import simulate

DAYS = 45


@pytest.fixture(autouse=True)
def _quiet() -> None:
    configure("critical", "text")  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 2, 3, 9])
def test_whatever_goes_wrong_nothing_is_lost_and_nothing_comes_twice(seed: int) -> None:
    report = simulate(seed, DAYS)
    assert report.faults == []
    assert report.counts
    assert report.posts


def test_a_seed_tells_the_same_story_each_time() -> None:
    first, second = simulate(5, 20), simulate(5, 20)
    assert (first.trace, first.posts, first.counts) == (second.trace, second.posts, second.counts)


def test_without_faults_everything_arrives() -> None:
    report = simulate(1, DAYS, lively=False)
    assert report.faults == []
    assert not report.counts
    assert report.deals > 5


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_way_to_break_the_program_still_finds_its_place(mutant: Mutant) -> None:
    """`make mutants` breaks it so, and shows what notices."""
    assert (ROOT / mutant.path).read_text(encoding="utf-8").count(mutant.before) == 1
    assert all((ROOT / test.partition("::")[0]).exists() for test in mutant.tests)
