"""From a due slot to the message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.deals.model import KnownDeal
from bot.digests.compose import GROUPS, compose, plan_digest
from bot.digests.message import Card, Heading, Message
from bot.digests.model import Channel, Coverage, Digest, FailingFeed, Slot, Subscription, Timetable, Topics, WhenEmpty
from bot.feeds.model import Sector
from tests.builders import announcement, known

SLOT = Slot(datetime.fromisoformat("2026-11-24T08:00"), datetime(2026, 11, 24, 7, tzinfo=UTC))
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
ALL_READ = Coverage(40, 40)
ANYTHING = Topics()


def digest(
    *deals: KnownDeal,
    since: datetime | None = MONDAY,
    coverage: Coverage = ALL_READ,
    maximum: int = 10,
    topics: Topics = ANYTHING,
    lateness: timedelta = timedelta(0),
) -> Digest:
    channel = Channel("terminal", "local", "screen")
    subscription = Subscription(channel, Timetable(zone="Europe/Paris"), topics, maximum)
    return plan_digest(subscription, SLOT, since, deals, coverage, now=SLOT.at + lateness)


def message(planned: Digest) -> Message:
    composed = compose(planned, root="deals")
    assert composed is not None
    return composed


def ids(planned: Digest) -> list[int]:
    return [deal.id for deal in planned.deals]


def test_the_title_tells_the_day_the_number_and_since_when_in_the_channels_own_time() -> None:
    composed = message(digest(known(1), known(2)))
    assert composed.title == "Partnership news · Tue 24 Nov · 2 deals since Mon 08:00"
    assert composed.aside == "40 of 40 feeds read"


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (None, "1 deal"),
        (MONDAY, "1 deal since Mon 08:00"),
        (MONDAY - timedelta(days=6), "1 deal since 17 Nov 08:00"),
        (MONDAY - timedelta(days=365), "1 deal since 23 Nov 2025 08:00"),
    ],
)
def test_an_earlier_slot_is_named_so_that_it_cannot_be_mistaken(since: datetime | None, words: str) -> None:
    assert message(digest(known(1), since=since)).title == f"Partnership news · Tue 24 Nov · {words}"


def test_the_best_come_first_and_the_cut_is_counted() -> None:
    told_twice = known(2, announcements=(announcement("One"), announcement("Two")))
    newer = known(3, published=MONDAY + timedelta(hours=5))
    planned = digest(known(1, score=0.6), told_twice, newer, known(4, published=None), maximum=3)
    assert ids(planned) == [2, 3, 4]
    assert planned.cut == 1
    assert message(planned).footer == ("and 1 more: /deals latest",)
    assert message(planned).deals == (2, 3, 4)


def test_what_the_channel_does_not_want_is_neither_shown_nor_counted() -> None:
    planned = digest(known(1), known(2, score=0.3), maximum=1)
    assert (ids(planned), planned.cut) == ([1], 0)


def test_deals_stand_in_groups_in_a_fixed_order_and_the_best_first_in_each() -> None:
    planned = digest(
        known(1, sector=Sector.OTHER),
        known(2, sector=Sector.TECHNOLOGY, score=0.6),
        known(3, sector=Sector.HEALTH_SYSTEM),
        known(4, sector=Sector.CLOUD),
    )
    shown = [block.text if isinstance(block, Heading) else block.deal for block in _known_blocks(message(planned))]
    assert shown == ["HEALTH SYSTEMS", 3, "CLOUD & TECHNOLOGY", 4, 2, "OTHER", 1]


def test_every_sector_has_its_group() -> None:
    assert set(GROUPS) == set(Sector)


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (15, False), (16, True), (3000, True)])
def test_a_digest_is_late_after_a_quarter_of_an_hour_and_says_so(minutes: int, late: bool) -> None:
    planned = digest(known(1), lateness=timedelta(minutes=minutes))
    assert planned.late is late
    assert message(planned).footer == (("late: this digest was due at 08:00 on Tuesday",) if late else ())


def test_a_quiet_day_is_one_line_or_silence_as_the_channel_wishes() -> None:
    composed = message(digest())
    assert composed.title == "Partnership news · Tue 24 Nov · nothing new since Mon 08:00"
    assert composed.blocks == ()
    assert compose(digest(), root="deals", when_empty=WhenEmpty.SILENCE) is None


def test_silence_is_only_for_days_without_news() -> None:
    assert compose(digest(known(1)), root="deals", when_empty=WhenEmpty.SILENCE) is not None


def test_a_role_is_called_for_new_deals_and_for_nothing_else() -> None:
    news, nothing = compose(digest(known(1)), root="deals", mention="7"), compose(digest(), root="deals", mention="7")
    assert news is not None
    assert nothing is not None
    assert (news.mention, nothing.mention) == ("7", None)


def test_when_nothing_could_be_read_it_does_not_claim_that_nothing_is_new() -> None:
    composed = message(digest(coverage=Coverage(3, 0)))
    assert composed.title.endswith("no feed could be read since Mon 08:00")


def test_a_workspace_without_feeds_is_told_how_to_add_one() -> None:
    composed = message(digest(coverage=Coverage(0, 0)))
    assert (composed.aside, composed.footer) == ("no feeds yet", ("add a feed: /deals feeds add <address>",))


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        ([("A", 0)], "not read since Mon 15:10: A (403)"),
        ([("A", 0), ("B", 0)], "not read since Mon 15:10: A (403), B (403)"),
        ([("A", 0), ("B", 9)], "not read: B since 14 Nov 15:10 (403), A since Mon 15:10 (403)"),
        (
            [(name, 0) for name in "ABCDEFG"],
            "not read since Mon 15:10: A (403), B (403), C (403), D (403), E (403), and 2 more: /deals feeds list",
        ),
    ],
)
def test_feeds_that_could_not_be_read_are_named_up_to_five(failing: list[tuple[str, int]], words: str) -> None:
    since = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
    feeds = tuple(FailingFeed(title, since - timedelta(days=days), "403") for title, days in failing)
    composed = message(digest(known(1), coverage=Coverage(40, 38, feeds)))
    assert (composed.aside, composed.footer) == ("38 of 40 feeds read", (words,))


def _known_blocks(composed: Message) -> list[Heading | Card]:
    return [block for block in composed.blocks if isinstance(block, Heading | Card)]
