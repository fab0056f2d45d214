"""What did not arrive, and what a person decides about it: deliveries list, retry and discard; resume."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.commands.rights import Clock
from bot.digests.message import Block, Heading, Message, Name, Table, Text
from bot.digests.model import Channel
from bot.digests.moments import ago, day_month
from bot.errors import UserError
from bot.platforms.base import Command, Option, Request
from bot.storage import Storage
from bot.storage.model import Delivery, KeptSubscription, Skipped, State

NUMBER = Option("id", "the delivery's number, as `deliveries list` shows it", int, required=True, minimum=1)

WORDS = {
    State.PENDING: "waits",
    State.SENDING: "being sent",
    State.UNCERTAIN: "may have arrived",
    State.DEAD: "given up",
}


class Deliveries:
    """The commands of this family. People see and decide about their own workspace alone."""

    def __init__(self, storage: Storage, clock: Clock, root: str) -> None:
        self._storage = storage
        self._clock = clock
        self._root = root

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("deliveries list", "What has not arrived, and why", self._list, examples=("deliveries list",)),
            Command(
                "deliveries retry",
                "Send a delivery once more, whatever is known of it",
                self._retry,
                (NUMBER,),
                manages=True,
                examples=("deliveries retry 17",),
            ),
            Command(
                "deliveries discard",
                "Never send this delivery",
                self._discard,
                (NUMBER,),
                manages=True,
                examples=("deliveries discard 17",),
            ),
            Command(
                "resume",
                "Go on with a paused channel, with one digest",
                self._resume,
                manages=True,
                examples=("resume",),
            ),
        )

    async def _list(self, request: Request) -> Message:
        now = self._clock()
        standing = self._storage.standing
        waiting = await standing.unfinished(request.channel)
        paused = await standing.paused(request.channel)
        skipped = await standing.skipped(request.channel, now)
        blocks = (*_waiting(waiting, now), *_paused(paused, now), *_skipped(skipped))
        if not blocks:
            return Message("Every digest has arrived")
        going = await self._storage.subscriptions.of_workspace(request.channel.platform, request.channel.workspace)
        next_step = self._next_step(waiting, paused, {kept.id for kept in going})
        return Message("What has not arrived", blocks, next_step=next_step)

    async def _retry(self, request: Request) -> Message:
        delivery = await self._storage.standing.retry(request.channel, _number(request), self._clock())
        return Message(f"{_named(self._found(delivery, request))} is sent once more, at the next tick")

    async def _discard(self, request: Request) -> Message:
        delivery = self._found(await self._storage.standing.discard(request.channel, _number(request)), request)
        return Message(
            f"{_named(delivery)} is discarded",
            (Text("Its deals count as told; search and latest still find them."),),
        )

    async def _resume(self, request: Request) -> Message:
        if not await self._storage.channels.resume(request.place, self._clock()):
            raise UserError(f"This channel is not paused. /{self._root} status tells how it is doing.")
        return Message("Resumed: what this channel missed comes as one digest", next_step=f"/{self._root} status")

    def _found(self, delivery: Delivery | None, request: Request) -> Delivery:
        if delivery is None:
            raise UserError(
                f"There is no delivery {_number(request)} here that waits for a decision; where a channel has no "
                f"digests any more, it can only be discarded. /{self._root} deliveries list shows those that wait."
            )
        return delivery

    def _next_step(
        self, waiting: tuple[Delivery, ...], paused: tuple[KeptSubscription, ...], going: set[int]
    ) -> str | None:
        """What helps first; where a channel has no digests any more, nothing can be sent again."""
        if paused:
            return f"/{self._root} resume"
        open_ = [each for each in waiting if each.state in {State.UNCERTAIN, State.DEAD}]
        again = [each for each in open_ if each.subscription in going]
        if again:
            return f"/{self._root} deliveries retry {again[0].id}"
        return f"/{self._root} deliveries discard {open_[0].id}" if open_ else None


def _waiting(waiting: tuple[Delivery, ...], now: datetime) -> Iterator[Block]:
    if waiting:
        rows = tuple(
            (str(each.id), _place(each.channel), _slot(each.slot), f"{each.part} of {each.parts}", _state(each, now))
            for each in waiting
        )
        yield Table(rows, ("id", "channel", "digest of", "part", "how it stands"))


def _paused(paused: tuple[KeptSubscription, ...], now: datetime) -> Iterator[Block]:
    if paused:
        yield Heading("PAUSED")
        rows = tuple(
            (_place(each.subscription.channel), ago(each.paused_at or now, now), each.paused_reason or "")
            for each in paused
        )
        yield Table(rows, ("channel", "since", "because"))


def _skipped(skipped: tuple[Skipped, ...]) -> Iterator[Block]:
    if skipped:
        yield Heading("SKIPPED, FOR IT WAS TOO LATE")
        yield Table(tuple((_place(each.channel), _slot(each.slot)) for each in skipped), ("channel", "digest of"))


def _place(channel: Channel) -> Name:
    return Name(channel.id, "channel")


def _state(delivery: Delivery, now: datetime) -> str:
    why = f": {delivery.error}" if delivery.error else ""
    tries = f", tried {delivery.attempts}×, first {ago(delivery.created, now)}" if delivery.attempts else ""
    return f"{WORDS.get(delivery.state, delivery.state)}{tries}{why}"


def _named(delivery: Delivery) -> str:
    return f"Part {delivery.part} of the digest of {_slot(delivery.slot)}"


def _slot(local: str) -> str:
    at = datetime.fromisoformat(local)
    return f"{day_month(at)} {at:%H:%M}"


def _number(request: Request) -> int:
    return int(request.values["id"])
