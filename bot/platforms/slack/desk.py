"""Where commands are asked in Slack: a line and who asks it → the answer, on every way an answer can take."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any

from bot.digests.message import Block, Message, Name, Table
from bot.digests.model import Channel
from bot.errors import PactwireError, UserError
from bot.platforms.base import Command, Request
from bot.platforms.slack import blocks
from bot.platforms.slack.calls import Answered, Calls, Refused
from bot.platforms.slack.memory import Memory
from bot.platforms.slack.parts import split
from bot.platforms.slack.render import MOST_BLOCKS, Rendered, render
from bot.platforms.slack.rights import Rights, Standing
from bot.platforms.slack.speech import Asker, Line
from bot.platforms.slack.teams import Team
from bot.platforms.spoken import Spoken, parse
from bot.platforms.turnstile import Turnstile

MOST_PARTS = 4
"""A response_url takes five answers within half an hour; one is kept for what comes later."""

MOST_ANSWERS = 500
"""Answers that can still be shared."""

UNTOLD = (
    "Slack does not tell me who may manage here: my app lacks the scope users:read. Whoever installed it can paste the "
    "current manifest under App Manifest and reinstall it; then this works."
)

Respond = Callable[..., Awaitable[Any]]


class Desk:
    """Runs commands for people in Slack."""

    def __init__(
        self,
        commands: Sequence[Command],
        root: str,
        calls: Calls,
        memory: Memory,
        turnstile: Turnstile | None = None,
    ) -> None:
        self.commands = commands
        self.root = root
        self.calls = calls
        self.rights = Rights(calls, memory.is_named)
        self._answers: OrderedDict[str, Message] = OrderedDict()
        self._turnstile = turnstile or Turnstile(lambda: asyncio.get_running_loop().time())

    def understood(self, line: str) -> Spoken:
        """The command of a line; UserError says what was not understood."""
        return parse(line, self.commands, self.root)

    async def answer(self, asker: Asker, line: Line) -> Message:
        """The reply to a line; a refusal is a reply too."""
        if refusal := self.too_fast(asker):
            return Message(refusal)
        try:
            return await self.run(asker, self.understood(line.text), line.aimed)
        except PactwireError as refusal:
            return Message(str(refusal))

    def too_fast(self, asker: Asker) -> str | None:
        """None, and what they ask counts; or what to tell somebody who asks too fast.

        Everything goes through here once: lines, buttons, and whatever opens or fills a window.
        """
        return self._turnstile.refusal(asker.team.id, asker.user)

    async def run(self, asker: Asker, spoken: Spoken, aimed: str | None = None) -> Message:
        """The reply to an understood line; UserError refuses. A new subscription's channel is tried at once."""
        place = channel_of(asker.team.id, aimed) if aimed else None
        standing = await self.rights.standing(asker.team, place or asker.channel, asker.user)
        if standing is Standing.UNTOLD and spoken.command.manages:
            raise UserError(UNTOLD)
        may_manage = standing is Standing.MANAGES
        reply = await spoken.command.run(Request(asker.channel, asker.user, may_manage, spoken.values, place))
        if spoken.command.name != "subscribe":
            return reply
        hint = await self._presence(asker.team, place or asker.channel)
        return reply if hint is None else replace(reply, footer=(*reply.footer, hint))

    def remembered(self, ticket: str) -> Message | None:
        """An answer that was given lately, by the ticket on its button; None once it is forgotten."""
        return self._answers.get(ticket)

    async def tell(self, respond: Respond, message: Message, *, shared: bool = False, sharable: bool = False) -> None:
        """Answer through a response_url: to the asker alone, who may be offered to share it, or to the channel."""
        ticket = self._remember(message) if sharable and not shared else ""
        for number, part in enumerate(parts := self.parts(uncalled(message) if shared else message), 1):
            rendered = with_sharing(part, ticket) if ticket and number == len(parts) else part
            await respond(
                text=rendered.text,
                blocks=list(rendered.blocks),
                response_type="in_channel" if shared else "ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )

    async def post(self, asker: Asker, message: Message, thread: str | None, *, shared: bool) -> None:
        """Answer where somebody wrote to the bot: in the channel or a direct message, else to the asker alone.

        A part that Slack puts off is posted once more: it surely has not taken it.
        """
        openly = shared or asker.is_direct
        method = "chat.postMessage" if openly else "chat.postEphemeral"
        place = {"thread_ts": thread} if thread else {}
        for part in self.parts(uncalled(message) if openly else message):
            shown = {"text": part.text, "blocks": list(part.blocks), "link_names": False, "parse": "none", **place}
            shown |= {"unfurl_links": False, "unfurl_media": False} if openly else {"user": asker.user}
            for _ in range(2):
                outcome = await self.calls.post(asker.team, method, asker.channel.id, **shown)
                if not isinstance(outcome, Refused) or outcome.code != "ratelimited":
                    break

    def parts(self, message: Message) -> list[Rendered]:
        """The message in at most four parts; what does not fit is said to be left out."""
        rendered = [render(part) for part in split(message)]
        if len(rendered) <= MOST_PARTS:
            return rendered
        rest = Message("This is as much as fits into one answer; ask for less to see the rest.")
        return [*rendered[: MOST_PARTS - 1], render(rest)]

    def _remember(self, message: Message) -> str:
        """Keep the answer for as long as it may be shared; asking anew could change something or tell another thing."""
        ticket = token_hex(8)
        self._answers[ticket] = message
        while len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)
        return ticket

    async def _presence(self, team: Team, channel: Channel) -> str | None:
        """What keeps Pactwire from posting in the channel; None where nothing does, after joining it if need be."""
        if channel.id.startswith("D"):
            return None
        outcome = await self.calls.read(team.token, "conversations.info", channel=channel.id)
        place = outcome.data.get("channel") or {} if isinstance(outcome, Answered) else {}
        if place.get("is_archived"):
            return "This channel is archived: digests wait until somebody unarchives it."
        if place.get("is_member"):
            return None
        joined = await self.calls.read(team.token, "conversations.join", channel=channel.id)
        if isinstance(joined, Answered):
            return None
        return "Pactwire is not in this channel yet: /invite it here, or no digest can arrive."


def uncalled(message: Message) -> Message:
    """The message with people as plain ids: where everybody reads it, their names would call them."""
    return replace(message, blocks=tuple(map(_uncalled, message.blocks)))


def _uncalled(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    rows = (tuple(str(cell) if _calls(cell) else cell for cell in row) for row in block.rows)
    return replace(block, rows=tuple(rows))


def _calls(cell: str) -> bool:
    return isinstance(cell, Name) and cell.kind == "person"


def with_sharing(part: Rendered, ticket: str) -> Rendered:
    """The part with a button that shows the same answer to the whole channel."""
    if len(part.blocks) >= MOST_BLOCKS:
        return part
    return Rendered((*part.blocks, blocks.actions([blocks.button("Share here", "share", ticket)])), part.text)


def channel_of(team: str, channel: str) -> Channel:
    """A channel of Slack's."""
    return Channel("slack", team, channel)
