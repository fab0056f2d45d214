"""Where commands are asked in Slack: a line and who asks it → the answer, on every way an answer can take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.errors import PactwireError
from bot.platforms.base import Command, Request
from bot.platforms.slack import blocks
from bot.platforms.slack.calls import Answered, Calls
from bot.platforms.slack.parts import split
from bot.platforms.slack.render import MOST_BLOCKS, Rendered, render
from bot.platforms.slack.rights import Rights
from bot.platforms.slack.speech import Asker
from bot.platforms.spoken import Spoken, parse

MOST_PARTS = 4
"""A response_url takes five answers within half an hour; one is kept for what comes later."""

Respond = Callable[..., Awaitable[Any]]


class Desk:
    """Runs commands for people in Slack."""

    def __init__(self, commands: Sequence[Command], root: str, calls: Calls, rights: Rights) -> None:
        self.commands = commands
        self.root = root
        self.calls = calls
        self.rights = rights

    def understood(self, line: str) -> Spoken:
        """The command of a line; UserError says what was not understood."""
        return parse(line, self.commands, self.root)

    async def answer(self, asker: Asker, line: str) -> Message:
        """The reply to a line; a refusal is a reply too."""
        try:
            return await self.run(asker, self.understood(line))
        except PactwireError as refusal:
            return Message(str(refusal))

    async def run(self, asker: Asker, spoken: Spoken) -> Message:
        """The reply to an understood line; UserError refuses. A new subscription's channel is tried at once."""
        may_manage = await self.rights.may_manage(asker.team, asker.channel, asker.user)
        request = Request(asker.channel, asker.user, may_manage, spoken.values)
        reply = await spoken.command.run(request)
        if spoken.command.name != "subscribe":
            return reply
        hint = await self._presence(asker)
        return reply if hint is None else Message(reply.title, reply.blocks, reply.aside, (*reply.footer, hint))

    async def tell(self, respond: Respond, message: Message, line: str | None, *, shared: bool = False) -> None:
        """Answer through a response_url: to the asker alone, or to the channel. `line` is offered for sharing."""
        for number, part in enumerate(parts := self.parts(message), 1):
            last = number == len(parts)
            rendered = with_sharing(part, line) if line and last and not shared else part
            await respond(
                text=rendered.text,
                blocks=list(rendered.blocks),
                response_type="in_channel" if shared else "ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )

    async def post(self, asker: Asker, message: Message, thread: str | None, *, shared: bool) -> None:
        """Answer where somebody wrote to the bot: in the channel or a direct message, else to the asker alone."""
        openly = shared or asker.is_direct
        method = "chat.postMessage" if openly else "chat.postEphemeral"
        place = {"thread_ts": thread} if thread else {}
        for part in self.parts(message):
            await self.calls.write(
                asker.team.token,
                method,
                channel=asker.channel.id,
                text=part.text,
                blocks=list(part.blocks),
                link_names=False,
                parse="none",
                **({"unfurl_links": False, "unfurl_media": False} if openly else {"user": asker.user}),
                **place,
            )

    def parts(self, message: Message) -> list[Rendered]:
        """The message in at most four parts; what does not fit is said to be left out."""
        rendered = [render(part) for part in split(message)]
        if len(rendered) <= MOST_PARTS:
            return rendered
        rest = Message("This is as much as fits into one answer; ask for less to see the rest.")
        return [*rendered[: MOST_PARTS - 1], render(rest)]

    async def _presence(self, asker: Asker) -> str | None:
        """What keeps Pactwire from posting in the channel; None where nothing does, after joining it if need be."""
        if asker.is_direct:
            return None
        outcome = await self.calls.read(asker.team.token, "conversations.info", channel=asker.channel.id)
        place = outcome.data.get("channel") or {} if isinstance(outcome, Answered) else {}
        if place.get("is_archived"):
            return "This channel is archived: digests wait until somebody unarchives it."
        if place.get("is_member"):
            return None
        joined = await self.calls.read(asker.team.token, "conversations.join", channel=asker.channel.id)
        if isinstance(joined, Answered):
            return None
        return "Pactwire is not in this channel yet: /invite it here, or no digest can arrive."


def with_sharing(part: Rendered, line: str) -> Rendered:
    """The part with a button that answers the same line to the whole channel."""
    if len(part.blocks) >= MOST_BLOCKS or len(line) > blocks.VALUE:
        return part
    return Rendered((*part.blocks, blocks.actions([blocks.button("Share here", "share", line)])), part.text)


def channel_of(team: str, channel: str) -> Channel:
    """A channel of Slack's."""
    return Channel("slack", team, channel)
