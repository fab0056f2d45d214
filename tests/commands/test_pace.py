"""How often one person may ask."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.pace import REMEMBERED, Pace
from tests.builders import PUBLISHED as NOW

MINUTE = timedelta(minutes=1)


def test_each_asker_has_a_pace_of_their_own_that_recovers_one_by_one() -> None:
    pace = Pace(2, 60 * MINUTE)
    assert pace.wait("a", NOW) is None
    assert pace.wait("a", NOW + 10 * MINUTE) is None
    assert pace.wait("a", NOW + 20 * MINUTE) == 40 * MINUTE
    assert pace.wait("b", NOW + 20 * MINUTE) is None
    assert pace.wait("a", NOW + 60 * MINUTE) is None
    assert pace.wait("a", NOW + 61 * MINUTE) == 9 * MINUTE


def test_only_so_many_askers_are_remembered() -> None:
    pace = Pace(1, 60 * MINUTE)
    for number in range(REMEMBERED + 1):
        assert pace.wait(str(number), NOW) is None
    assert pace.wait("0", NOW) is None
    assert pace.wait(str(REMEMBERED), NOW) == 60 * MINUTE
