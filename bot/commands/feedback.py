"""What people say about a deal: sources, follow, wrong. Buttons under a deal give these commands too."""

from __future__ import annotations

from functools import partial

from bot.commands.reading import deal_option
from bot.commands.rights import Clock
from bot.deals.model import KnownDeal
from bot.digests.card import fact_in_words
from bot.digests.message import Link, Message, Quote, Text
from bot.digests.moments import day
from bot.errors import UserError
from bot.feeds.links import host_of
from bot.platforms.base import Command, Option, Request
from bot.storage import Storage
from bot.storage.model import Remark

NOTHING = "nothing"
"""What is wrong with a deal after all: takes back what was said about it."""


def feedback(storage: Storage, clock: Clock, root: str) -> tuple[Command, ...]:
    """The commands of this family."""
    deal = deal_option(storage.deals)
    about = Option("about", "what is wrong with it", required=True, choices=(*Remark, NOTHING))
    return (
        Command(
            "sources",
            "Who tells of a deal, with the addresses",
            partial(_sources, storage, root),
            (deal,),
            examples=("sources 17",),
        ),
        Command(
            "follow",
            "Follow a deal for yourself; once more to stop",
            partial(_follow, storage, clock, root),
            (deal,),
            examples=("follow 17",),
        ),
        Command(
            "wrong",
            "Say that a deal is not a partnership, or that one of its facts is wrong",
            partial(_wrong, storage, clock, root),
            (deal, about),
            manages=True,
            examples=("wrong 17 partnership", "wrong 17 fact", "wrong 17 nothing"),
        ),
    )


async def _sources(storage: Storage, root: str, request: Request) -> Message:
    known = await _known(storage, root, request)
    told = tuple(
        Quote(
            f"{each.publisher}, {day(each.published) if each.published else 'undated'}",
            each.title,
            Link(host_of(each.url), each.url) if each.url else None,
        )
        for each in known.deal.announcements
    )
    return Message(f"Who tells of deal #{known.id}", told)


async def _follow(storage: Storage, clock: Clock, root: str, request: Request) -> Message:
    known = await _known(storage, root, request)
    follows = await storage.feedback.follow(request.channel, request.user, known.id, clock())
    told = "You are told, and nobody else, when another source announces it, and when it is widened or renewed."
    note = (Text(told),) if follows else ()
    what = "You follow this deal now" if follows else "You no longer follow this deal"
    return Message(f"{what}: #{known.id}", (Text(known.deal.headline), *note), next_step=f"/{root} deal {known.id}")


async def _wrong(storage: Storage, clock: Clock, root: str, request: Request) -> Message:
    known = await _known(storage, root, request)
    if request.text("about") == NOTHING:
        return await _right_after_all(storage, known, request)
    kind = Remark(request.text("about") or "")
    new = await storage.feedback.remark(request.channel, request.user, known.id, kind, clock())
    facts = ", ".join(fact_in_words(fact) for fact in known.deal.facts)
    said = f"that deal #{known.id} is not a partnership"
    if kind is Remark.FACT:
        said = f"that a fact of deal #{known.id} is wrong{f' ({facts})' if facts else ''}"
    left_out = " It is left out of later digests, latest and search here." if kind is Remark.PARTNERSHIP else ""
    return Message(
        "Thank you, that is kept" if new else "You had said so before",
        (Text(f"You say {said}.{left_out} What was posted stays as it is."),),
        next_step=f"/{root} wrong {known.id} {NOTHING}",
    )


async def _right_after_all(storage: Storage, known: KnownDeal, request: Request) -> Message:
    if not await storage.feedback.take_back(request.channel, known.id):
        raise UserError(f"Nobody here had said that anything is wrong with deal #{known.id}.")
    return Message(f"Deal #{known.id} stands again", (Text("What was said to be wrong with it is taken back."),))


async def _known(storage: Storage, root: str, request: Request) -> KnownDeal:
    wanted = int(request.values["id"])
    known = await storage.deals.get(request.channel, wanted)
    if known is None:
        raise UserError(f"There is no deal #{wanted} here. /{root} latest and /{root} search show those there are.")
    return known
