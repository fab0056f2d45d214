"""What did not arrive, as people see it, and what they decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.digests.message import Message
from bot.digests.model import Slot, Subscription
from bot.errors import UserError
from bot.storage.model import Delivery, Notice, State
from tests.desk import HERE, NOW, Desk, shown

SLOT = Slot(datetime(2026, 11, 23, 8), NOW - timedelta(hours=4))


async def owed(desk: Desk, parts: int = 1) -> tuple[Delivery, ...]:
    """A planned digest of so many parts, not sent yet."""
    kept = await desk.storage.subscriptions.save(Subscription(HERE), NOW, NOW - timedelta(days=1))
    messages = tuple(Message(f"part {number}") for number in range(parts))
    await desk.storage.deliveries.claim(kept, SLOT, messages, NOW + timedelta(days=1), NOW)
    (queue,) = await desk.storage.deliveries.queues(NOW)
    return queue.parts


async def test_what_did_not_arrive_is_listed_with_why_and_with_what_helps(desk: Desk) -> None:
    uncertain, dead, late = await owed(desk, 3)
    await desk.storage.deliveries.uncertain(uncertain, "its history cannot be read", NOW)
    await desk.storage.deliveries.dead(dead, "too long", NOW)
    reply = await desk.ask("deliveries list")
    said = shown(reply)
    assert f"{uncertain.id} | screen | 23 Nov 08:00 | 1 of 3 | may have arrived: its history cannot be read" in said
    assert f"{dead.id} | screen | 23 Nov 08:00 | 2 of 3 | given up: too long" in said
    assert f"{late.id} | screen | 23 Nov 08:00 | 3 of 3 | waits" in said
    assert reply.next_step == f"/deals deliveries retry {uncertain.id}"
    status = await desk.ask("status")
    assert "1 digest that may not have arrived" in status.title
    assert "1 digest that is late" in status.title
    assert status.next_step == "/deals deliveries list"


async def test_where_everything_arrived_the_list_says_so(desk: Desk) -> None:
    assert (await desk.ask("deliveries list")).title == "Every digest has arrived"


async def test_a_person_may_send_an_uncertain_part_once_more(desk: Desk) -> None:
    (delivery,) = await owed(desk)
    await desk.storage.deliveries.uncertain(delivery, "unreadable", NOW)
    assert await desk.storage.deliveries.queues(NOW) == ()
    await desk.ask(f"deliveries retry {delivery.id}")
    (queue,) = await desk.storage.deliveries.queues(NOW)
    assert [part.id for part in queue.parts] == [delivery.id]


async def test_a_discarded_part_is_never_sent_and_no_longer_listed(desk: Desk) -> None:
    (delivery,) = await owed(desk)
    await desk.ask(f"deliveries discard {delivery.id}")
    assert await desk.storage.deliveries.queues(NOW) == ()
    assert (await desk.ask("deliveries list")).title == "Every digest has arrived"


@pytest.mark.parametrize("line", ["deliveries retry", "deliveries discard"])
async def test_what_arrived_or_belongs_to_others_is_not_for_this_workspace_to_decide(desk: Desk, line: str) -> None:
    (delivery,) = await owed(desk)
    with pytest.raises(UserError, match="no delivery"):
        await desk.ask(f"{line} {delivery.id}", channel=replace(HERE, workspace="other"))
    await desk.storage.deliveries.sent(delivery, "id", NOW)
    with pytest.raises(UserError, match="no delivery"):
        await desk.ask(f"{line} {delivery.id}")


async def test_where_a_channel_has_no_digests_any_more_a_part_can_only_be_discarded(desk: Desk) -> None:
    (delivery,) = await owed(desk)
    await desk.storage.deliveries.dead(delivery, "too long", NOW)
    await desk.storage.subscriptions.remove(HERE, NOW)
    with pytest.raises(UserError, match="can only be discarded"):
        await desk.ask(f"deliveries retry {delivery.id}")
    assert "is discarded" in (await desk.ask(f"deliveries discard {delivery.id}")).title


async def test_the_list_names_the_step_that_works_where_a_channel_has_no_digests_any_more(desk: Desk) -> None:
    (delivery,) = await owed(desk)
    await desk.storage.deliveries.dead(delivery, "too long", NOW)
    await desk.ask("unsubscribe")
    named = (await desk.ask("deliveries list")).next_step
    assert named == f"/deals deliveries discard {delivery.id}"
    assert "is discarded" in (await desk.ask(named.removeprefix("/deals "))).title


async def test_the_list_names_first_what_can_be_sent_again(desk: Desk) -> None:
    (left,) = await owed(desk)
    await desk.storage.deliveries.dead(left, "too long", NOW)
    await desk.ask("unsubscribe")
    other = await desk.storage.subscriptions.save(Subscription(replace(HERE, id="other")), NOW, NOW)
    await desk.storage.deliveries.claim(other, SLOT, (Message("part"),), NOW + timedelta(days=1), NOW)
    (queue,) = await desk.storage.deliveries.queues(NOW)
    await desk.storage.deliveries.dead(queue.parts[0], "too long", NOW)
    assert (await desk.ask("deliveries list")).next_step == f"/deals deliveries retry {queue.parts[0].id}"


async def test_only_managers_decide(desk: Desk) -> None:
    (delivery,) = await owed(desk)
    for line in (f"deliveries retry {delivery.id}", f"deliveries discard {delivery.id}", "resume"):
        with pytest.raises(UserError, match="those who may manage"):
            await desk.ask(line, may_manage=False)


async def test_a_paused_channel_says_why_and_resume_goes_on(desk: Desk) -> None:
    await owed(desk)
    kept = await desk.storage.subscriptions.get(HERE)
    assert kept is not None
    await desk.storage.channels.pause(kept, "no permission to write", NOW, Notice(HERE, "k", "t"))
    status = await desk.ask("status")
    assert "1 channel that is paused" in status.title
    assert status.next_step == "/deals resume"
    assert "no permission to write" in shown(status)
    assert "no permission to write" in shown(await desk.ask("deliveries list"))
    settings = await desk.ask("settings")
    assert "none while it is paused: no permission to write" in shown(settings)
    assert settings.next_step == "/deals resume"
    await desk.ask("resume")
    (queue,) = await desk.storage.deliveries.queues(NOW)
    assert queue.parts[0].state is State.PENDING
    with pytest.raises(UserError, match="is not paused"):
        await desk.ask("resume")


async def test_changing_the_settings_resumes_a_channel_as_well(desk: Desk) -> None:
    await owed(desk)
    kept = await desk.storage.subscriptions.get(HERE)
    assert kept is not None
    await desk.storage.channels.pause(kept, "no permission", NOW, Notice(HERE, "k", "t"))
    await desk.ask("settings times:09:00")
    changed = await desk.storage.subscriptions.get(HERE)
    assert changed is not None
    assert changed.paused_at is None


async def test_a_channel_may_wish_for_quiet_hours_monthly_digests_and_instant_news(desk: Desk) -> None:
    told = shown(await desk.ask('subscribe days:"first monday" quiet:22:00-07:00 form:instant instants:3'))
    assert "the first Mon of each month at 08:00" in told
    assert "Quiet | from 22:00 to 07:00" in told
    assert "up to 3 messages a day" in told
    assert "Quiet" not in shown(await desk.ask("settings quiet:none"))
