"""config.toml → Config (the only owner of the file's shape). All its faults are told in one report.

Secrets never stand in the file: they come from the environment, or from files that it names.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError, WebsocketUrl
from pydantic_core import ErrorDetails

from bot.digests.model import WhenEmpty
from bot.digests.spelling import check_zone, parse_days
from bot.errors import ConfigError, UserError
from bot.feeds.model import Feed, Register, Sector
from bot.feeds.pack import packs
from bot.suggest import suggest

T = TypeVar("T")


def _days(text: str) -> str:
    _told(parse_days, text)
    return text


def _zone(name: str) -> str:
    return _told(check_zone, name)


def _told(check: Callable[[str], T], text: str) -> T:
    try:
        return check(text)
    except UserError as error:
        raise ValueError(str(error)) from error


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address or a network such as 192.0.2.0/24") from error
    return text


def _pack(name: str) -> str:
    if name not in packs():
        raise ValueError(f"there is no pack {name!r}; there are {', '.join(packs())}")
    return name


class Part(BaseModel):
    """A table of the file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pactwire(Part):
    """Where things are kept, and how the bot is called."""

    database: Path = Path("data/pactwire.db")
    root_command: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")] = "deals"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"


class FeedTable(Part):
    """One feed of the operator's own."""

    url: HttpUrl
    title: Annotated[str, Field(min_length=1, max_length=256)]
    site: str | None = None
    owner: str | None = None
    sector: Sector | None = None
    voice: Annotated[Register, Field(alias="register")] = Register.TRADE_NEWS  # pydantic's own models have a `register`

    def feed(self) -> Feed:
        """The feed that this table describes."""
        return Feed(str(self.url), self.title, self.site, self.owner, self.sector, self.voice)


class Feeds(Part):
    """What is read from the start. Commands add to it and take from it; that is kept in the database."""

    packs: tuple[Annotated[str, AfterValidator(_pack)], ...] = ("cloud", "healthcare")
    add: tuple[FeedTable, ...] = ()


class Polling(Part):
    """How publishers are asked."""

    contact: str = ""
    interval_minutes: Annotated[int, Field(ge=15, le=10080)] = 60
    first_poll_days: Annotated[int, Field(ge=0, le=36500)] = 3
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    host_pause_seconds: Annotated[float, Field(ge=0, le=60)] = 2.0
    workers: Annotated[int, Field(ge=1, le=16)] = 1
    allow_addresses: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    allow_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()


class Digests(Part):
    """What a new subscription is given, and what the terminal itself gets."""

    days: Annotated[str, AfterValidator(_days)] = "weekdays"
    times: Annotated[tuple[time, ...], Field(min_length=1, max_length=24)] = (time(8),)
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    sectors: tuple[Sector, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    maximum: Annotated[int, Field(ge=1, le=50)] = 10
    when_empty: WhenEmpty = WhenEmpty.LINE


class Terminal(Part):
    """The terminal that runs the bot as a channel of its own."""

    digests: bool = True


class Discord(Part):
    """Discord. The token stands in PACTWIRE_DISCORD_TOKEN, or in a file of its own."""

    token_file: Path | None = None
    layout: Literal["components", "embed"] = "components"
    publish: bool = True
    sharded: bool = False
    api: HttpUrl | None = None
    gateway: WebsocketUrl | None = None

    def token(self) -> str | None:
        """The bot token, None where none is set. Raises ConfigError for one that cannot be read or cannot be right."""
        return secret("PACTWIRE_DISCORD_TOKEN", self.token_file)


@dataclass(frozen=True, slots=True)
class SlackSecrets:
    """What Slack gave the operator. Nothing of it shows in the repr."""

    bot_token: str | None = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    client_secret: str | None = field(repr=False)
    key: str | None = field(repr=False)


class Slack(Part):
    """Slack. Secrets stand in PACTWIRE_SLACK_… or in files of their own, docs/slack.md says which."""

    mode: Literal["socket", "http"] = "socket"
    threads: bool = False
    bot_token_file: Path | None = None
    app_token_file: Path | None = None
    signing_secret_file: Path | None = None
    client_secret_file: Path | None = None
    key_file: Path | None = None
    client_id: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    public_url: HttpUrl | None = None
    api: HttpUrl | None = None

    def secrets(self, *, is_meant: bool) -> SlackSecrets | None:
        """The secrets, None without any where Slack is not meant. ConfigError lists what the mode needs and misses."""
        found = SlackSecrets(
            secret("PACTWIRE_SLACK_BOT_TOKEN", self.bot_token_file),
            secret("PACTWIRE_SLACK_APP_TOKEN", self.app_token_file),
            secret("PACTWIRE_SLACK_SIGNING_SECRET", self.signing_secret_file),
            secret("PACTWIRE_SLACK_CLIENT_SECRET", self.client_secret_file),
            secret("PACTWIRE_SLACK_KEY", self.key_file),
        )
        if not is_meant and not (found.bot_token or found.client_secret):
            return None
        if missing := [*_missing(self, found)]:
            listed = "\n".join(f"  {each}" for each in missing)
            raise ConfigError(f"Slack in {self.mode} mode still needs, see docs/slack.md:\n{listed}")
        return found


def _missing(slack: Slack, found: SlackSecrets) -> Iterator[str]:
    if slack.mode == "socket":
        if not found.bot_token:
            yield "PACTWIRE_SLACK_BOT_TOKEN: the Bot User OAuth Token (xoxb-…) from OAuth & Permissions"
        if not found.app_token:
            yield "PACTWIRE_SLACK_APP_TOKEN: an app-level token (xapp-…) with connections:write, from Basic Information"
        return
    if not found.signing_secret:
        yield "PACTWIRE_SLACK_SIGNING_SECRET: the Signing Secret from Basic Information"
    if found.client_secret and not found.bot_token:
        if not slack.client_id:
            yield "client_id in [slack]: the Client ID from Basic Information"
        if not slack.public_url:
            yield "public_url in [slack]: the https address under which Slack reaches this bot"


class Config(Part):
    """The whole file; every table may be left out."""

    pactwire: Pactwire = Pactwire()
    feeds: Feeds = Feeds()
    polling: Polling = Polling()
    digests: Digests = Digests()
    terminal: Terminal = Terminal()
    discord: Discord | None = None
    slack: Slack | None = None


def secret(name: str, file: Path | None = None, environment: Mapping[str, str] = os.environ) -> str | None:
    """What the environment holds under this name, else what the file holds; None where there is neither.

    Raises ConfigError, which never repeats the secret itself.
    """
    found, place = environment.get(name, "").strip(), name
    if not found and file is not None:
        place = str(file)
        try:
            found = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"The secret in {file} cannot be read: {reason}.") from None
        if not found:
            raise ConfigError(f"{file} is empty; it should hold one secret and nothing else.")
    if not re.fullmatch(r"[!-~]*", found):
        raise ConfigError(f"{place} holds something with blanks or letters that no token has. Copy the token anew.")
    return found or None


def load_config(path: Path) -> Config:
    """Read the file. Raises ConfigError with every fault, its place, and what would be right."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
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
