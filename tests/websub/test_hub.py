"""Being told of news by a real hub on the loopback, with slow polling as the net."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.feeds.model import Feed
from tests.feedkit import HERE, NOW, item
from tests.websub.hub import Listener, LoopbackHub, a_listener, feed_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def news(bot: Listener, *numbers: int) -> None:
    """Let the feed show these entries, and its hub."""
    links = f'<atom:link rel="hub" href="{bot.hub.url}"/><atom:link rel="self" href="{bot.server.url("/feed")}"/>'
    items = [item(f"Entry {number}", "Text", link=f"https://n.example/{number}") for number in numbers]
    bot.pages["/feed"] = feed_of(*items, links=links)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Listener]:
    """A bot that has read its feed once and asked the hub, which promised."""
    async with LoopbackHub() as hub, a_listener(tmp_path, hub) as listener:
        news(listener, 1)
        assert await listener.poll() == 1
        await listener.look()
        yield listener


async def test_a_hub_is_asked_with_a_secret_and_an_address_of_its_own_and_its_question_is_answered(
    bot: Listener,
) -> None:
    (asked,) = bot.hub.asked
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.topic"] == bot.server.url("/feed")
    assert asked["hub.lease_seconds"] == "864000"
    assert len(asked["hub.secret"]) == 32
    assert asked["hub.secret"] not in asked["hub.callback"]
    assert bot.hub.verified == [("subscribe", 200, "a-word-that-only-the-hub-knows")]
    await bot.look()
    assert len(bot.hub.asked) == 1


async def test_a_feed_whose_hub_tells_of_news_is_read_at_once_and_else_once_a_day(bot: Listener) -> None:
    bot.now = NOW + 20 * MINUTE
    news(bot, 1, 2)
    assert await bot.poll() == 0
    assert await bot.hub.publish(b"something new") == [202]
    assert await bot.poll() == 1
    kept = await bot.kept()
    assert kept.entries == 2
    assert kept.why == "seldom, as its hub tells us of news"
    bot.now += 23 * HOUR
    assert await bot.poll() == 0
    bot.now += 4 * HOUR
    assert await bot.poll() == 1


async def test_until_the_hub_has_told_for_the_first_time_the_feed_is_asked_as_ever(bot: Listener) -> None:
    for hours in (2, 4, 6):
        bot.now = NOW + hours * HOUR
        assert await bot.poll() == 1


async def test_a_hub_that_keeps_silent_about_news_is_not_relied_on_any_more(bot: Listener) -> None:
    bot.now = NOW + 20 * MINUTE
    await bot.hub.publish(b"1")
    await bot.poll()
    bot.now += 30 * HOUR
    news(bot, 1, 2, 3)
    assert await bot.poll() == 1
    bot.now += 30 * HOUR
    assert await bot.poll() == 1
    bot.now += 2 * HOUR
    assert await bot.poll() == 1
    await bot.hub.publish(b"2")
    await bot.poll()
    bot.now += 20 * MINUTE
    await bot.poll()
    bot.now += 5 * HOUR
    assert await bot.poll() == 0


async def test_however_often_a_hub_tells_its_publisher_is_asked_every_fifteen_minutes_at_most(bot: Listener) -> None:
    asked = 0
    for minutes in range(0, 120, 4):  # no multiple of fifteen: how long an answer took must not decide
        bot.now = NOW + minutes * MINUTE
        await bot.hub.publish(b"the very same message")
        asked += await bot.poll()
    assert asked == 7


async def test_what_a_hub_sends_is_never_read_itself(bot: Listener) -> None:
    bot.now = NOW + 20 * MINUTE
    await bot.hub.publish(feed_of(item("Acme and Borealis sign a lie", "Text", link="https://lie.example/")).body)
    await bot.poll()
    assert (await bot.kept()).entries == 1


@pytest.mark.parametrize(
    ("method", "secret"), [("sha256", "not ours"), ("sha1", ""), ("", ""), ("md5", ""), ("sha512", "not ours")]
)
async def test_a_message_that_is_not_well_signed_does_nothing(bot: Listener, method: str, secret: str) -> None:
    bot.now = NOW + 20 * MINUTE
    assert await bot.hub.publish(b"news", method, secret) == [202]
    assert await bot.poll() == 0


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
async def test_a_message_may_be_signed_in_three_ways(bot: Listener, method: str) -> None:
    bot.now = NOW + 20 * MINUTE
    await bot.hub.publish(b"news", method)
    assert await bot.poll() == 1


async def test_a_lease_is_renewed_in_time_and_when_it_runs_out_the_feed_is_asked_as_ever(bot: Listener) -> None:
    bot.now = NOW + 20 * MINUTE
    await bot.hub.publish(b"news")
    await bot.poll()
    bot.now = NOW + 7.4 * DAY
    await bot.look()
    assert len(bot.hub.asked) == 1
    bot.now = NOW + 7.6 * DAY
    await bot.look()
    assert [each["hub.mode"] for each in bot.hub.asked] == ["subscribe", "subscribe"]
    assert bot.hub.asked[0]["hub.callback"] == bot.hub.asked[1]["hub.callback"]
    bot.hub.status = 500
    for hours in range(0, 24 * 11, 6):
        bot.now = NOW + 7.6 * DAY + hours * HOUR
        await bot.look()
    await bot.poll()
    assert await bot.hub.publish(b"news") == [410]
    bot.now += 2 * HOUR
    assert await bot.poll() == 1


async def test_a_hub_that_does_not_answer_is_asked_later_and_later(tmp_path: Path) -> None:
    async with LoopbackHub(status=503) as hub, a_listener(tmp_path, hub) as bot:
        news(bot, 1)
        await bot.poll()
        for minutes in range(0, 3 * 24 * 60, 30):
            bot.now = NOW + minutes * MINUTE
            await bot.look()
        assert len(hub.asked) == 7
        assert await bot.poll() == 1


async def test_a_feed_that_nobody_reads_any_more_is_given_back_to_its_hub(bot: Listener) -> None:
    await bot.storage.feeds.remove(HERE, (await bot.kept()).id, bot.now)
    await bot.look()
    assert [each["hub.mode"] for each in bot.hub.asked] == ["subscribe", "unsubscribe"]
    assert bot.hub.verified[-1][1] == 200
    assert bot.hub.secrets == {}
    await bot.look()
    assert len(bot.hub.asked) == 2


async def test_a_hub_that_does_not_let_go_meets_an_address_that_does_not_exist(bot: Listener) -> None:
    bot.hub.status = 500
    await bot.storage.feeds.remove(HERE, (await bot.kept()).id, bot.now)
    for days in range(9):
        bot.now = NOW + days * DAY
        await bot.look()
    assert [each["hub.mode"] for each in bot.hub.asked] == ["subscribe", *3 * ["unsubscribe"]]
    assert await bot.hub.publish(b"news") == [410]


async def test_a_feed_that_names_another_hub_changes_to_it(bot: Listener) -> None:
    links = f'<atom:link rel="hub" href="{bot.hub.url}?2"/><atom:link rel="self" href="{bot.server.url("/feed")}"/>'
    bot.pages["/feed"] = feed_of(item("Entry", "Text"), links=links)
    bot.now += 2 * HOUR
    await bot.poll()
    await bot.look()
    assert sorted(each["hub.mode"] for each in bot.hub.asked) == ["subscribe", "subscribe", "unsubscribe"]
    assert len(bot.hub.secrets) == 1


async def test_a_hub_may_send_us_to_another_one(tmp_path: Path) -> None:
    async with LoopbackHub() as hub, a_listener(tmp_path, hub) as bot:
        hub.elsewhere = f"http://127.0.0.1:{hub.port}/other"
        news(bot, 1)
        await bot.poll()
        await bot.look()
        assert [status for _, status, _ in hub.verified] == [200]


@pytest.mark.parametrize("address", ["http://10.0.0.1/hub", "http://169.254.169.254/", "http://[::1]/", "file:///etc"])
async def test_a_feed_cannot_make_us_speak_to_a_private_host(tmp_path: Path, address: str) -> None:
    async with LoopbackHub() as hub, a_listener(tmp_path, hub) as bot:
        bot.pages["/feed"] = feed_of(links=f'<atom:link rel="hub" href="{address}"/>')
        await bot.poll()
        await bot.look()
        assert (hub.asked, hub.verified) == ([], [])


async def test_where_nobody_listens_any_more_every_feed_is_asked_as_ever(bot: Listener) -> None:
    bot.now = NOW + 20 * MINUTE
    await bot.hub.publish(b"news")
    await bot.poll()
    await bot.storage.leases.drop_all(bot.now)
    assert await bot.storage.leases.due(bot.now + 99 * DAY, 9) == ()
    bot.now += HOUR + MINUTE  # the hour counts from the answer, which came a little later
    assert await bot.poll() == 1
    bot.now += 1.2 * HOUR
    assert await bot.poll() == 1


async def test_a_feed_that_moves_to_another_ones_address_loses_its_lease(bot: Listener) -> None:
    (due,) = await bot.storage.feeds.claim_due(bot.now + 2 * HOUR, 1)
    await bot.storage.feeds.add(HERE, Feed("https://other.example/feed", "Other"), bot.now)
    await bot.storage.feeds.adopt(due, "https://other.example/feed", bot.now)
    assert await bot.hub.publish(b"news") == [410]
