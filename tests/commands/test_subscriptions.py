"""What a channel gets and when."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.digests.message import Card, Message, Name, Table
from bot.digests.model import Channel, Subscription, Timetable, Topics, WhenEmpty
from bot.errors import UserError
from bot.feeds.model import Sector
from tests.builders import announced
from tests.desk import HERE, Desk, shown


async def subscription(desk: Desk) -> Subscription | None:
    kept = await desk.storage.subscriptions.get(HERE)
    return kept.subscription if kept else None


async def test_subscribing_needs_no_options(desk: Desk) -> None:
    reply = await desk.ask("subscribe")
    assert reply.title == "Subscribed: weekdays at 08:00, UTC"
    assert await subscription(desk) == Subscription(HERE)
    assert "Next digest | Tue 08:00" in shown(reply)


async def test_every_wish_is_kept_and_told(desk: Desk) -> None:
    reply = await desk.ask(
        'subscribe mon,thu 8am,17:30 europe/london sectors:"health system, payers" include:"data platform, ai" '
        "exclude:webinar minimum_score:0.7 maximum:5 empty:silence"
    )
    assert await subscription(desk) == Subscription(
        HERE,
        Timetable(frozenset((0, 3)), (time(8), time(17, 30)), "Europe/London"),
        Topics(frozenset((Sector.HEALTH_SYSTEM, Sector.PAYER)), ("data platform", "ai"), ("webinar",), 0.7),
        maximum=5,
        when_empty=WhenEmpty.SILENCE,
    )
    said = shown(reply)
    for row in ("Sectors | health system, payer", "Only with | data platform, ai", "Never with | webinar"):
        assert row in said
    for row in ("Sure at least | 70%", "At most | 5 deals a digest", "Nothing new | silence"):
        assert row in said


async def test_a_role_to_mention_is_kept_shown_and_cleared_where_there_are_roles(desk: Desk) -> None:
    place = Channel("discord", "1", "2")
    assert ("Mentions", Name("77", "role")) in rows(await desk.ask("subscribe mention:<@&77>", channel=place))
    for refused in ("mention:@everyone", "mention:<@&1>", "mention:<@77>"):
        with pytest.raises(UserError, match="Only one role of this server"):
            await desk.ask(f"settings {refused}", channel=place)
    assert "Mentions" not in {row[0] for row in rows(await desk.ask("settings mention:none", channel=place))}
    with pytest.raises(UserError, match="is for Discord"):
        await desk.ask("subscribe mention:<@&77>")


def rows(message: Message) -> tuple[tuple[str, ...], ...]:
    (table,) = message.blocks
    assert isinstance(table, Table)
    return table.rows


async def test_settings_change_only_what_they_name(desk: Desk) -> None:
    await desk.ask("subscribe daily 09:00 Europe/Paris include:cloud")
    reply = await desk.ask("settings times:07:00")
    assert reply.title == "Changed: daily at 07:00, Europe/Paris"
    await desk.ask("settings include:none")
    changed = await subscription(desk)
    assert changed is not None
    assert (changed.timetable.zone, changed.topics.include) == ("Europe/Paris", ())


async def test_a_new_timetable_moves_the_next_digest(desk: Desk) -> None:
    await desk.ask("subscribe")
    await desk.ask("settings times:17:30")
    kept = await desk.storage.subscriptions.get(HERE)
    assert kept is not None
    assert kept.next_due == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


async def test_subscribing_twice_shows_what_there_is(desk: Desk) -> None:
    await desk.ask("subscribe daily")
    assert (await desk.ask("subscribe")).title == "This channel is subscribed already: daily at 08:00, UTC"
    assert (await desk.ask("subscribe times:10:00")).title == "Changed: daily at 10:00, UTC"


@pytest.mark.parametrize(
    ("wish", "reply"),
    [
        ("zone:london", "There is no time zone “london”. Did you mean Europe/London?"),
        ("days:someday", "“someday” names no days. Write daily"),
        ("times:25:00", "“25:00” is no time of day. Write times as 08:00"),
        ("sectors:pharmacy", "“pharmacy” is not a sector. Did you mean pharma?"),
        ("minimum_score:2", "minimum_score has to be from 0 to 1, not 2."),
        ("maximum:0", "maximum has to be from 1 to 50, not 0."),
        ("empty:nothing", "“nothing” is none of the choices for empty: line, silence."),
        (f"include:{'a' * 61}", "longer than 60 characters"),
        (f"include:{','.join(map(str, range(31)))}", "31 words; 30 is the most"),
    ],
)
async def test_a_wish_that_cannot_be_had_is_refused_and_changes_nothing(desk: Desk, wish: str, reply: str) -> None:
    await desk.ask("subscribe")
    with pytest.raises(UserError) as refusal:
        await desk.ask(f"settings {wish}")
    assert reply in str(refusal.value)
    assert await subscription(desk) == Subscription(HERE)


@pytest.mark.parametrize("line", ["settings", "digest preview", "unsubscribe"])
async def test_without_a_subscription_the_way_to_one_is_shown(desk: Desk, line: str) -> None:
    with pytest.raises(UserError, match="/deals subscribe begins"):
        await desk.ask(line)


async def test_unsubscribing_ends_the_digests(desk: Desk) -> None:
    await desk.ask("subscribe")
    assert (await desk.ask("unsubscribe")).title == "This channel gets no more digests"
    assert await subscription(desk) is None


async def test_a_preview_shows_the_next_digest_and_tells_nothing(desk: Desk) -> None:
    await desk.ask("subscribe empty:silence")
    await desk.tell(announced())
    reply = await desk.ask("digest preview")
    assert reply == await desk.ask("digest preview")
    assert reply.title == "Partnership news · Mon 23 Nov · 1 deal"
    assert [block.deal for block in reply.blocks if isinstance(block, Card)] == [1]
    assert reply.deals == ()
    assert reply.footer[-1] == "preview: the next digest comes Tue 08:00, with what is new by then"


async def test_a_preview_of_nothing_is_one_line_even_for_the_silent(desk: Desk) -> None:
    await desk.ask("subscribe empty:silence")
    assert (await desk.ask("digest preview")).title == "Partnership news · Mon 23 Nov · nothing new"


@pytest.mark.parametrize("line", ["subscribe", "unsubscribe", "settings maximum:3"])
async def test_those_who_may_not_manage_are_kindly_refused(desk: Desk, line: str) -> None:
    await desk.ask("subscribe daily")
    with pytest.raises(UserError, match="Looking is open to everybody"):
        await desk.ask(line, may_manage=False)
    kept = await subscription(desk)
    assert kept is not None
    assert (len(kept.timetable.days), kept.maximum) == (7, 10)


@pytest.mark.parametrize("line", ["settings", "digest preview", "latest", "status", "feeds list", "help"])
async def test_everybody_may_look(desk: Desk, line: str) -> None:
    await desk.ask("subscribe")
    assert (await desk.ask(line, may_manage=False)).title
