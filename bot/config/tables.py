"""The tables of the file, with their defaults."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl

from bot.config.checks import (
    check_address,
    check_days,
    check_network,
    check_pack,
    check_times,
    check_zone_name,
)
from bot.digests.model import WhenEmpty
from bot.feeds.model import Feed, Register, Sector


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

    url: Annotated[str, AfterValidator(check_address)]
    title: Annotated[str, Field(min_length=1, max_length=256)]
    site: str | None = None
    owner: str | None = None
    sector: Sector | None = None
    voice: Annotated[Register, Field(alias="register")] = Register.TRADE_NEWS  # pydantic's own models have a `register`

    def feed(self) -> Feed:
        """The feed that this table describes."""
        return Feed(self.url, self.title, self.site, self.owner, self.sector, self.voice)


class Feeds(Part):
    """What is read from the start. Commands add to it and take from it; that is kept in the database."""

    packs: tuple[Annotated[str, AfterValidator(check_pack)], ...] = ("cloud", "healthcare")
    add: tuple[FeedTable, ...] = ()


class Polling(Part):
    """How publishers are asked."""

    contact: str = ""
    interval_minutes: Annotated[int, Field(ge=15, le=10080)] = 60
    first_poll_days: Annotated[int, Field(ge=0, le=36500)] = 3
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    host_pause_seconds: Annotated[float, Field(ge=0, le=60)] = 2.0
    workers: Annotated[int, Field(ge=1, le=16)] = 1
    allow_addresses: tuple[Annotated[str, AfterValidator(check_network)], ...] = ()
    allow_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()


class Websub(Part):
    """Where hubs reach us, so that they tell us of news; needs a public address."""

    public_url: HttpUrl
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3001


class Digests(Part):
    """What a new subscription is given, and what the terminal itself gets."""

    days: Annotated[str, AfterValidator(check_days)] = "weekdays"
    times: Annotated[tuple[time, ...], Field(min_length=1), AfterValidator(check_times)] = (time(8),)
    zone: Annotated[str, AfterValidator(check_zone_name)] = "UTC"
    sectors: tuple[Sector, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    minimum_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    maximum: Annotated[int, Field(ge=1, le=50)] = 10
    when_empty: WhenEmpty = WhenEmpty.LINE


class Terminal(Part):
    """The terminal that runs the bot as a channel of its own."""

    digests: bool = True
