"""Which share of labelled posts is measured."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """Which groups of a file count: a third is held out, by the hash of the group's name."""

    ALL = "all"
    TUNED = "tuned"
    HELD_OUT = "held-out"
