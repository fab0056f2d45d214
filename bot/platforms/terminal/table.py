"""A table in a terminal: columns as wide as they need; where the line is too short, cells are cut or wrapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.digests.message import Table
from bot.platforms.harmless import harmless
from bot.platforms.terminal.paint import Paint
from bot.platforms.terminal.text import fit, pad, width_of, wrap

_GAP = 2
_NARROWEST = 4
_WRAPPED = 16
"""The last column is at least so wide, if it has so much to say; what it says more goes on below."""


def table_lines(table: Table, width: int, paint: Paint) -> Iterator[str]:
    """The table's lines, none wider than `width`; the header is quiet."""
    rows = [tuple(harmless(cell) for cell in row) for row in (table.header, *table.rows) if row]
    widths = _widths(rows, width)
    for number, row in enumerate(rows):
        for line in _row(row, widths):
            yield paint(line, "quiet") if table.header and number == 0 else line


def _row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """The row: every cell but the last cut to its column, the last one wrapped within its own."""
    cells = [pad(fit(cell, wide), wide) for cell, wide in zip(row[:-1], widths, strict=False)]
    before = "".join(f"{cell}{' ' * _GAP}" for cell in cells)
    for number, piece in enumerate(wrap(row[-1], widths[len(row) - 1]) or [""]):
        yield f"{before if number == 0 else ' ' * width_of(before)}{piece}".rstrip()


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each column is: as wide as it needs; where that is too much, the last gives way, then the widest."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max((width_of(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    spare = width - _GAP * (columns - 1)
    if widths:
        widths[-1] = max(min(widths[-1], _WRAPPED), min(widths[-1], spare - sum(widths[:-1])))
    while sum(widths) > spare and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths
