"""What people are told about a channel's deliveries by another way than the channel. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.digests.message import Block, Message, Name, Table, Text
from bot.digests.moments import day_month
from bot.storage.model import Delivery, KeptSubscription, Notice


def paused(kept: KeptSubscription, reason: str, root: str, now: datetime) -> Notice:
    """A channel was paused."""
    channel = kept.subscription.channel
    text = (
        f"Digests are paused: {reason}. Nothing is lost. When the channel is mended, /{root} resume in it goes on with "
        "one digest."
    )
    return Notice(channel, f"paused/{channel.id}/{now.isoformat(timespec='minutes')}", text)


def gone(kept: KeptSubscription, reason: str, root: str, now: datetime) -> Notice:
    """A channel's subscription was ended."""
    channel = kept.subscription.channel
    text = f"Digests have ended: {reason}. /{root} subscribe begins them elsewhere."
    return Notice(channel, f"gone/{channel.id}/{now.isoformat(timespec='minutes')}", text)


def uncertain(delivery: Delivery, reason: str, root: str) -> Notice:
    """Nobody can tell whether a part arrived."""
    text = (
        f"{_named(delivery)} may not have arrived: {reason}. It is not sent again blindly. If it does not stand in "
        f"the channel: /{root} deliveries retry {delivery.id}; if it does: /{root} deliveries discard {delivery.id}."
    )
    return Notice(delivery.channel, f"uncertain/{delivery.key}", text)


def dead(delivery: Delivery, reason: str, root: str) -> Notice:
    """A part was given up."""
    again = f"/{root} deliveries retry {delivery.id}"
    text = f"{_named(delivery)} could not be delivered: {reason}. To try once more: {again}."
    return Notice(delivery.channel, f"dead/{delivery.key}", text)


def gathered(notices: Sequence[Notice], root: str) -> Message:
    """All that somebody has to be told now, as one message; a channel is named as its platform names it."""
    things = "one thing" if len(notices) == 1 else f"{len(notices)} things"
    return Message(f"Pactwire needs somebody to look at {things}", _few(notices), next_step=f"/{root} status")


def followed(notices: Sequence[Notice], root: str) -> Message:
    """All that is new of the deals that somebody follows, as one message."""
    how = f"a deal in full: /{root} deal and its number; no more of it: /{root} follow and its number"
    return Message("News of what you follow", _few(notices), footer=(how,))


_SHOWN = 10


def _few(notices: Sequence[Notice]) -> tuple[Block, ...]:
    shown = tuple(map(_shown, notices[:_SHOWN]))
    rest = len(notices) - len(shown)
    return (*shown, Text(f"And {rest} more.", quiet=True)) if rest else shown


def _shown(notice: Notice) -> Block:
    return Table(((Name(notice.channel.id, "channel"), notice.text),)) if notice.channel.id else Text(notice.text)


def _named(delivery: Delivery) -> str:
    at = datetime.fromisoformat(delivery.slot)
    part = f" (part {delivery.part} of {delivery.parts})" if delivery.parts > 1 else ""
    return f"The digest of {day_month(at)} {at:%H:%M}{part}"
