"""Forms, windows and the home tab: what opens them, and what becomes of what somebody chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.digests.message import Message
from bot.errors import PactwireError, UserError
from bot.feeds.links import canonical
from bot.platforms.slack.blocks import Block
from bot.platforms.slack.calls import Answered
from bot.platforms.slack.desk import Desk, channel_of
from bot.platforms.slack.diary import LOG
from bot.platforms.slack.home import MOST_DEALS, home
from bot.platforms.slack.memory import Memory
from bot.platforms.slack.speech import Asker, Line
from bot.platforms.slack.wishes import WORKING, Chosen, as_options, chosen_from, chosen_in, window, wishes_form
from bot.platforms.spoken import Spoken

NO_LINK = "That message links to no page. Use the shortcut on one with a link."

JUDGE = "judge"
"""The command that says what a page is."""


class Forms:
    """Everything that is a view of Slack's."""

    def __init__(self, desk: Desk, memory: Memory) -> None:
        self._desk = desk
        self._memory = memory

    async def opened(self, asker: Asker, line: Line, trigger: str) -> bool:
        """Open the form where the line is a bare `subscribe`; False where it is not."""
        try:
            spoken = self._desk.understood(line.text)
        except UserError:
            return False
        if spoken.command.name != "subscribe" or spoken.values:
            return False
        place = channel_of(asker.team.id, line.aimed) if line.aimed else asker.channel
        await self.open_wishes(Asker(asker.team, place, asker.user), trigger)
        return True

    async def open_wishes(self, asker: Asker, trigger: str) -> None:
        """The form for the asker's channel, with what it gets now; a new one is offered the asker's own zone."""
        if refusal := self._desk.too_fast(asker):
            await self._view(asker, "views.open", window(Message(refusal)), trigger_id=trigger)
            return
        wished = await self._memory.wished(asker.channel)
        is_new = not any(
            each.subscription.channel == asker.channel for each in await self._memory.subscriptions(asker.team.id)
        )
        zone = await self._desk.rights.zone(asker.team, asker.user) if is_new else None
        await self._view(asker, "views.open", wishes_form(chosen_from(wished, zone)), trigger_id=trigger)

    async def preview(self, asker: Asker, state: Mapping[str, Any], trigger: str) -> None:
        """Lay the digest that the form describes over the form."""
        refusal = self._desk.too_fast(asker)
        told = Message(refusal) if refusal else await self._run(asker, chosen_in(state), "digest preview")
        await self._view(asker, "views.push", window(told), trigger_id=trigger)

    async def submitted(self, asker: Asker, state: Mapping[str, Any], view: str) -> None:
        """Subscribe the chosen channel; what was refused comes back as the form with the reason above it."""
        chosen = chosen_in(state)
        try:
            told = await self._subscribe(asker, chosen)
        except PactwireError as refusal:
            await self._view(asker, "views.update", wishes_form(_whole(chosen), str(refusal)), view_id=view)
            return
        await self._view(asker, "views.update", window(told), view_id=view)
        await self.show_home(asker)

    async def details(self, asker: Asker, line: Line, trigger: str) -> None:
        """The answer to a line in a window of its own."""
        shown = window(await self._desk.answer(asker, line))
        await self._view(asker, "views.open", shown, trigger_id=trigger)

    async def judge(self, asker: Asker, links: Sequence[str], trigger: str) -> None:
        """Say of the first page that a message links to whether it announces a deal; a page takes its time to read."""
        opened = await self._view(asker, "views.open", WORKING, trigger_id=trigger)
        if opened is None:
            return
        url = next((found for link in links if (found := canonical(link))), None)
        told = await self._desk.answer(asker, Line(f"{JUDGE} {url}")) if url else Message(NO_LINK)
        await self._view(asker, "views.update", window(told), view_id=opened)

    async def show_home(self, asker: Asker) -> None:
        """Bring the asker's home tab up to date."""
        team = asker.team.id
        view = home(
            await self._memory.subscriptions(team),
            await self._memory.coverage(team),
            await self._memory.latest(team, MOST_DEALS),
            self._desk.root,
        )
        await self._view(asker, "views.publish", view, user_id=asker.user)

    async def _subscribe(self, asker: Asker, chosen: Chosen) -> Message:
        if refusal := self._desk.too_fast(asker):
            raise UserError(refusal)
        if not chosen.channel:
            raise UserError("Choose a channel.")
        place = Asker(asker.team, channel_of(asker.team.id, chosen.channel), asker.user)
        return await self._desk.run(place, self._spoken("subscribe", chosen))

    async def _run(self, asker: Asker, chosen: Chosen, command: str) -> Message:
        place = Asker(asker.team, channel_of(asker.team.id, chosen.channel or asker.channel.id), asker.user)
        try:
            return await self._desk.run(place, self._spoken(command, chosen))
        except PactwireError as refusal:
            return Message(str(refusal))

    def _spoken(self, name: str, chosen: Chosen) -> Spoken:
        command = next(each for each in self._desk.commands if each.name == name)
        known = {option.name for option in command.options}
        return Spoken(command, {name: value for name, value in as_options(chosen).items() if name in known})

    async def _view(self, asker: Asker, method: str, view: Block, **arguments: str) -> str | None:
        """Show the view; its id, None where Slack would not."""
        outcome = await self._desk.calls.write(asker.team.token, method, view=view, **arguments)
        if not isinstance(outcome, Answered):
            LOG.warning("Slack did not show a view (%s): %s", method, outcome)
            return None
        return str((outcome.data.get("view") or {}).get("id", ""))


def _whole(chosen: Chosen) -> Chosen:
    """With every value that the form asks for, chosen or not."""
    names = ("days", "times", "zone", "sectors", "include", "exclude", "empty")
    return Chosen(chosen.channel, {name: chosen.values.get(name, "") for name in names})
