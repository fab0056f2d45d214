"""The built-in packs: feeds that are worth reading from the first day, kept as data in packs/*.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from bot.feeds.model import Feed, Register, Sector


@cache
def packs() -> tuple[str, ...]:
    """The names of the packs, in order."""
    names = (each.name for each in files("bot.feeds").joinpath("packs").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load_pack(name: str) -> tuple[Feed, ...]:
    """The feeds of one pack as its file lists them; a KeyError for another name says which there are."""
    if name not in packs():
        raise KeyError(f"no pack {name!r}; there are: {', '.join(packs())}")
    text = files("bot.feeds").joinpath(f"packs/{name}.toml").read_text("utf-8")
    return tuple(_feed(row) for row in tomllib.loads(text)["feed"])


def _feed(row: dict[str, Any]) -> Feed:
    return Feed(
        url=row["url"],
        title=row["title"],
        site=row["site"],
        owner=row.get("owner"),
        sector=Sector(row["sector"]) if "sector" in row else None,
        register=Register(row["register"]),
    )
