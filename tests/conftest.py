"""What holds for every test: made-up values, where files lie, and what comes first."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A property speaks of values; how long a busy machine takes over them is for the benchmarks to say. Where a change is
# judged, it meets the same values each time; new ones are looked for on a developer's machine.
settings.register_profile(
    "pactwire",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("pactwire")

MEMORY, ROOM = Path("/dev/shm"), 1 << 30
"""Files that tests make lie in memory, where it has room: Pactwire syncs every commit, and no disk need hear of that.
What a power cut leaves is shown by a disk of the tests' own (tests/storage/platter.py), not by the machine's."""

LONG = ("tests/crash/", "test_outbox_machine.py", "test_fairness.py", "test_journey.py", "test_readme.py")
"""Begun first, so that the end does not wait for one of them."""

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONG))
