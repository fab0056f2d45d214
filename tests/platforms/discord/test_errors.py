from __future__ import annotations

from datetime import timedelta

import pytest

from bot.platforms.base import PostFailed, Remedy, Unclear
from bot.platforms.discord.errors import GUARDED, REMEDIES, outcome


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (404, 10003, Remedy.DEAD),
        (404, 10004, Remedy.PAUSE),
        (403, 50001, Remedy.PAUSE),
        (403, 50013, Remedy.PAUSE),
        (400, 50035, Remedy.RENDER),
        (429, 20016, Remedy.RETRY),
        (403, 40333, Remedy.RETRY),
        (400, 200000, Remedy.PAUSE),
        (429, 30046, Remedy.RETRY),
        (401, 0, Remedy.PAUSE),
        (403, 0, Remedy.PAUSE),
        (404, 0, Remedy.PAUSE),
        (413, 0, Remedy.RENDER),
        (400, 99999, Remedy.RENDER),
    ],
)
def test_each_refusal_has_its_remedy(status: int, code: int, remedy: Remedy) -> None:
    refused = outcome(status, code)
    assert isinstance(refused, PostFailed)
    assert refused.remedy is remedy


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
def test_after_a_fault_of_discords_nobody_knows(status: int) -> None:
    assert isinstance(outcome(status, 0), Unclear)


def test_the_guard_is_left_in_peace_as_long_as_it_says_or_ten_minutes() -> None:
    refused, told = outcome(429, 0), outcome(429, 0, timedelta(hours=1))
    assert isinstance(refused, PostFailed)
    assert isinstance(told, PostFailed)
    assert refused.retry_after == GUARDED
    assert told.retry_after == timedelta(hours=1)


@pytest.mark.parametrize("code", REMEDIES)
def test_every_reason_names_its_code_and_fits_a_line(code: int) -> None:
    refused = outcome(400, code)
    assert isinstance(refused, PostFailed)
    assert refused.reason.endswith(f"({code})")
    assert len(refused.reason) < 140
