"""The figures beside what they have to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; a factor ("x") has to be at least its gate, everything else at most."""

    what: str
    value: float
    gate: float
    target: float
    unit: str

    @property
    def verdict(self) -> str:
        """Whether it reaches the target, the gate, or neither."""
        sign = 1 if self.unit == "x" else -1
        if sign * self.value >= sign * self.target:
            return "target"
        return "gate" if sign * self.value >= sign * self.gate else "MISSED"


def show(rows: Sequence[Row]) -> None:
    """Print the table as the README shows it."""
    print("\n| | measured | gate | target | |\n|---|---|---|---|---|")
    for row in rows:
        bound = "≥" if row.unit == "x" else "≤"
        cells = (f"{row.value:.2f} {row.unit}", f"{bound} {row.gate:g}", f"{bound} {row.target:g}", row.verdict)
        print(f"| {row.what} | {' | '.join(cells)} |")
