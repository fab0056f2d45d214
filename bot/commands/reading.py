"""Reading the deals: latest, deal, search, why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice

from bot.commands.rights import Clock
from bot.deals.model import KnownDeal
from bot.digests.card import deal_card
from bot.digests.details import deal_details
from bot.digests.message import Link, Message, Quote, Table, Text
from bot.digests.moments import day, parse_since
from bot.errors import UserError
from bot.feeds.links import canonical
from bot.platforms.base import Command, Offered, Option, Request
from bot.storage.deals import DealStore
from bot.storage.model import Outcome, SeenEntry
from bot.suggest import did_you_mean

DEFAULT, MOST = 5, 25
"""Deals in one reply."""

REMEMBERED = 100
"""The newest deals that are looked through while somebody types a number or a name."""

_VERDICTS = {
    Outcome.ANNOUNCEMENT: "Taken as an announcement",
    Outcome.REJECTED: "Not taken as an announcement",
    Outcome.PASSED_OVER: "Passed over: it was already old when its feed was first read",
}


def reading(deals: DealStore, clock: Clock, root: str) -> tuple[Command, ...]:
    """The commands of this family."""
    count = Option("n", f"how many, {DEFAULT} unless told", int, minimum=1, maximum=MOST)
    return (
        Command(
            "latest",
            "The deals learnt of last",
            partial(_latest, deals, root),
            (count,),
            examples=("latest", "latest 10"),
        ),
        Command(
            "deal",
            "One deal in full: every fact with the sentence that proves it",
            partial(_deal, deals, root),
            (deal_option(deals),),
            examples=("deal 17",),
        ),
        Command(
            "search",
            "Deals that hold all these words, whole",
            partial(_search, deals, clock, root),
            (
                Option(
                    "words",
                    "what to look for; names, headlines, summaries",
                    required=True,
                    rest=True,
                    complete=partial(_names, deals),
                ),
                Option("since", "how far back: 30d, 6w, or a date such as 2026-09-01"),
            ),
            examples=("search data platform", "search mayo since:90d"),
        ),
        Command(
            "why",
            "Why an entry was taken for an announcement, or was not",
            partial(_why, deals, root),
            (Option("url", "the entry's address", required=True),),
            examples=("why https://example.com/news/acme-and-borealis",),
        ),
    )


def deal_option(deals: DealStore) -> Option:
    """The deal that a command is about."""
    complete = partial(_deal_ids, deals)
    return Option("id", "the number behind # on its card", int, required=True, minimum=1, complete=complete)


async def _latest(deals: DealStore, root: str, request: Request) -> Message:
    found = await deals.latest(request.channel, int(request.values.get("n", DEFAULT)))
    if not found:
        return Message(
            "No deals yet",
            (Text("Feeds are read about once an hour, and deals stand here as soon as one announces them."),),
            next_step=f"/{root} status",
        )
    return _cards(f"The latest {_deals(found)}", found, f"/{root} deal {found[0].id}")


async def _deal(deals: DealStore, root: str, request: Request) -> Message:
    wanted = int(request.values["id"])
    known = await deals.get(request.channel, wanted)
    if known is None:
        raise UserError(f"There is no deal #{wanted} here. /{root} latest and /{root} search show those there are.")
    return deal_details(known, root=root)


async def _search(deals: DealStore, clock: Clock, root: str, request: Request) -> Message:
    said = request.text("words") or ""
    since = request.text("since")
    words = said.split()
    found = await deals.search(request.channel, words, parse_since(since, clock()) if since else None, MOST)
    if not found:
        raise UserError(await _nothing(deals, root, request, words))
    more = f"These are the newest {MOST}; one more word finds fewer." if len(found) == MOST else None
    return _cards(f"{_deals(found)} with “{said}”", found, f"/{root} deal {found[0].id}", more)


async def _nothing(deals: DealStore, root: str, request: Request, words: Sequence[str]) -> str:
    known = {word for name in await deals.names(request.channel) for word in name.replace(":", " ").split()}
    spelt = {word.casefold() for word in known}
    hints = [did_you_mean(word, known) for word in words if word.casefold() not in spelt]
    hint = next((hint for hint in hints if hint), " Words count whole, so fewer of them find more.")
    back = f" since {request.text('since')}" if request.text("since") else ""
    return f"No deal{back} holds {' and '.join(f'“{word}”' for word in words)}.{hint} /{root} latest shows the newest."


async def _why(deals: DealStore, root: str, request: Request) -> Message:
    said = request.text("url") or ""
    url = canonical(said)
    if url is None:
        raise UserError(f"“{said}” is not a web address. Give the entry's own, beginning with https://.")
    seen = await deals.verdict(request.channel, url)
    if seen is None:
        raise UserError(
            f"None of the feeds read here has brought {url}. /{root} feeds list shows which are read; "
            f"/{root} feeds add <address> adds one."
        )
    return _verdict(seen, root)


def _verdict(seen: SeenEntry, root: str) -> Message:
    published = f", published {day(seen.published)}" if seen.published else ""
    reasons = sorted(seen.reasons, key=lambda reason: -abs(reason.weight))
    weighed = Table(tuple((f"{reason.weight:+.1f}", reason.text) for reason in reasons), ("weight", "because"))
    return Message(
        title=f"{_VERDICTS[seen.outcome]}, {seen.score:.0%} sure that it is one",
        blocks=(
            Quote(f"Seen {day(seen.seen_at)}{published}", seen.title, Link(seen.feed_title, seen.url or "")),
            *((weighed,) if reasons else ()),
        ),
        next_step=f"/{root} deal {seen.deal}" if seen.deal else None,
    )


async def _deal_ids(deals: DealStore, request: Request, typed: str) -> Sequence[str]:
    """The newest deals whose number begins so, or whose headline holds it."""
    newest = await deals.latest(request.channel, REMEMBERED)
    wanted = typed.removeprefix("#").casefold()
    fitting = (each for each in newest if str(each.id).startswith(wanted) or wanted in each.deal.headline.casefold())
    return [Offered(str(each.id), f"#{each.id} {each.deal.headline}") for each in islice(fitting, MOST)]


async def _names(deals: DealStore, request: Request, typed: str) -> Sequence[str]:
    """The parties of the newest deals whose names hold what was typed; those that begin so stand first."""
    newest, wanted = await deals.latest(request.channel, REMEMBERED), typed.casefold()
    names = dict.fromkeys(party.name for each in newest for party in each.deal.parties)
    fitting = [name for name in names if wanted in name.casefold()]
    return sorted(fitting, key=lambda name: not name.casefold().startswith(wanted))[:MOST]


def _cards(title: str, found: Sequence[KnownDeal], next_step: str, more: str | None = None) -> Message:
    return Message(title, tuple(map(deal_card, found)), footer=(more,) if more else (), next_step=next_step)


def _deals(found: Sequence[KnownDeal]) -> str:
    return "deal" if len(found) == 1 else f"{len(found)} deals"
