"""Slack over Socket Mode, end to end: the real slack_bolt and slack_sdk at a Slack of our own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.digests.compose import told
from bot.digests.message import Message
from bot.digests.model import Coverage, Digest, Slot
from bot.platforms.base import Found, NotFound, Posted, Unclear
from tests.builders import PUBLISHED, announced, known
from tests.e2e.slack_bot import HERE, Bot, open_bot


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_bot(tmp_path) as opened:
        yield opened
        assert opened.server.violations == []


def digest() -> Message:
    slot = Slot(PUBLISHED.replace(tzinfo=None), PUBLISHED)
    return told(Digest(slot, "UTC", None, (known(),), 0, Coverage(3, 3)), root="deals")


async def test_latest_answers_the_asker_alone_and_is_acknowledged_within_a_second(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    asked = await bot.server.slash("latest")
    await bot.server.until(lambda: bool(asked.replies))
    took, _ = await asked.acknowledged
    assert took < 1
    assert asked.replies[0]["response_type"] == "ephemeral"
    assert "Acme Health × Borealis Cloud" in json.dumps(asked.replies[0]["blocks"], ensure_ascii=False)


async def test_a_digest_is_posted_once_with_its_mark_and_found_again(bot: Bot) -> None:
    posted = await bot.slack.post(HERE, digest(), "k1")
    (message,) = bot.server.shown("C1")
    assert posted == Posted(message["ts"])
    assert message["metadata"] == {"event_type": "pactwire_part", "event_payload": {"id": "k1"}}
    assert message["unfurl_links"] is False
    assert "Acme Health" in message["text"]
    assert await bot.slack.find(HERE, "k1", _sent(message)) == Found(message["ts"])


async def test_a_lost_answer_is_unclear_and_nothing_is_posted_twice(bot: Bot) -> None:
    bot.server.faults["chat.postMessage"] = ["drop"]
    outcome = await bot.slack.post(HERE, digest(), "k1")
    assert isinstance(outcome, Unclear)
    assert len(bot.server.named("chat.postMessage")) == 1
    assert isinstance(await bot.slack.find(HERE, "k1", _sent(bot.server.shown("C1")[0])), Found)


async def test_what_never_arrived_is_not_found(bot: Bot) -> None:
    bot.server.faults["chat.postMessage"] = ["gateway"]
    assert isinstance(await bot.slack.post(HERE, digest(), "k1"), Unclear)
    assert await bot.slack.find(HERE, "k1", datetime.now(UTC)) == NotFound()


def _sent(message: dict[str, object]) -> datetime:
    return datetime.fromtimestamp(float(str(message["ts"])), UTC)
