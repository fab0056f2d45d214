"""People in Slack: commands, forms, buttons, the shortcut and the home tab, over Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.config import Slack as SlackTable
from bot.config import SlackSecrets
from bot.digests.message import Message, Text
from bot.digests.model import Timetable
from bot.platforms.pace import Rate
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.forms import Forms
from bot.platforms.slack.socket import whoami
from bot.platforms.slack.speech import Asker
from bot.platforms.slack.teams import Team
from bot.platforms.turnstile import Turnstile
from bot.slack import Memory, open_slack
from bot.web.server import Page
from tests.builders import announced
from tests.e2e.slack_bot import HERE, Bot, ground, open_bot, running, words
from tests.e2e.slack_server import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, Place

PAGE = (
    "<html><head><title>Acme Health and Borealis Cloud sign a partnership</title></head><body><article><p>"
    "Acme Health and Borealis Cloud have announced a ten-year partnership. Acme Health chose Borealis Cloud to store "
    "its data, and the two will work together on tools for the people who look after patients. It is the first time "
    "that they do so, and it is meant to be of use to all of the clinics that are a part of Acme Health.</p><p>"
    "The work will begin in the spring, and both of them say that more is to be told about it before then.</p>"
    "</article></body></html>"
)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_bot(tmp_path) as opened:
        yield opened
        assert opened.server.violations == []
        late = [asked for asked in opened.server.asked.values() if asked.acknowledged.result()[0] > 1]
        assert late == []


def state(**changes: Any) -> dict[str, Any]:
    """A form as somebody filled it in."""
    fields: dict[str, Any] = {
        "channel": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
        "days": {"days": {"selected_options": [{"value": "monday"}, {"value": "friday"}]}},
        "time": {"time": {"type": "timepicker", "selected_time": "09:30"}},
        "more_times": {"more_times": {"type": "plain_text_input", "value": None}},
        "zone": {"zone": {"selected_option": {"value": "Europe/Oslo"}}},
        "sectors": {"sectors": {"selected_options": [{"value": "payer"}]}},
        "include": {"include": {"value": "genomics"}},
        "exclude": {"exclude": {"value": None}},
        "empty": {"empty": {"selected_option": {"value": "silence"}}},
    }
    return {"values": fields | {name: {name: value} for name, value in changes.items()}}


async def submit(bot: Bot, view: str, user: str = "U0ADMIN", **changes: Any) -> None:
    body = {
        "id": view,
        "type": "modal",
        "hash": "1",
        "callback_id": "wishes",
        "state": state(**changes),
        "private_metadata": "",
    }
    asked = await bot.server.act({"type": "view_submission", "view": body}, user=user)
    _, answer = await asked.acknowledged
    assert answer["response_action"] == "update"


async def form(bot: Bot, user: str = "U0ADMIN") -> str:
    await bot.server.slash("subscribe", user=user)
    await bot.server.until(lambda: bool(bot.server.views))
    (view,) = bot.server.views
    return view


async def test_subscribe_opens_a_form_with_the_askers_own_zone(bot: Bot) -> None:
    view = bot.server.views[await form(bot)]
    assert "Europe/Oslo" in words(view)
    assert [block.get("block_id") for block in view["blocks"] if block["type"] == "input"] == [
        "channel", "days", "time", "more_times", "zone", "sectors", "include", "exclude", "empty",
    ]  # fmt: skip


async def test_a_submitted_form_subscribes_the_channel_that_was_picked(bot: Bot) -> None:
    view = await form(bot)
    await submit(bot, view)
    await bot.server.until(lambda: "Subscribed" in words(bot.server.views[view]))
    kept = await bot.desk.storage.subscriptions.get(HERE)
    assert kept is not None
    assert kept.subscription.timetable == Timetable(frozenset({0, 4}), (time(9, 30),), "Europe/Oslo")
    assert kept.subscription.topics.include == ("genomics",)


async def test_a_form_with_a_fault_comes_back_with_the_reason(bot: Bot) -> None:
    view = await form(bot)
    await submit(bot, view, more_times={"value": "noonish"})
    await bot.server.until(lambda: "noonish" in words(bot.server.views[view]["blocks"][0]))
    assert bot.server.views[view]["callback_id"] == "wishes"
    assert await bot.desk.storage.subscriptions.get(HERE) is None


async def test_who_may_not_manage_is_refused_kindly_and_nothing_changes(bot: Bot) -> None:
    view = await form(bot, user="U0MEMBER")
    await submit(bot, view, user="U0MEMBER")
    await bot.server.until(lambda: "left to those who may manage" in words(bot.server.views[view]))
    assert await bot.desk.storage.subscriptions.get(HERE) is None


async def test_the_channels_creator_and_named_people_may_manage(bot: Bot) -> None:
    asked = await bot.server.ask("subscribe days:mon", user="U0CREATOR")
    assert "Subscribed" in words(asked.replies)
    await bot.server.ask("managers add <@U0MEMBER|ana>")
    assert "<@U0MEMBER>" in words((await bot.server.ask("managers")).replies)
    openly = words((await bot.server.ask("managers share:yes")).replies)
    assert "U0MEMBER" in openly
    assert "<@U0MEMBER>" not in openly
    changed = await bot.server.ask("settings days:tue", user="U0MEMBER")
    assert "Changed" in words(changed.replies)


async def test_who_asks_without_end_is_told_to_wait_and_slack_is_not_asked_about_them(bot: Bot) -> None:
    asked = [await bot.server.ask("latest", user="U0MEMBER") for _ in range(25)]
    assert "you ask too fast" in words(asked[-1].replies)
    assert len(bot.server.named("users.info")) < 25
    assert "No deals yet" in words((await bot.server.ask("latest", user="U0OTHER")).replies)


async def test_windows_are_no_way_around_the_pace(bot: Bot) -> None:
    kept = Memory(ground(bot.desk))
    stopped = Turnstile(lambda: 0.0, person=Rate(1.0, burst=1))
    forms = Forms(Desk(bot.desk.commands, "deals", Calls(bot.server.url), kept, stopped), kept)
    ana = Asker(Team(TEAM, BOT_TOKEN, BOT_USER, "B0BOT"), HERE, "U0ADMIN")
    await forms.open_wishes(ana, "t1")
    assert "Partnership digests" in words(bot.server.named("views.open"))
    await forms.open_wishes(ana, "t2")
    await forms.preview(ana, state()["values"], "t3")
    await forms.submitted(ana, state()["values"], next(iter(bot.server.views)))
    for method in ("views.open", "views.push", "views.update"):
        assert "you ask too fast" in words(bot.server.named(method)[-1])
    assert await bot.desk.storage.subscriptions.get(HERE) is None


async def test_the_form_is_previewed_without_subscribing(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    view = await form(bot)
    filled = state(include={"value": None}, sectors={})
    body = {
        "type": "block_actions", "view": {"id": view, "type": "modal", "state": filled},
        "actions": [{"type": "button", "action_id": "preview", "block_id": "b", "value": "preview"}],
        "container": {"type": "view", "view_id": view},
    }  # fmt: skip
    await bot.server.act(body)
    await bot.server.until(lambda: len(bot.server.views) == 2)
    assert "nothing is subscribed by this" in words([*bot.server.views.values()][-1])
    assert await bot.desk.storage.subscriptions.get(HERE) is None


async def test_zones_complete_while_typing(bot: Bot) -> None:
    asked = await bot.server.act(
        {"type": "block_suggestion", "action_id": "zone", "block_id": "zone", "value": "new y"}
    )
    _, answer = await asked.acknowledged
    assert [each["value"] for each in answer["options"]] == ["America/New_York"]


async def test_a_subscribed_public_channel_is_joined_and_a_private_one_asks_to_be_invited(bot: Bot) -> None:
    bot.server.places["C2"] = Place("C2")
    await bot.server.slash("subscribe days:mon", place="C2")
    await bot.server.until(lambda: BOT_USER in bot.server.places["C2"].members)
    bot.server.places["C3"] = Place("C3", private=True)
    asked = await bot.server.ask("subscribe days:mon", place="C3")
    assert "/invite it here" in words(asked.replies)


async def test_details_open_a_window_and_other_buttons_answer_the_clicker(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    await bot.server.click({"type": "button", "action_id": "do:details", "value": "deal 1"})
    await bot.server.until(lambda: bool(bot.server.views))
    assert "sign a 10-year partnership" in words(bot.server.views)
    asked = await bot.server.click(
        {"type": "overflow", "action_id": "do:more", "selected_option": {"value": "sources 1"}}
    )
    await bot.server.until(lambda: bool(asked.replies))
    assert asked.replies[0]["response_type"] == "ephemeral"


async def test_a_double_click_changes_nothing_twice(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    follow = {"type": "button", "action_id": "do:follow", "value": "follow 1"}
    first = await bot.server.click(follow)
    second = await bot.server.click(follow)
    await bot.server.until(lambda: bool(first.replies))
    assert second.replies == []
    assert await bot.desk.storage.feedback.followed(HERE, "U0ADMIN") == (1,)


async def test_an_answer_is_shared_once_as_it_was(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    asked = await bot.server.ask("latest")
    share = asked.replies[0]["blocks"][-1]["elements"][0]
    assert share["action_id"] == "share"
    first, second = await bot.server.click(share), await bot.server.click(share)
    await bot.server.until(lambda: bool(first.replies or second.replies))
    (shared,) = first.replies + second.replies
    assert shared["response_type"] == "in_channel"
    assert shared["blocks"] == asked.replies[0]["blocks"][:-1]
    openly = await bot.server.ask("latest share:yes")
    assert openly.replies[0]["response_type"] == "in_channel"


async def test_the_shortcut_reads_the_linked_page_and_says_what_it_is(bot: Bot) -> None:
    bot.desk.pages["/page"] = Page(PAGE.encode(), "text/html")
    message = {"text": f"look: <{bot.desk.server.url('/page')}|here>", "ts": "1.0"}
    body = {"type": "message_action", "callback_id": "add_as_deal", "message": message, "channel": {"id": "C1"}}
    await bot.server.act(body)
    await bot.server.until(lambda: "One moment" not in words(bot.server.views) and bool(bot.server.views))
    (view,) = bot.server.views.values()
    assert "Acme Health" in words(view)
    assert "Not known here" in words(view)


async def test_the_home_tab_shows_digests_feeds_and_deals(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    await bot.server.ask("subscribe days:mon zone:Europe/Oslo")
    await bot.server.event({"type": "app_home_opened", "user": "U0ADMIN", "channel": "D1", "tab": "home"})
    await bot.server.until(lambda: "U0ADMIN" in bot.server.homes)
    shown = words(bot.server.homes["U0ADMIN"])
    assert "Acme Health × Borealis Cloud" in shown
    assert "1 of 1 feeds read" in shown


async def test_mentions_and_direct_messages_are_answered_like_commands(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=HERE)
    await bot.server.event(
        {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "5.0", "text": f"<@{BOT_USER}> latest"}
    )
    await bot.server.until(lambda: bool(bot.server.named("chat.postEphemeral")))
    assert bot.server.named("chat.postEphemeral")[0]["user"] == "U1"
    direct = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "6.0", "text": "latest"}
    await bot.server.event(direct)
    await bot.server.until(lambda: bool(bot.server.shown("D1")))
    assert "Acme Health" in bot.server.shown("D1")[0]["text"]


async def test_a_long_answer_to_a_direct_message_comes_whole_although_slack_takes_one_part_a_second(bot: Bot) -> None:
    bot.server.faults["chat.postMessage"] = ["429"]
    ana = Asker(Team(TEAM, BOT_TOKEN, BOT_USER, "B0BOT"), replace(HERE, id="D1"), "U0ANA")
    kept = Memory(ground(bot.desk))
    desk = Desk(bot.desk.commands, "deals", Calls(bot.server.url), kept)
    long = Message("Long", (Text("\n".join(f"{number} {'word ' * 40}" for number in range(80))),))
    await desk.post(ana, long, None, shared=False)
    shown = words(bot.server.shown("D1"))
    assert len(bot.server.shown("D1")) == len(desk.parts(long)) == 2
    assert "79 word" in shown


async def test_its_own_and_edited_messages_are_no_concern(bot: Bot) -> None:
    own = {
        "type": "message",
        "channel_type": "im",
        "user": BOT_USER,
        "bot_id": "B0BOT",
        "channel": "D1",
        "text": "help",
    }
    await bot.server.event(own)
    await bot.server.event({"type": "message", "subtype": "message_changed", "channel_type": "im", "channel": "D1"})
    await bot.server.ask("help")
    assert bot.server.named("chat.postMessage") == []


async def test_what_is_delivered_twice_is_done_once(bot: Bot) -> None:
    mention = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "5.0", "text": f"<@{BOT_USER}> help"}
    await bot.server.event(mention, id="Ev-same")
    await bot.server.event(mention, id="Ev-same")
    asked = await bot.server.slash("subscribe days:mon", trigger_id="t-same")
    again = await bot.server.slash("subscribe days:tue", trigger_id="t-same")
    await bot.server.until(lambda: bool(asked.replies and bot.server.named("chat.postEphemeral")))
    await bot.server.ask("help")
    assert again.replies == []
    assert len({call["text"] for call in bot.server.named("chat.postEphemeral")}) == len(
        bot.server.named("chat.postEphemeral")
    )


async def test_the_connection_renews_itself_when_slack_says_so_or_drops_it(bot: Bot) -> None:
    await bot.server.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})
    await bot.server.until(lambda: bot.server.opened == 2)
    await bot.server.ask("help")
    await bot.server.sockets[-1].close()
    await bot.server.until(lambda: bot.server.opened == 3)
    await bot.server.ask("help")


async def test_a_removed_app_forgets_the_workspace_and_pauses_its_digests(bot: Bot) -> None:
    await bot.server.ask("subscribe days:mon")
    await bot.server.event({"type": "app_uninstalled"})
    await bot.server.ask("settings")
    kept = await bot.desk.storage.subscriptions.of_workspace("slack", TEAM)
    assert [each.paused_reason for each in kept] == ["Pactwire was removed from the workspace"]


async def test_an_app_that_is_installed_anew_goes_on_with_its_digests_at_the_start(bot: Bot) -> None:
    await bot.server.ask("subscribe days:mon")
    await bot.desk.storage.workspaces.left("slack", TEAM, bot.desk.now)
    secrets = SlackSecrets(BOT_TOKEN, APP_TOKEN, None, None, None)
    table = SlackTable.model_validate({"api": bot.server.url})
    async with running(open_slack(table, secrets, bot.desk.commands, "deals", ground(bot.desk))):
        await bot.server.until(lambda: bot.server.opened == 2)
    (kept,) = await bot.desk.storage.subscriptions.of_workspace("slack", TEAM)
    assert kept.paused_reason is None


async def test_where_the_app_lacks_a_scope_that_is_said_and_not_that_one_may_not(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "pactwire")
    bot.server.scopes -= {"users:read"}
    assert await whoami(Calls(bot.server.url), BOT_TOKEN)
    assert "the app lacks the scope users:read: paste the current manifest" in caplog.text
    told = words((await bot.server.ask("subscribe days:mon")).replies)
    assert "my app lacks the scope users:read" in told
    assert "Share here" not in told
    assert "No deals yet" in words((await bot.server.ask("latest")).replies)
    assert "Subscribed" in words((await bot.server.ask("subscribe days:mon", user="U0CREATOR")).replies)


async def test_refusals_say_what_would_work_and_mention_nobody(bot: Bot) -> None:
    asked = await bot.server.ask("lattest &lt;!channel&gt; *bold*")
    assert "Did you mean /deals latest" in words(asked.replies)
    assert "<!channel>" not in words(asked.replies)


async def test_odd_input_is_answered_and_breaks_nothing(bot: Bot) -> None:
    for text in (
        "",
        "x" * 6000,
        "search " + "é" * 3000,
        "deal 99999999999999999999",
        "subscribe days:" + "mon," * 900,
        "\x00",
    ):
        replies = words((await bot.server.ask(text, user="U1")).replies)
        assert "Something went wrong" not in replies
    stale = await bot.server.click({"type": "button", "action_id": "do:follow", "value": "no such command"})
    await bot.server.until(lambda: bool(stale.replies))
    assert "There is no command" in words(stale.replies)
    stranger = await bot.server.click({"type": "button", "action_id": "do:details", "value": "deal 4711"})
    await bot.server.until(lambda: bool(bot.server.views))
    assert stranger.replies == []
    assert "There is no deal #4711" in words(bot.server.views)


async def test_an_ack_comes_within_a_second_while_much_is_asked_at_once(bot: Bot) -> None:
    asked = await asyncio.gather(*(bot.server.slash("latest", user=f"U{each}") for each in range(40)))
    await bot.server.until(lambda: all(each.replies for each in asked))
    assert max(each.acknowledged.result()[0] for each in asked) < 1


async def test_buttons_of_the_home_tab_open_the_form_of_their_channel(bot: Bot) -> None:
    await bot.server.ask("subscribe days:tue")
    change = {"type": "button", "action_id": "form:C1", "value": "C1"}
    home: dict[str, Any] = {
        "container": {"type": "view", "view_id": "VH"},
        "view": {"id": "VH", "type": "home"},
        "message": None,
    }
    await bot.server.click(change, **home)
    await bot.server.until(lambda: bool(bot.server.views))
    (view,) = bot.server.views.values()
    assert [each["value"] for each in view["blocks"][1]["element"]["initial_options"]] == ["tuesday"]


async def test_an_answer_that_is_forgotten_is_not_shared(bot: Bot) -> None:
    asked = await bot.server.click({"type": "button", "action_id": "share", "value": "0123456789abcdef"})
    await bot.server.until(lambda: bool(asked.replies))
    assert asked.replies[0]["response_type"] == "ephemeral"
    assert "too old to be shared" in words(asked.replies)


async def test_a_message_without_a_link_says_so(bot: Bot) -> None:
    body = {"type": "message_action", "callback_id": "add_as_deal", "message": {"text": "hi"}, "channel": {"id": "C1"}}
    await bot.server.act(body)
    await bot.server.until(lambda: "links to no page" in words(bot.server.views))


async def test_a_command_can_be_about_another_channel(bot: Bot) -> None:
    bot.server.places["C2"] = Place("C2")
    await bot.server.ask("subscribe days:mon channel:<#C2|news>")
    assert await bot.desk.storage.subscriptions.get(replace(HERE, id="C2")) is not None
    assert await bot.desk.storage.subscriptions.get(HERE) is None
