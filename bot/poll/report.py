"""How we poll, and what a round of it came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Habits:
    """How we poll. `first_days`: how old an entry may be at its feed's first poll and still become a deal."""

    interval: timedelta = timedelta(hours=1)
    first_days: timedelta = timedelta(days=3)


@dataclass(slots=True)
class PollReport:
    """What one round of polling brought, in counts; `failures` names the first hundred."""

    read: int = 0
    unchanged: int = 0
    failed: int = 0
    postponed: int = 0
    entries: int = 0
    announcements: int = 0
    deals: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.read} feeds read, {self.unchanged} unchanged, {self.failed} failed; {self.entries} new entries, "
            f"{self.announcements} announcements, {self.deals} new deals"
        )

    def tell_failure(self, text: str) -> None:
        """Count a failure, and remember it where there is room."""
        self.failed += 1
        if len(self.failures) < MOST_TOLD:
            self.failures.append(text)
