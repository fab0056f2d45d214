"""What this channel gets and when: subscribe, unsubscribe, settings, digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.rights import Clock, require_manager
from bot.commands.wishes import wish_options, wishes_in_words, with_wishes
from bot.digests.compose import plan_digest, told
from bot.digests.message import Message, Table, Text
from bot.digests.model import Channel, Slot, Subscription
from bot.digests.moments import moment
from bot.digests.spelling import describe
from bot.digests.timetable import next_slot
from bot.errors import UserError
from bot.platforms.base import Command, Option, Request
from bot.storage import Storage
from bot.storage.model import KeptSubscription

UNSAVED = 0
"""The id of a subscription that is only tried out."""

ELSEWHERE = Option("channel", "a channel other than this one", Channel)


class Subscriptions:
    """The commands of this family. `defaults` is what a new subscription has unless it is told otherwise."""

    def __init__(self, storage: Storage, clock: Clock, root: str, defaults: Subscription) -> None:
        self._storage = storage
        self._clock = clock
        self._root = root
        self._defaults = defaults

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(
                "subscribe",
                "Bring this channel a digest of partnership news",
                self._subscribe,
                (*wish_options(), ELSEWHERE),
                manages=True,
                examples=(
                    "subscribe",
                    "subscribe weekdays 08:00 Europe/London",
                    'subscribe days:mon,thu zone:America/New_York sectors:"payer, pharma"',
                    'subscribe include:"data platform, genomics" exclude:webinar maximum:5',
                ),
            ),
            Command(
                "settings",
                "Show what this channel gets, or change it",
                self._settings,
                (*wish_options(), ELSEWHERE),
                examples=("settings", "settings times:08:00,17:30", "settings sectors:any empty:silence"),
            ),
            Command(
                "digest preview",
                "The next digest as it would be now; nothing counts as told",
                self._preview,
                (*wish_options(), ELSEWHERE),
                examples=("digest preview", "digest preview sectors:pharma maximum:5"),
            ),
            Command(
                "unsubscribe",
                "End this channel's digests",
                self._unsubscribe,
                (ELSEWHERE,),
                manages=True,
                examples=("unsubscribe",),
            ),
        )

    async def _subscribe(self, request: Request) -> Message:
        kept = await self._storage.subscriptions.get(request.place)
        if kept is None:
            saved = await self._save(with_wishes(self._new(request), request), request.user)
            return self._told(saved, "Subscribed")
        if not request.values:
            return self._told(kept, "This channel is subscribed already")
        return self._told(await self._save(with_wishes(kept.subscription, request), request.user), "Changed")

    async def _settings(self, request: Request) -> Message:
        kept = await self._storage.subscriptions.get(request.place)
        if kept is None:
            raise UserError(f"This channel gets no digests yet. /{self._root} subscribe begins them.")
        if not request.values:
            return self._told(kept, "What this channel gets")
        require_manager(request)
        return self._told(await self._save(with_wishes(kept.subscription, request)), "Changed")

    async def _unsubscribe(self, request: Request) -> Message:
        if not await self._storage.subscriptions.remove(request.place, self._clock()):
            raise UserError(
                f"This channel gets no digests, so there is nothing to end. /{self._root} subscribe begins."
            )
        return Message(
            "This channel gets no more digests",
            (Text("What it was told stays known: should it subscribe again, no deal is announced twice."),),
            next_step=f"/{self._root} subscribe",
        )

    async def _preview(self, request: Request) -> Message:
        now = self._clock()
        kept = await self._previewed(request, now)
        coverage = await self._storage.feeds.coverage(request.place)
        candidates = await self._storage.deals.wanted(kept, now)
        digest = plan_digest(kept.subscription, _slot_now(kept, now), kept.since, candidates, coverage, now=now)
        message = told(digest, root=self._root)
        if kept.id == UNSAVED:
            planned = f"preview: the first digest would come {self._when(kept)}; nothing is subscribed by this"
        else:
            planned = f"preview: the next digest comes {self._when(kept)}, with what is new by then"
        return Message(message.title, message.blocks, message.aside, (*message.footer, planned))

    async def _previewed(self, request: Request, now: datetime) -> KeptSubscription:
        """The channel's subscription with the wishes that are tried out; for a new channel, one that is not saved."""
        kept = await self._storage.subscriptions.get(request.place)
        if kept is None and not request.values:
            raise UserError(
                f"Without a subscription there is no digest to preview. /{self._root} subscribe begins one."
            )
        tried = with_wishes(kept.subscription if kept else self._new(request), request)
        due = next_slot(tried.timetable, now).at
        return replace(kept, subscription=tried, next_due=due) if kept else KeptSubscription(UNSAVED, tried, due, now)

    def _new(self, request: Request) -> Subscription:
        wanted = self._defaults
        return Subscription(request.place, wanted.timetable, wanted.topics, wanted.maximum, wanted.when_empty)

    async def _save(self, subscription: Subscription, by: str | None = None) -> KeptSubscription:
        """What the channel wants from now on. Whoever changes it wants it to go on, should it be paused."""
        now = self._clock()
        await self._storage.channels.resume(subscription.channel, now)
        due = next_slot(subscription.timetable, now).at
        return await self._storage.subscriptions.save(subscription, due, now, by)

    def _told(self, kept: KeptSubscription, what: str) -> Message:
        coming = f"none while it is paused: {kept.paused_reason}" if kept.paused_reason else self._when(kept)
        return Message(
            f"{what}: {describe(kept.subscription.timetable)}",
            (Table((*wishes_in_words(kept.subscription), ("Next digest", coming))),),
            next_step=f"/{self._root} {'resume' if kept.paused_reason else 'digest preview'}",
        )

    def _when(self, kept: KeptSubscription) -> str:
        zone = ZoneInfo(kept.subscription.timetable.zone)
        return moment(kept.next_due, self._clock(), zone)


def _slot_now(kept: KeptSubscription, now: datetime) -> Slot:
    local = now.astimezone(ZoneInfo(kept.subscription.timetable.zone)).replace(tzinfo=None)
    return Slot(local, now)
