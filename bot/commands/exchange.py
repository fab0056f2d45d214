"""Lists of feeds in and out: feeds import, feeds export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.commands.rights import Clock
from bot.digests.message import Message, Table, Text
from bot.errors import UserError
from bot.feeds.answer import Fetched, FetchFailed
from bot.feeds.links import canonical, host_of
from bot.feeds.model import Feed, NotAFeed
from bot.feeds.opml import LARGEST, FeedList, Outline, write_opml
from bot.platforms.base import Command, Option, Request
from bot.storage.feeds import FeedStore
from bot.storage.model import Origin
from bot.web.client import PAGES, Web
from bot.workers.pool import Workers

SHOWN = 20
TERMINAL = "terminal"
"""Only who sits at the machine itself may name its files."""


class Exchange:
    """The two commands.

    `most` is how many feeds a workspace may add; `admit` raises UserError for who asks too often.
    """

    def __init__(
        self,
        feeds: FeedStore,
        web: Web,
        workers: Workers,
        clock: Clock,
        root: str,
        *,
        most: int,
        admit: Callable[[Request], None],
    ) -> None:
        self._feeds = feeds
        self._web = web
        self._workers = workers
        self._clock = clock
        self._root = root
        self._most = most
        self._admit = admit

    def commands(self) -> tuple[Command, ...]:
        """Import for those who manage, export for everybody."""
        where = Option("list", "the address of an OPML list; on the terminal also a file", required=True)
        sure = Option("add", "yes adds them; without it you see what would be added", choices=("yes",))
        to = Option("to", "on the terminal: a new file to write")
        return (
            Command(
                "feeds import",
                "Add the feeds of an OPML list; shows them first",
                self._import,
                (where, sure),
                manages=True,
                examples=("feeds import https://example.com/feeds.opml", "feeds import feeds.opml add:yes"),
            ),
            Command(
                "feeds export",
                "The feeds that are read, as an OPML list",
                self._export,
                (to,),
                examples=("feeds export",),
            ),
        )

    async def _import(self, request: Request) -> Message:
        self._admit(request)
        place = request.text("list") or ""
        listed = await self._workers.outlines(await self._body(request, place))
        if isinstance(listed, NotAFeed):
            raise UserError(f"{listed.reason}.")
        kept = await self._feeds.list(request.channel)
        here = {each.feed.url for each in kept}
        new = [each for each in listed.outlines if each.url not in here]
        room = max(self._most - sum(each.origin is Origin.COMMAND for each in kept), 0)
        fitting = new[:room]
        if request.text("add") and fitting:
            await self._feeds.add_all(request.channel, [_feed(each) for each in fitting], self._clock())
        done = "added" if request.text("add") else "would be added"
        return Message(
            f"{len(fitting)} {'feed' if len(fitting) == 1 else 'feeds'} {done}",
            (Table(tuple(_rows(fitting)), ("feed", "address")),) if fitting else (),
            footer=tuple(_notes(listed, len(new), len(fitting), self._most)),
            next_step=None if request.text("add") or not fitting else f"/{self._root} feeds import {place} add:yes",
        )

    async def _body(self, request: Request, place: str) -> Fetched:
        """The list itself. A file is only read for who sits at the terminal."""
        if request.channel.platform == TERMINAL and "://" not in place:
            return Fetched(place, await asyncio.to_thread(_read, Path(place)), "")
        url = canonical(place)
        if url is None:
            raise UserError(f"“{place}” is not a web address.")
        answer = await self._web.fetch(url, accept=PAGES)
        if isinstance(answer, Fetched):
            return answer
        reason = answer.reason if isinstance(answer, FetchFailed) else "it cannot be asked just now"
        raise UserError(f"The list at {host_of(url)} could not be read: {reason}.")

    async def _export(self, request: Request) -> Message:
        feeds = [each.feed for each in await self._feeds.list(request.channel)]
        text, to = write_opml(feeds), request.text("to")
        if to is None:
            return Message(f"{len(feeds)} feeds as OPML", tuple(Text(line) for line in text.splitlines()))
        if request.channel.platform != TERMINAL:
            raise UserError("Files are only written for who sits at the terminal; without `to` the list is shown here.")
        await asyncio.to_thread(_write, Path(to), text)
        return Message(f"{len(feeds)} feeds written to {to}")


def _read(path: Path) -> bytes:
    try:
        with path.expanduser().open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error


def _write(path: Path, text: str) -> None:
    try:
        with path.expanduser().open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error


def _feed(outline: Outline) -> Feed:
    return Feed(outline.url, outline.title or host_of(outline.url), outline.site)


def _rows(outlines: list[Outline]) -> Iterator[tuple[str, str]]:
    for each in outlines[:SHOWN]:
        yield (each.title or host_of(each.url), each.url)
    if len(outlines) > SHOWN:
        yield (f"and {len(outlines) - SHOWN} more", "")


def _notes(listed: FeedList, new: int, fitting: int, most: int) -> Iterator[str]:
    if already := len(listed.outlines) - new:
        yield f"{already} are on the list already"
    if crowded := new - fitting:
        yield f"{crowded} find no room: {most} feeds may be added here"
    if listed.dropped:
        yield f"{listed.dropped} stand behind the first {len(listed.outlines)} of the list and were left out"
    if listed.refused:
        yield f"{listed.refused} have no web address"
