"""The `pactwire` command (the only owner of typer). A person's mistake ends in a sentence, never in a stack trace."""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__
from bot.errors import ConfigError, PactwireError, UserError
from bot.evaluate.part import Part

if TYPE_CHECKING:
    from bot.config import Config
    from bot.logs import Form, Level

CONFIG = Path("config.toml")
FAILED = 1

cli = typer.Typer(
    name="pactwire",
    help="Partnership news of the cloud and healthcare worlds, kept as deals and told in your channel.",
    epilog="Without a command it runs: the bot where there is a config.toml, else a tour on samples.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
feeds = typer.Typer(help="Look after feeds.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(feeds, name="feeds")
slack = typer.Typer(help="Set Slack up.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(slack, name="slack")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration.", show_default="config.toml, where there is one"),
]


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except PactwireError as error:
        print(error, file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


@cli.callback(invoke_without_command=True)
def _default(
    context: typer.Context,
    config: ConfigOption = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    context.obj = config
    if version:
        print(f"pactwire {__version__}")
    elif context.invoked_subcommand is None:
        run(context)


@cli.command()
def run(context: typer.Context, config: ConfigOption = None) -> None:
    """Run the bot; without a configuration, play the tour on samples."""
    chosen = _chosen(context, config)
    if chosen is None:
        tour()
    else:
        from bot.app import run_bot

        _start(chosen.pactwire.log_level, run_bot(chosen), chosen.pactwire.log_format)


@cli.command()
def tour() -> None:
    """Play the whole pipeline on samples, over loopback."""
    from bot.errands import run_tour

    _start("warning", run_tour())


@cli.command()
def do(
    context: typer.Context,
    line: Annotated[
        str, typer.Argument(metavar="COMMAND", help='As one would type it in a channel, in quotes: "latest 5".')
    ],
    config: ConfigOption = None,
) -> None:
    """Answer one command and end."""
    chosen = _chosen(context, config)  # whose mistakes are told before everything is loaded

    from bot.errands import run_command

    _start("warning", run_command(chosen, line))


@cli.command()
def deliveries(context: typer.Context, config: ConfigOption = None) -> None:
    """Say what has not arrived, and why."""
    do(context, "deliveries list", config)


@cli.command()
def backup(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to.", show_default="backups/ beside the database")] = None,
    config: ConfigOption = None,
) -> None:
    """Copy the database, whether the bot runs or not. To restore, put the copy in its place while nothing runs."""
    from bot.errands import back_up

    print(f"Written: {back_up(_chosen(context, config), file)}")


@cli.command("check-config")
def check_config(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="The file to check.", show_default="config.toml")] = None,
    config: ConfigOption = None,
) -> None:
    """Say whether a configuration is right, and everything that is wrong with it."""
    file = path or _named(context, config) or CONFIG
    found = _loaded(file)

    from bot.app import seeds
    from bot.chats import missing_secrets

    if missing := [*missing_secrets(found)]:
        raise ConfigError("\n".join([f"{file} is right, but:", *missing]))
    print(f"{file} is right: {len(seeds(found))} feeds, digests {found.digests.days} in {found.digests.zone}.")


@cli.command()
def recognise(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="Posts as JSON lines; - reads from the pipe.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Say which posts tell one deal; reads all before it answers.")
    ] = False,
) -> None:
    """Say of each post whether it announces a partnership, and what: JSON lines in, JSON lines out."""
    from bot.filter import answer_lines

    # A lone surrogate that a line brought along is written as the escape that JSON has for it.
    try:
        for answer in answer_lines(file, merge=merge):
            sys.stdout.buffer.write(answer.encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader has seen enough. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@cli.command()
def evaluate(
    data: Annotated[list[Path], typer.Argument(help="Labelled posts as JSON lines; any number of files.")],
    texts: Annotated[Path | None, typer.Option(help="Where the texts of rows without one lie, by id.")] = None,
    part: Annotated[Part, typer.Option(help="All groups, those held out by hash (a third), or the others.")] = Part.ALL,
    errors: Annotated[bool, typer.Option("--errors", help="List the mistakes with their reasons.")] = False,
) -> None:
    """Measure the recogniser on labelled posts, beside simple baselines."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.evaluate.judge import judge
    from bot.evaluate.report import mistakes, report
    from bot.evaluate.samples import load

    samples = load(data, texts, part)
    if not samples:
        raise UserError("There is no labelled post to measure.")
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        judging = progress.add_task("Judging posts", total=len(samples))
        outcomes = judge(samples, lambda: progress.advance(judging))
    for mistake in mistakes(outcomes) if errors else ():
        print(mistake)
    print(report(outcomes))


@feeds.command("check")
def check(
    context: typer.Context,
    config: ConfigOption = None,
    pack: Annotated[list[str] | None, typer.Option(help="A built-in pack; may be given more than once.")] = None,
) -> None:
    """Try all feeds side by side: those of the configuration, or of the named packs, or of every pack."""
    chosen = None if pack else _chosen(context, config)
    _start("error", _check(chosen or _packs(tuple(pack or ()))))


async def _check(config: Config) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from bot.app import seeds
    from bot.errands import try_feeds

    with Progress(console=Console(stderr=True), transient=True) as progress:
        asking = progress.add_task("Asking feeds", total=len(seeds(config)))
        fine = await try_feeds(config, lambda _: progress.advance(asking))
    if not fine:
        raise typer.Exit(FAILED)


@slack.command()
def manifest(
    public_url: Annotated[str | None, typer.Option(help="For HTTP mode: the https address of this bot.")] = None,
    root: Annotated[str, typer.Option(help="The root command, as `root_command` in the configuration.")] = "deals",
) -> None:
    """Print the manifest that a Slack app is created from."""
    import asyncio

    asyncio.run(_manifest(root, public_url))


async def _manifest(root: str, public_url: str | None) -> None:
    from tempfile import TemporaryDirectory

    from bot.app import open_app
    from bot.config import Config, Pactwire
    from bot.platforms.slack.manifest import manifest_text

    with TemporaryDirectory() as folder:
        config = Config(pactwire=Pactwire(database=Path(folder) / "empty.db", root_command=root))
        async with open_app(config) as app:
            print(manifest_text(app.commands, root, public_url), end="")


def _packs(names: tuple[str, ...]) -> Config:
    from bot.config import Config, Feeds
    from bot.feeds.pack import packs

    if unknown := sorted(set(names) - set(packs())):
        raise ConfigError(f"There is no pack {', '.join(unknown)}. There are {', '.join(packs())}.")
    return Config(feeds=Feeds(packs=names or packs()))


def _chosen(context: typer.Context, config: Path | None) -> Config | None:
    """The configuration that was named, or the one that lies here, or None."""
    path = _named(context, config) or (CONFIG if CONFIG.exists() else None)
    return None if path is None else _loaded(path)


def _named(context: typer.Context, config: Path | None) -> Path | None:
    """The file that was named behind the command, or before it."""
    before: Path | None = context.obj
    return config or before


def _loaded(path: Path) -> Config:
    from bot.config import load_config

    return load_config(path)


def _start(level: Level, work: Coroutine[Any, Any, None], form: Form = "text") -> None:
    import asyncio  # half of what `--help` would wait for

    from bot.logs import configure

    configure(level, form)
    asyncio.run(work)
