"""A table in a terminal: columns as wide as they need, the widest cut first where the line is too short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.digests.message import Table
from bot.platforms.terminal.paint import Paint
from bot.platforms.terminal.text import fit, harmless, pad, width_of

_GAP = 2
_NARROWEST = 4


def table_lines(table: Table, width: int, paint: Paint) -> Iterator[str]:
    """The table's lines, none wider than `width`; the header is quiet."""
    rows = [tuple(harmless(cell) for cell in row) for row in (table.header, *table.rows) if row]
    widths = _widths(rows, width)
    for number, row in enumerate(rows):
        line = (" " * _GAP).join(pad(fit(cell, wide), wide) for cell, wide in zip(row, widths, strict=False)).rstrip()
        yield paint(line, "quiet") if table.header and number == 0 else line


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    widths = [max((width_of(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    while sum(widths) + _GAP * (columns - 1) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths
