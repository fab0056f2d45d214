"""Judging any page: is it a deal, is it known here, where was it told. The messages' "Add as deal" asks this too."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from bot.commands.pace import Pace
from bot.commands.rights import Clock
from bot.deals.merge import party_keys
from bot.deals.model import Announcement, Judged, KnownDeal
from bot.deals.triage import triage
from bot.digests.card import deal_card
from bot.digests.message import Link, Message, Quote, Table, Text
from bot.digests.moments import ago
from bot.errors import UserError
from bot.feeds.answer import Fetched, FetchFailed
from bot.feeds.links import canonical, host_of
from bot.feeds.model import Entry, Feed
from bot.platforms.base import Command, Option, Request
from bot.storage import Storage
from bot.web.client import PAGES, Web
from bot.workers.pool import Workers

REACH = timedelta(days=400)
"""How far back a deal may lie that a page tells of."""

JUDGED_AN_HOUR = 20
"""How often one person may make us read a page."""


class Judging:
    """The command of this family."""

    def __init__(self, storage: Storage, web: Web, workers: Workers, clock: Clock, root: str) -> None:
        self._storage = storage
        self._web = web
        self._workers = workers
        self._clock = clock
        self._root = root
        self._pace = Pace(JUDGED_AN_HOUR, timedelta(hours=1))

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(
                "judge",
                "Read a page now: does it announce a deal, and is that known?",
                self._judge,
                (Option("url", "the page's address", required=True),),
                examples=("judge https://example.com/news/acme-and-borealis",),
            ),
        )

    async def _judge(self, request: Request) -> Message:
        said = request.text("url") or ""
        url = canonical(said)
        if url is None:
            raise UserError(f"“{said}” is not a web address. Give the page's own, beginning with https://.")
        seen = await self._storage.deals.verdict(request.channel, url)
        if seen and seen.deal:
            known = await self._storage.deals.get(request.channel, seen.deal)
            if known:
                return await self._told(request, f"A deal, known from {seen.feed_title}", known, ())
        wait = self._pace.wait(f"{request.channel.platform} {request.channel.workspace} {request.user}", self._clock())
        if wait:
            raise UserError(
                f"That is {JUDGED_AN_HOUR} pages within an hour; the next one in {ceil(wait.seconds / 60)} min."
            )
        judged = await _read(url, self._web, self._workers)
        if isinstance(judged.verdict, Announcement):
            return await self._announcement(request, judged.verdict)
        reason = max(judged.verdict.reasons, key=lambda each: abs(each.weight), default=None)
        why = f"{reason.text}." if reason else "Nothing in it says that somebody teams up with somebody."
        return Message(f"No deal: {judged.entry.title}", (Text(why),))

    async def _announcement(self, request: Request, verdict: Announcement) -> Message:
        keys = {key for party in verdict.parties for key in party_keys(party)}
        near = await self._storage.deals.related(keys, self._clock() - REACH)
        decided = triage((Judged(_NOBODYS, verdict),), near)
        known = await self._storage.deals.get(request.channel, decided.joined[0].deal) if decided.joined else None
        sentence = verdict.summary[0].text if verdict.summary else verdict.title
        quote = Quote(f"{verdict.score:.0%} sure", sentence, Link(verdict.publisher, verdict.url or ""))
        if known:
            return await self._told(request, "A deal, and a known one", known, (quote,))
        note = Text("Not known here: no feed that is read has told it.", quiet=True)
        return Message(f"A deal: {verdict.headline}", (quote, note), next_step=f"/{self._root} feeds add {verdict.url}")

    async def _told(self, request: Request, title: str, known: KnownDeal, more: tuple[Quote, ...]) -> Message:
        told = await self._storage.deliveries.told(request.channel, known.id)
        here = next((at for channel, at in told if channel == request.channel), None)
        others = sum(channel != request.channel for channel, _ in told)
        now = self._clock()
        rows = (
            ("This channel", f"was told {ago(here, now)}" if here else "was not told"),
            ("Other channels", f"{others} told" if others else "not told"),
        )
        return Message(title, (deal_card(known), *more, Table(rows)), next_step=f"/{self._root} deal {known.id}")


async def _read(url: str, web: Web, workers: Workers) -> Judged:
    """The page as an entry that nobody's feed has brought, judged like any other."""
    page = await web.fetch(url, accept=PAGES)
    if not isinstance(page, Fetched):
        reason = page.reason if isinstance(page, FetchFailed) else "its site asked us to stay away for a while"
        raise UserError(f"{url} cannot be read: {reason}.")
    text = await workers.article(page)
    if not text:
        raise UserError(f"{url} holds no article that can be told from the rest of the page.")
    title = (await workers.about(page)).title or text.partition("\n")[0][:200]
    entry = Entry("judged", (f"link:{url}",), title, text, url)
    (judged,) = await workers.judge((entry,), Feed(url, host_of(url)))
    return judged


_NOBODYS = Entry("judged", (), "", "")
