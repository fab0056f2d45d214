"""Cases of the data files, and entries to read, for the tests of the recogniser."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.deals.texts.masking import simplified
from bot.feeds.model import Entry, Feed, Register


def rows(name: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table of a packaged TOML file."""
    data: list[dict[str, Any]] = tomllib.loads(files("bot.deals").joinpath(f"data/{name}").read_text("utf-8"))[table]
    return data


def masked(case: str) -> str:
    """A case of a data file as patterns see it: each [name] is a symbol."""
    names = re.findall(r"\[[^\]]+\]", case)
    for number, name in enumerate(names):
        case = case.replace(name, f"⟦{number}⟧", 1)
    return simplified(case)


def entry(title: str, body: str = "") -> Entry:
    """An entry with this text."""
    return Entry("e1", ("e1",), title, body or title)


def feed(owner: str | None = None, register: Register = Register.TRADE_NEWS) -> Feed:
    """A feed of a news desk, or of `owner` about itself."""
    return Feed("https://example.com/feed", "Example News", owner=owner, register=register)


def headlines() -> list[tuple[str, tuple[str, ...]]]:
    """The lines of headlines.txt: a headline, and its parties or none."""
    return _cases("headlines.txt")


def tellings() -> list[tuple[str, str, tuple[str, ...]]]:
    """The lines of tellings.txt: a title, a lead, and the parties or none."""
    cases = ((told.partition(" ~ "), parties) for told, parties in _cases("tellings.txt"))
    return [(title, lead, parties) for (title, _, lead), parties in cases]


def _cases(file: str) -> list[tuple[str, tuple[str, ...]]]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    cases = [line[2:].split(" | ") for line in lines if line[:2] in ("+ ", "- ")]
    return [(told, tuple(parties)) for told, *parties in cases]
