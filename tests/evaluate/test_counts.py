"""What the figures count."""

from __future__ import annotations

import pytest

from bot.evaluate.counts import Count, at_rate, bcubed, detection, total


def test_detection_counts_what_was_said_meant_and_right() -> None:
    count = detection([True, True, False, False], [True, False, True, False])

    assert count == Count(right=1, said=2, wanted=2)
    assert (count.precision, count.recall, count.f1) == (0.5, 0.5, 0.5)


def test_nothing_to_measure_is_none_and_not_zero() -> None:
    assert (Count().precision, Count().recall, Count().f1) == (None, None, None)
    assert bcubed({}, {}) is None


def test_counts_add_up() -> None:
    assert total([Count(1, 2, 3), Count(4, 5, 6)]) == Count(5, 7, 9)


def test_precision_falls_where_deals_are_rare() -> None:
    assert at_rate(0.9, 0.1, 0.5) == pytest.approx(0.9)
    assert at_rate(0.9, 0.1, 0.05) == pytest.approx(0.045 / 0.14)
    assert at_rate(0.9, 0.0, 0.05) == 1.0


@pytest.mark.parametrize(
    ("ours", "theirs", "f1"),
    [
        ("aab", "xxy", 1.0),
        ("abc", "xxy", 0.8),  # precision 1, recall (1/2 + 1/2 + 1) / 3
        ("aaa", "xxy", 2 * (5 / 9) / (14 / 9)),  # recall 1, precision (2/3 + 2/3 + 1/3) / 3
    ],
)
def test_bcubed_weighs_split_and_mixed_groups(ours: str, theirs: str, f1: float) -> None:
    assert bcubed(dict(zip("123", ours, strict=True)), dict(zip("123", theirs, strict=True))) == pytest.approx(f1)
