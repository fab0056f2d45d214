"""What holds for every test with made-up values."""

from __future__ import annotations

import os

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
