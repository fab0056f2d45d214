"""Discord end to end: the real discord.py over real sockets at a Discord of our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digests.compose import told
from bot.digests.message import Message
from bot.digests.model import Coverage, Digest, Slot
from bot.errors import ConfigError
from bot.platforms.base import Found, NotFound, Posted, PostFailed, Remedy, Unclear, Unreadable
from bot.platforms.discord.parts import size
from bot.platforms.discord.render import Layout
from tests.builders import PUBLISHED, announced, known
from tests.e2e.discord_bot import Bot, connected, open_bot
from tests.e2e.discord_proxy import Fault
from tests.e2e.discord_stand import Stand, open_own, open_stand, set_up, what_is_missing

KEY = "0123456789abcdef01234567"
MESSAGES = r"^/channels/\d+/messages$"


MISSING = what_is_missing()
TWIN = pytest.param("twin", marks=pytest.mark.skipif(MISSING is not None, reason=MISSING or ""))


@asynccontextmanager
async def some_discord(kind: str, folder: Path) -> AsyncIterator[Stand]:
    if kind == "own":
        async with open_own() as stand:
            yield stand
        return
    if trouble := await set_up():
        pytest.skip(trouble)
    async with open_stand(folder) as stand:
        yield stand


@pytest.fixture(params=["own", TWIN])
async def bot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bot]:
    async with some_discord(request.param, tmp_path) as stand, open_bot(stand, tmp_path) as opened:
        yield opened
        assert stand.violations() == []
        for each in stand.proxy.asked:
            for payload in messages_in(each.body):
                assert payload["allowed_mentions"]["parse"] == [], each
                assert size(payload).fits, each


def messages_in(body: Any) -> list[Any]:
    """The messages in the body of a request; a deferral has none, nor has completion."""
    found = [body, *(body.get(name) for name in ("data", "message"))] if isinstance(body, dict) else []
    return [each for each in found if isinstance(each, dict) and ("components" in each or "embeds" in each)]


def digest(count: int = 1) -> Message:
    slot = Slot(PUBLISHED.replace(tzinfo=None), PUBLISHED)
    deals = tuple(known(number) for number in range(1, count + 1))
    return told(Digest(slot, "UTC", None, deals, 0, Coverage(3, 3)), root="deals")


def words(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False).replace("\\\\", "").replace("\\", "")


async def test_commands_are_told_once_and_not_again_after_a_restart(bot: Bot) -> None:
    told_before = [each for each in bot.stand.proxy.asked if each.method == "PUT"]
    async with connected(bot.stand, bot.desk):
        pass
    assert len(told_before) == 1
    assert [each for each in bot.stand.proxy.asked if each.method == "PUT"] == told_before
    assert told_before[0].body[0]["contexts"] == [0]
    assert told_before[0].body[0]["integration_types"] == [0]


async def test_subscribe_answers_the_asker_alone_and_says_when_the_first_digest_comes(bot: Bot) -> None:
    shown = await bot.stand.slash("subscribe", {"days": "weekdays", "times": "08:00", "zone": "Europe/London"})
    assert shown["flags"] & 64
    assert "Next digest" in words(shown)
    assert "digest preview" in words(shown)
    kept = await bot.desk.storage.subscriptions.get(bot.place())
    assert kept is not None
    assert kept.subscription.timetable.zone == "Europe/London"


async def test_without_manage_server_nothing_changes(bot: Bot) -> None:
    await bot.stand.play("permissions", permissions="2048")
    shown = await bot.stand.slash("subscribe")
    assert "left to those who may manage" in words(shown)
    assert await bot.desk.storage.subscriptions.get(bot.place()) is None
    assert "No deals yet" in words(await bot.stand.slash("latest"))


async def test_zones_and_sectors_are_completed(bot: Bot) -> None:
    assert "Europe/London" in await bot.stand.complete("subscribe", "zone", "lond")
    assert await bot.stand.complete("subscribe", "sectors", "pay") == ["payer"]
    assert len(await bot.stand.complete("subscribe", "zone", "")) <= 25


async def test_a_digest_comes_once_with_buttons_that_work_after_a_restart(bot: Bot) -> None:
    bot.desk.now = datetime.now(UTC)
    await bot.stand.slash("subscribe", {"days": "daily", "times": "08:00"})
    await bot.desk.tell(announced(), place=bot.place())
    assert await bot.deliverer.deliver_due(bot.desk.now + timedelta(days=1)) == 1
    (post,) = bot.stand.proxy.posts(bot.place().id)
    assert post.body["enforce_nonce"] is True
    assert "Acme Health × Borealis Cloud" in words(post.body)
    (message,) = await posted_in(bot)
    presses = {each["label"]: each["custom_id"] for each in buttons(post.body["components"]) if "url" not in each}
    (source,) = (each for each in buttons(post.body["components"]) if "url" in each)
    assert source["url"].startswith("https://example.com/")
    async with connected(bot.stand, bot.desk):
        pass
    details = await bot.stand.press(presses["Details"], message["id"])
    assert details["flags"] & 64
    assert "Acme Health and Borealis Cloud sign a 10-year partnership" in words(details)
    assert "Not a partnership" in words(details)
    assert "example.com" in words(await bot.stand.press(presses["Sources"], message["id"]))
    assert "You follow this deal now" in words(await bot.stand.press(presses["Follow"], message["id"]))
    wrong = next(each["custom_id"] for each in buttons(details["components"]) if each["label"] == "Wrong fact")
    assert "that is kept" in words(await bot.stand.press(wrong, message["id"]))


async def test_a_lost_answer_is_looked_up_and_nothing_is_posted_twice(bot: Bot) -> None:
    bot.stand.proxy.faults.append(Fault("POST", MESSAGES, after=True))
    begun = datetime.now(UTC)
    assert isinstance(await bot.discord.post(bot.place(), digest(), KEY), Unclear)
    (message,) = await posted_in(bot)
    assert await bot.discord.find(bot.place(), KEY, begun) == Found(message["id"])
    assert await bot.discord.find(bot.place(), "f" * 24, begun) == NotFound()


async def test_a_fault_of_discord_is_tried_again_under_the_same_nonce(bot: Bot) -> None:
    bot.stand.proxy.faults.append(Fault("POST", MESSAGES, status=500, after=True))
    assert isinstance(await bot.discord.post(bot.place(), digest(), KEY), Posted)
    assert len(await posted_in(bot)) == 1


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [(403, 50013, Remedy.PAUSE), (403, 50001, Remedy.PAUSE), (404, 10003, Remedy.DEAD), (400, 50035, Remedy.RENDER)],
)
async def test_each_refusal_has_its_remedy(bot: Bot, status: int, code: int, remedy: Remedy) -> None:
    refusal = {"code": code, "message": "no"}
    bot.stand.proxy.faults.append(Fault("POST", MESSAGES, status=status, body=refusal))
    outcome = await bot.discord.post(bot.place(), digest(), KEY)
    assert isinstance(outcome, PostFailed)
    assert outcome.remedy is remedy
    assert bot.stand.proxy.posts(bot.place().id) == []


async def test_a_rate_limit_is_waited_out(bot: Bot) -> None:
    limit = {"message": "slow", "retry_after": 0.5, "global": False}
    fault = Fault("POST", MESSAGES, status=429, body=limit, headers={"Via": "1.1 test", "Retry-After": "1"})
    bot.stand.proxy.faults.append(fault)
    assert isinstance(await bot.discord.post(bot.place(), digest(), KEY), Posted)
    limited, taken = [each for each in bot.stand.proxy.asked if each.path.endswith("/messages")][:2]
    assert taken.at - limited.at >= 0.5


async def test_a_ban_is_not_answered_with_more_requests(bot: Bot) -> None:
    bot.stand.proxy.faults.append(Fault("POST", MESSAGES, status=429, body={}, times=9))
    outcome = await bot.discord.post(bot.place(), digest(), KEY)
    assert isinstance(outcome, PostFailed)
    assert outcome.retry_after == timedelta(minutes=10)
    assert len([each for each in bot.stand.proxy.asked if each.path.endswith("/messages")]) == 1


@pytest.mark.parametrize("kind", ["own", TWIN])
async def test_after_a_401_nothing_more_is_asked_and_the_client_ends_with_a_sentence(kind: str, tmp_path: Path) -> None:
    async with some_discord(kind, tmp_path) as stand:
        with pytest.raises(ConfigError, match="Copy it anew"):
            async with open_bot(stand, tmp_path) as bot:
                no = {"code": 0, "message": "no"}
                stand.proxy.faults.append(Fault("POST", MESSAGES, status=401, body=no, times=9))
                first = await bot.discord.post(bot.place(), digest(), KEY)
                second = await bot.discord.post(bot.place(), digest(), KEY)
                assert isinstance(first, PostFailed)
                assert first.remedy is Remedy.PAUSE
                assert isinstance(second, PostFailed)
                async with asyncio.timeout(5):
                    while await bot.discord.ready(0):  # noqa: ASYNC110 — the client tells of no end
                        await asyncio.sleep(0.02)
        assert len([each for each in stand.proxy.asked if each.status == 401]) == 1


async def test_a_history_that_may_not_be_read_is_unreadable(bot: Bot) -> None:
    bot.stand.proxy.faults.append(Fault("GET", MESSAGES, status=403, body={"code": 50001, "message": "no"}))
    found = await bot.discord.find(bot.place(), KEY, datetime.now(UTC))
    assert isinstance(found, Unreadable)
    assert found.lasting


@pytest.mark.parametrize("bot", [TWIN], indirect=True)  # discord.py waits for seconds before it connects again
async def test_a_digest_arrives_while_the_gateway_is_dropped_three_times(bot: Bot) -> None:
    parts = bot.discord.split(digest(20))
    assert len(parts) > 2
    for number, part in enumerate(parts):
        if number < 3:
            await bot.stand.play("drop", code=4000)
        assert isinstance(await bot.discord.post(bot.place(), part, f"{number:024x}"), Posted)
    assert len(bot.stand.proxy.posts(bot.place().id)) == len(parts)
    answers: list[Any] = []
    while not answers:  # what is asked while the gateway is down never reaches us
        with suppress(TimeoutError):
            answers.append(await asyncio.wait_for(bot.stand.slash("status"), 4))
    assert "Feeds" in words(answers)


async def test_a_role_is_mentioned_where_that_is_wished_and_only_for_new_deals(bot: Bot) -> None:
    role = bot.stand.info["role"]
    assert f"<@&{role}>" in words(await bot.stand.slash("subscribe", {"mention": f"<@&{role}>"}))
    await bot.desk.tell(announced(), place=bot.place())
    assert "roles" not in (await bot.stand.slash("digest preview"))["allowed_mentions"]
    due = bot.desk.now + timedelta(days=1)
    assert await bot.deliverer.deliver_due(due) == 1
    assert await bot.deliverer.deliver_due(due + timedelta(days=1)) == 1
    news, nothing = (each.body for each in bot.stand.proxy.posts(bot.place().id))
    assert (news["allowed_mentions"]["parse"], news["allowed_mentions"]["roles"]) == ([], [role])
    assert words(news).count(f"<@&{role}>") == 1
    assert not nothing["allowed_mentions"].get("roles")
    assert role not in words(nothing)


async def test_an_announcement_is_passed_on(bot: Bot) -> None:
    assert isinstance(await bot.discord.post(bot.place("herald"), digest(), KEY), Posted)
    assert any(each.path.endswith("/crosspost") for each in bot.stand.proxy.asked)


async def test_a_forum_gets_one_post_a_deal_and_none_twice(bot: Bot) -> None:
    part = digest(2)
    part = replace(part, blocks=(part.blocks[0], part.blocks[1], replace_headline(part.blocks[2], "Second deal")))
    bot.stand.proxy.faults.append(Fault("POST", r"/threads$", status=502, after=True))
    first = await bot.discord.post(bot.place("forum"), part, KEY)
    assert isinstance(first, Unclear)
    assert await bot.discord.find(bot.place("forum"), KEY, datetime.now(UTC)) == NotFound()
    assert isinstance(await bot.discord.post(bot.place("forum"), part, KEY), Posted)
    threads = await bot.stand.play("thread", channelId=bot.stand.channel("forum"))
    assert len(threads) == 2


@pytest.mark.parametrize("kind", ["own", TWIN])
async def test_plain_embeds_are_posted_and_found_too(kind: str, tmp_path: Path) -> None:
    async with some_discord(kind, tmp_path) as stand, open_bot(stand, tmp_path, Layout.EMBED) as bot:
        begun = datetime.now(UTC)
        posted = await bot.discord.post(bot.place(), digest(), KEY)
        assert isinstance(posted, Posted)
        assert await bot.discord.find(bot.place(), KEY, begun) == Found(posted.id)
        assert "No feeds yet" in words(await stand.slash("status"))
        assert stand.violations() == []


async def posted_in(bot: Bot) -> list[Any]:
    """The messages that everybody sees in the channel."""
    shown = await bot.stand.play("messages", channelId=bot.place().id)
    return [each for each in shown if not each.get("flags", 0) & 64]


def replace_headline(block: Any, headline: str) -> Any:
    return replace(block, headline=headline)


def buttons(components: Any) -> list[Any]:
    found = []
    for each in components:
        found += [each] if each["type"] == 2 else buttons(each.get("components", ()))
    return found
