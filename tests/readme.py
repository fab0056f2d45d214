"""The parts of the README that the program itself says. `python -m tests.readme` writes them anew.

A part stands between `<!-- NAME -->` and `<!-- /NAME -->`; tests hold the README to what the program says now.
"""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.commands import build_commands
from bot.digests.model import Subscription
from bot.platforms.terminal.client import CHANNEL

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SHOWN = 2
"""How many deals of the tour's digest the README shows."""


def commands() -> str:
    """The table of commands."""
    nothing = cast("Any", None)
    table = build_commands(
        storage=cast("Any", _Anything()),
        web=nothing,
        workers=nothing,
        clock=lambda: datetime.now(UTC),
        root="deals",
        defaults=Subscription(CHANNEL),
    )
    rows = [f"| `/deals {each.usage}` | {each.summary}{' (manages)' if each.manages else ''} |" for each in table]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def tour() -> str:
    """The beginning of the tour's digest, in a terminal 100 columns wide."""
    return f"```\n{_shortened(_toured()[1]).strip()}\n```"


def deal() -> str:
    """The deal of the model case in full."""
    folder, _ = _toured()
    found = re.search(r"#(\d+)", run("do", "search rochester google", folder=folder.name))
    assert found, "the tour does not know the model case"
    said = run("do", f"deal {found[1]}", folder=folder.name).strip()
    return f'```\n$ pactwire do "deal {found[1]}"\n{said}\n```'


@cache
def _toured() -> tuple[tempfile.TemporaryDirectory[str], str]:
    """A folder in which the tour was played, and what it printed."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return folder, run("tour", folder=folder.name)


def run(*words: str, folder: str | None = None) -> str:
    """What `pactwire` prints when it is told this in a folder, an empty one unless given."""
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        command = [sys.executable, "-m", "bot", *words]
        told = subprocess.run(
            command, cwd=folder or empty, env=environment, capture_output=True, check=True, timeout=100
        )
    return told.stdout.decode()


def _shortened(digest: str) -> str:
    lines = digest.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("● ")]
    return "\n".join([*lines[: starts[SHOWN]], "…", *lines[-6:]]) if len(starts) > SHOWN else digest


PARTS = {"commands": commands, "tour": tour, "deal": deal}


def part(name: str) -> str:
    """What the README says between the marks of this part."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"README.md has no part {name}"
    return found[1]


def main() -> None:
    """Write every part anew."""
    text = README.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        said = f"<!-- {name} -->\n{make()}\n<!-- /{name} -->"
        before, _, rest = text.partition(f"<!-- {name} -->")
        text = before + said + rest.partition(f"<!-- /{name} -->")[2]
    README.write_text(text, encoding="utf-8")


class _Anything:
    """Has every attribute: the table of commands is built, and none of them is run."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: object, **__: object) -> Any:
        return self


if __name__ == "__main__":
    main()
