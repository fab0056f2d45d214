"""Our calls of Slack's Web API, at a Slack that somebody else wrote, with the manifest's scopes and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.digests.model import Channel, Coverage, Subscription
from bot.platforms.base import Found, NotFound, Posted
from bot.platforms.slack.calls import Answered, Calls
from bot.platforms.slack.client import Slack
from bot.platforms.slack.rights import Rights, Standing
from bot.platforms.slack.socket import whoami
from bot.platforms.slack.teams import OneTeam
from bot.slack import Ground, Memory
from tests.desk import open_desk
from tests.e2e.slack_stand import TOKEN, open_stand, set_up, what_is_missing
from tests.platforms.slack.golden_cases import digest

MISSING = what_is_missing()
pytestmark = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


async def test_digests_arrive_and_are_found_and_every_call_is_as_slack_specifies(tmp_path: Path) -> None:
    if failed := await set_up():
        pytest.skip(failed)
    async with open_stand(tmp_path) as stand, open_desk(tmp_path) as desk:
        calls, one = Calls(stand.url), OneTeam()
        team = one.team = await whoami(calls, TOKEN)
        assert team is not None
        memory = Memory(Ground(desk.storage, Subscription(Channel("slack", team.id, "C")), lambda: desk.now))

        async def stay() -> None:
            raise NotImplementedError

        slack = Slack(calls, one, memory, stay, in_threads=True)
        listed = await calls.read(TOKEN, "conversations.list")
        assert isinstance(listed, Answered)
        since = datetime.now(UTC) - timedelta(minutes=1)
        for known in listed.data["channels"]:
            channel = Channel("slack", team.id, known["id"])
            posted = await slack.post(channel, digest(Coverage(3, 3)), f"key of {known['name']}")
            assert isinstance(posted, Posted)
            assert await slack.find(channel, f"key of {known['name']}", since) == Found(posted.id)
            assert await slack.find(channel, "another key", since) == NotFound()
            creator = await Rights(calls, memory.is_named).standing(team, channel, known["creator"])
            assert creator is Standing.MANAGES
        asked = stand.calls()
        assert [(method, checks) for method, _, checks in asked if checks] == []
        assert {error for _, error, _ in asked} <= {None}
        assert sum(method == "chat.postMessage" for method, _, _ in asked) in {0, len(listed.data["channels"])}
