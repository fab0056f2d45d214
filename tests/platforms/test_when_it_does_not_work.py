"""What the pages on Discord and Slack quote as "what you see" is what the program says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_QUOTED = re.compile(r"`([^`]+)`|“([^”]+)”|\*([^*]+)\*")


@cache
def said() -> tuple[str, ...]:
    """Every text in the program, with a … where a value is filled in."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "bot").rglob("*.py"))
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    filled = [
        "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        for node in nodes
        if isinstance(node, ast.JoinedStr)
    ]
    return (*plain, *filled)


def quoted(page: str) -> list[str]:
    """What stands in quotes in the first column of the page's table of troubles, without the parts that vary."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").partition("## When it does not work")[2]
    cells = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")][1:]
    pieces = [next(filter(None, found)) for cell in cells for found in _QUOTED.findall(cell)]
    parts = [part.strip(" .:()") for piece in pieces if not piece.startswith("/") for part in piece.split("…")]
    return [part for part in parts if len(part) > 3]


@pytest.mark.parametrize("page", ["discord.md", "slack.md"])
def test_the_pages_quote_what_the_program_says(page: str) -> None:
    found = quoted(page)
    assert len(found) > 8
    assert [part for part in found if not any(part in text for text in said())] == []
