"""The house rules, checked by reading every module's imports. Each failure names the offender in plain words."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "bot").rglob("*.py"))

# Who stands where. A module may import from lower numbers; within one number only as PEERS says.
LAYERS = {
    **dict.fromkeys(("__main__", "cli", "errands", "app", "chats", "discord", "life", "schedule", "slack"), 3),
    **dict.fromkeys(("poll", "deliver", "commands", "tour", "filter", "evaluate", "websub"), 2),
    **dict.fromkeys(("web", "workers", "storage", "platforms", "config", "logs"), 1),
    **dict.fromkeys(("feeds", "deals", "digests", "errors", "suggest"), 0),
}
PEERS = {
    "deals": {"feeds"},
    "digests": {"feeds", "deals"},
    "cli": {"app", "chats", "errands"},
    "app": {"chats", "life"},
    "chats": {"discord", "slack"},
    "errands": {"app"},
    "life": {"schedule"},
    "__main__": {"cli"},
}
EVERYONES = {"errors", "suggest"}

# Each outside library is known to one module or folder.
OWNERS = {
    "aiohttp": ("web", "platforms/discord"),
    "yarl": ("web", "platforms/discord"),
    "ahocorasick": ("deals",),
    "aiosqlite": ("storage",),
    "alembic": ("storage/migrations",),
    "apscheduler": ("schedule.py",),
    "cleanco": ("deals",),
    "cryptography": ("platforms/slack",),
    "discord": ("platforms/discord",),
    "feedparser": ("feeds/parse.py",),
    "lxml": ("feeds",),
    "nupunkt": ("deals/texts/sentences.py",),
    "prompt_toolkit": ("platforms/terminal",),
    "py3langid": ("deals/texts/language.py",),
    "pydantic": ("config/", "storage/codec.py"),
    "pydantic_core": ("config/",),
    "rapidfuzz": ("deals",),
    "slack_bolt": ("platforms/slack",),
    "slack_sdk": ("platforms/slack",),
    "sklearn": ("evaluate/learnt.py",),
    "rich": ("cli.py", "platforms/terminal"),
    "sqlalchemy": ("storage",),
    "structlog": ("logs.py",),
    "tld": ("feeds/links.py",),
    "trafilatura": ("feeds/article.py",),
    "typer": ("cli.py",),
    "wcwidth": ("platforms/terminal",),
}

CORE = ("feeds", "deals", "digests", "errors", "suggest")
IMPURE = {"asyncio", "socket", "subprocess", "threading", "time", "random", "os", "sqlite3", "urllib.request", "http"}
LONGEST = 300


def place(path: Path) -> str:
    return path.relative_to(ROOT / "bot").as_posix()


def family(path: Path) -> str:
    first = path.relative_to(ROOT / "bot").parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module="bot", names=names, level=0):
                yield from ((node.lineno, f"bot.{alias.name}") for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module
            case ast.ImportFrom(level=level) if level:
                pytest.fail(f"bot/{place(path)}:{node.lineno} imports relatively: write the full name")


def may_import(importer: str, imported_family: str) -> bool:
    if importer == imported_family or imported_family in EVERYONES or importer == "__init__":
        return True
    if imported_family in PEERS.get(importer, set()):
        return True
    return LAYERS[imported_family] < LAYERS[importer]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_point_down(path: Path) -> None:
    for line, name in imported(path):
        if not name.startswith("bot.") or name == "bot.__version__":
            continue
        target = name.split(".")[1]
        assert target in LAYERS, f"bot/{place(path)}:{line} imports bot.{target}, which has no place in the house"
        assert may_import(family(path), target), (
            f"bot/{place(path)}:{line} imports {name}: {family(path)} may not know {target}"
        )
        if LAYERS.get(family(path)) == 2 and target == "platforms":
            assert name == "bot.platforms.base" or name.startswith("bot.platforms.spoken"), (
                f"bot/{place(path)}:{line} imports {name}: the work knows platforms by their base alone"
            )


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_every_outside_library_has_one_owner(path: Path) -> None:
    for line, name in imported(path):
        library = name.split(".")[0]
        if library in {"bot", "__future__"} or library in sys.stdlib_module_names:
            continue
        assert library in OWNERS, f"bot/{place(path)}:{line} imports {library}: name its one owner in this test"
        assert any(place(path).startswith(owner) for owner in OWNERS[library]), (
            f"bot/{place(path)}:{line} imports {library}, which belongs to {' and '.join(OWNERS[library])}"
        )


@pytest.mark.parametrize("path", [path for path in MODULES if family(path) in CORE], ids=place)
def test_the_core_never_waits_and_never_looks_around(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        asynchronous = isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
        assert not asynchronous, f"bot/{place(path)}:{getattr(node, 'lineno', 0)} is async: the core never waits"
    for line, name in imported(path):
        assert name not in IMPURE, (
            f"bot/{place(path)}:{line} imports {name}: no clock, no chance and no I/O in the core"
        )


@pytest.mark.parametrize("path", [path for path in MODULES if family(path) not in {"app", "__main__"}], ids=place)
def test_only_app_reads_the_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            owner = node.value
            clock = isinstance(owner, ast.Name) and owner.id in {"datetime", "date"}
            assert not clock, f"bot/{place(path)}:{node.lineno} reads the clock: take `now` from the caller"


CONFIGURED = {"app", "chats", "cli", "config", "discord", "errands", "slack"}


@pytest.mark.parametrize("path", [path for path in MODULES if family(path) not in CONFIGURED], ids=place)
def test_only_app_and_cli_know_the_configuration(path: Path) -> None:
    known = [line for line, name in imported(path) if name.startswith("bot.config")]
    assert not known, f"bot/{place(path)}:{known} imports bot.config: pass the values it needs"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_pages_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"bot/{place(path)} has {lines} lines: split it along its nouns"


def test_nothing_is_named_after_nothing() -> None:
    refused = {"utils", "util", "helpers", "common", "manager", "service", "core", "misc", "handler"}
    assert not [place(path) for path in MODULES if path.stem in refused or path.parent.name in refused]
