"""The file as a whole, and all its faults in one report: each with its line, and what would be right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.chats import Discord, Slack
from bot.config.tables import Digests, Feeds, Pactwire, Part, Polling, Terminal, Websub
from bot.errors import ConfigError
from bot.suggest import suggest


class Config(Part):
    """The whole file; every table may be left out."""

    pactwire: Pactwire = Pactwire()
    feeds: Feeds = Feeds()
    polling: Polling = Polling()
    websub: Websub | None = None
    digests: Digests = Digests()
    terminal: Terminal = Terminal()
    discord: Discord | None = None
    slack: Slack | None = None


def load_config(path: Path) -> Config:
    """Read the file. Raises ConfigError with every fault, its place, and what would be right."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ConfigError(f"{path} is not there. Begin with: cp config.example.toml {path}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error
    try:
        return Config.model_validate(table)
    except ValidationError as error:
        faults = [_fault(text, detail) for detail in error.errors()]
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise ConfigError("\n".join([f"{path} has {count}:", *faults])) from error


def _fault(text: str, detail: ErrorDetails) -> str:
    place = ".".join(str(step) for step in detail["loc"])
    line = _line(text, detail["loc"])
    return f"  {f'line {line}: ' if line else ''}{place}: {_complaint(detail)}"


def _complaint(detail: ErrorDetails) -> str:
    if detail["type"] != "extra_forbidden":
        return detail["msg"].removeprefix("Value error, ")
    key, known = str(detail["loc"][-1]), _keys(detail["loc"][:-1])
    if re.search(r"token|secret|password", key):
        return "secrets do not stand in this file; they come from the environment or from a file of their own"
    near = suggest(key, known)
    return f"unknown key; did you mean {near!r}?" if near else f"unknown key; here may stand {', '.join(known)}"


def _keys(place: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that the model knows at this place."""
    model: type[BaseModel] = Config
    for step in place:
        if isinstance(step, str):
            annotation = model.model_fields[step].annotation
            model = next((kind for kind in (*get_args(annotation), annotation) if isinstance(kind, type)), Config)
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _line(text: str, place: tuple[int | str, ...]) -> int | None:
    """The line that sets this key, found by reading headers and keys as they stand; None where that is not plain."""
    *tables, key = [step for step in place if isinstance(step, str)] or [""]
    wanted, nth = ".".join(tables), next((step for step in place if isinstance(step, int)), 0)
    table, seen = "", -1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([\w.\s-]+?)\s*\]", line):
            table = header[1].replace(" ", "")
            seen += table == wanted
            if table in (f"{wanted}.{key}", key) and table.endswith(key):
                return number
        elif re.match(rf"\s*{re.escape(key)}\s*=", line) and table == wanted and (seen == nth or "[[" not in text):
            return number
    return None
