"""What follows when a part did not arrive, or may not have: pure decisions over values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.digests.message import Block, Card, Message, Text
from bot.digests.model import Timetable
from bot.digests.timetable import after_quiet
from bot.platforms.base import PostFailed, Remedy
from bot.storage.model import Delivery

HORIZON = timedelta(hours=24)
"""How long a part that surely did not arrive is tried again."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

LOOKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))
"""How long to wait before each further look into a history that could not be read."""

SKEW = timedelta(hours=2)
"""How far clocks may differ, or ours may be set while a part is under way."""

LONGEST_PLAIN = 1500
"""Characters of a part that is refused even alone, as plain text."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Send the same part then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Rerender:
    """Send these in its place."""

    parts: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class PauseChannel:
    """Send nothing more to this channel until somebody mends it."""


@dataclass(frozen=True, slots=True)
class EndChannel:
    """The channel is gone."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """This part cannot be delivered."""

    reason: str


Step = TryAgain | Rerender | PauseChannel | EndChannel | GiveUp


def after_failure(delivery: Delivery, failed: PostFailed, timetable: Timetable, now: datetime) -> Step:
    """The next step for a part that surely did not arrive."""
    match failed.remedy:
        case Remedy.RETRY:
            pause = failed.retry_after or min(FIRST_PAUSE * 2 ** min(delivery.attempts, 10), LONGEST_PAUSE)
            at = after_quiet(timetable, now + pause)
            within = at <= delivery.created + HORIZON
            return TryAgain(at) if within else GiveUp(f"{failed.reason}; it was tried for a day")
        case Remedy.RENDER:
            smaller = smaller_parts(delivery.message) if not delivery.renders else ()
            return Rerender(smaller) if smaller else GiveUp(f"{failed.reason}; smaller parts did not help")
        case Remedy.PAUSE:
            return PauseChannel()
        case Remedy.DEAD:
            return EndChannel()
        case _:
            assert_never(failed.remedy)


def next_look(delivery: Delivery, now: datetime) -> datetime | None:
    """When to look for an unclear part again; None when that was done often enough."""
    return now + LOOKS[delivery.looks] if delivery.looks < len(LOOKS) else None


def look_since(delivery: Delivery, now: datetime) -> datetime:
    """How far back the channel is read for the mark of this part.

    Some way before its sending, for our clock and the platform's differ; and a whole horizon where our clock has been
    set back since, so that nobody knows when it was.
    """
    begun = delivery.sending_at or delivery.created
    return begun - SKEW if begun <= now else now - HORIZON


def replaced_since(delivery: Delivery, restored: datetime | None) -> tuple[Message, ...]:
    """The parts that may stand in the place of this one, for all that a copy knows that was put back at `restored`."""
    is_old = restored is not None and delivery.created <= restored and not delivery.renders
    return smaller_parts(delivery.message) if is_old else ()


def smaller_parts(message: Message) -> tuple[Message, ...]:
    """The same message in two halves, or as plain text where it cannot be halved; empty where nothing is left to do."""
    if len(message.blocks) > 1:
        middle = len(message.blocks) // 2
        first, second = message.blocks[:middle], message.blocks[middle:]
        return (
            replace(message, blocks=first, footer=(), next_step=None, deals=_shown(first, message)),
            replace(message, blocks=second, aside=None, deals=_shown(second, message), mention=None),
        )
    return tuple(replace(message, blocks=(_plain(block),)) for block in message.blocks)


def _shown(blocks: tuple[Block, ...], message: Message) -> tuple[int, ...]:
    cards = {block.deal for block in blocks if isinstance(block, Card)}
    return tuple(deal for deal in message.deals if deal in cards)


def _plain(block: Block) -> Block:
    match block:
        case Card():
            links = " ".join(link.url for link in block.sources[:1])
            text = "\n".join(filter(None, (block.headline, block.summary, " · ".join(block.facts), links)))
        case Text() | _:
            text = getattr(block, "text", "")
    return Text(text if len(text) <= LONGEST_PLAIN else f"{text[: LONGEST_PLAIN - 1]}…")
