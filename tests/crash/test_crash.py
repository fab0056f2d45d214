"""SIGKILL at every step. The drivers run in processes of their own, because they fork."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HALVES = 2


def report(module: str, folder: Path, *words: str) -> dict[str, object]:
    told = subprocess.run(
        [sys.executable, "-W", "error", "-m", f"tests.crash.{module}", str(folder), *words],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=Path(__file__).parent.parent.parent,
        check=False,
    )
    assert told.stdout, told.stderr
    found: dict[str, object] = json.loads(told.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("half", range(1, HALVES + 1))
def test_killed_at_every_step_no_entry_is_lost_and_no_digest_doubled(tmp_path: Path, half: int) -> None:
    told = report("driver", tmp_path, str(half), str(HALVES))
    assert told["faults"] == []
    assert isinstance(told["kills"], int)
    assert told["kills"] >= 49


def test_killed_at_every_step_of_a_digest_each_part_arrives_once_and_in_its_place(tmp_path: Path) -> None:
    """`SWEEP=1` in the environment: at each step; the suite at some."""
    told = report("parts", tmp_path, os.environ.get("SWEEP", "16"))
    assert told["faults"] == []
    assert isinstance(told["kills"], int)
    assert told["kills"] >= 25


def test_killed_while_the_database_is_made_the_next_start_succeeds(tmp_path: Path) -> None:
    told = report("first_start", tmp_path)
    assert told["faults"] == []
    assert isinstance(told["kills"], int)
    assert told["kills"] >= 50


def test_killed_while_an_older_database_is_brought_up_to_date_it_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    told = report("first_start", tmp_path, "0001")
    assert told["faults"] == []
    assert isinstance(told["kills"], int)
    assert told["kills"] >= 10


def test_killed_at_random_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    told = report("random_kills", tmp_path, "20")
    assert (told["faults"], told["damaged"]) == (0, 0), told["first"]
    assert isinstance(told["parts"], int)
    assert told["parts"] > 5
