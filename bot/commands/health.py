"""How a feed does, in words: read or not and since when, when it is asked next and why, and whether it is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.digests.moments import ago, day
from bot.storage.model import KeptFeed

STALE = timedelta(days=180)
"""A feed whose newest entry is older than this is probably left by its publisher."""

TRIAL = timedelta(days=90)
FRUITLESS = 100
"""A feed that was read for so long and brought so many entries and not one deal will hardly bring one."""

HOPELESS = timedelta(days=30)
"""A feed that fails for so long is suggested for removal; it is asked on, once a day."""

OVERDUE = timedelta(hours=1)
"""A feed that was due so long ago and not asked tells that the bot does not run, or cannot work."""

MOST_SUGGESTED = 5


def state(kept: KeptFeed, now: datetime) -> str:
    """How the feed answered last."""
    if kept.stopped:
        return f"stopped {ago(kept.stopped, now)}: its site says that it is gone for good"
    if kept.failing_since:
        since = ago(kept.failing_since, now).replace("just now", "this minute")
        read = f"; last read {ago(kept.last_success, now)}" if kept.last_success else ""
        return f"failing since {since}: {kept.last_error or 'no answer'}{read}"
    left_out = f"; {kept.left_out:,} of its entries are too many and left out" if kept.left_out else ""
    return f"read {ago(kept.last_success, now)}{left_out}" if kept.last_success else "not asked yet"


def following(kept: KeptFeed, now: datetime) -> str:
    """When the feed is asked next, and why then."""
    if kept.next_poll is None:
        return "never"
    if now - kept.next_poll >= OVERDUE:
        return f"should have been asked {ago(kept.next_poll, now)}"
    return f"{_ahead(kept.next_poll - now)}{f', {kept.why}' if kept.why else ''}"


def overdue(feeds: Sequence[KeptFeed], now: datetime) -> tuple[KeptFeed, ...]:
    """The feeds that should have been asked long ago, the longest overdue first."""
    late = [each for each in feeds if each.next_poll and now - each.next_poll >= OVERDUE]
    return tuple(sorted(late, key=lambda each: each.next_poll or now))


def suggestions(feeds: Sequence[KeptFeed], now: datetime, root: str) -> Iterator[str]:
    """What to do about feeds that bring nothing, a sentence each."""
    poor = [(each, why) for each in feeds if (why := _poverty(each, now))]
    for each, why in poor[:MOST_SUGGESTED]:
        yield f"{each.feed.title} {why}: /{root} feeds remove {each.id}"
    if len(poor) > MOST_SUGGESTED:
        yield f"{len(poor) - MOST_SUGGESTED} more bring nothing either"


def _poverty(kept: KeptFeed, now: datetime) -> str | None:
    if kept.stopped:
        return "is gone for good"
    if kept.failing_since and now - kept.failing_since >= HOPELESS:
        return f"could not be read since {day(kept.failing_since)}"
    if kept.newest and now - kept.newest >= STALE:
        return f"has brought nothing new since {day(kept.newest)}"
    if kept.first_read and now - kept.first_read >= TRIAL and kept.entries >= FRUITLESS and not kept.deals:
        return f"brought {kept.entries} entries and no deal since {day(kept.first_read)}"
    return None


def _ahead(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    if minutes < 1:
        return "any moment"
    if minutes < 120:
        return f"in {minutes} min"
    return f"in {minutes // 60} h" if minutes < 48 * 60 else f"in {minutes // (24 * 60)} days"
