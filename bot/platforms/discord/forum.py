"""Forum channels: one post a deal, tagged by sector, kind and status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.digests.message import Card, Heading, Message
from bot.platforms.discord.buttons import bears
from bot.platforms.discord.history import written
from bot.platforms.discord.render import Audience, Layout, render
from bot.platforms.discord.text import cut
from bot.platforms.discord.views import sendable

MOST_TAGS = 5
LONGEST_NAME = 100


async def post_deals(forum: discord.ForumChannel, part: Message, key: str, layout: Layout) -> str:
    """Open a post for each deal of the part, but for those that stand there already under this key.

    Forum posts take no nonce: after an interruption, the ones that got through are known by their marks. Answers the
    first one's id. A part without deals is one post.
    """
    posts = [
        _Post(
            card.headline,
            f"{key}{card.deal}",
            _single(card, heading, None if number else part.mention),
            (heading, card.kind, card.badge),
        )
        for number, (card, heading) in enumerate(deals_of(part))
    ]
    opened = [await _opened(forum, post, layout) for post in posts or [_Post(part.title, key, part)]]
    return opened[0]


def deals_of(part: Message) -> list[tuple[Card, str]]:
    """The deals of a part, each with the heading that it stands under."""
    found, heading = [], ""
    for block in part.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Card):
            found.append((block, heading))
    return found


def fitting(available: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Which of a forum's tags are named like the wanted ones, whatever their case: places in the list, at most five."""
    names = {name.casefold(): number for number, name in reversed([*enumerate(available)])}
    return [names[name] for name in dict.fromkeys(map(str.casefold, wanted)) if name in names][:MOST_TAGS]


@dataclass(frozen=True, slots=True)
class _Post:
    name: str
    mark: str
    message: Message
    tags: tuple[str, ...] = ()


def _single(card: Card, heading: str, mention: str | None) -> Message:
    """One deal as a message of its own; its headline is the post's name. Only the first calls for the role."""
    return Message(heading or "Partnership news", (card,), deals=(card.deal,), mention=mention)


async def _opened(forum: discord.ForumChannel, post: _Post, layout: Layout) -> str:
    name = cut(post.name, LONGEST_NAME) or "–"
    standing = await _standing(forum, post.mark, name)
    if standing is not None:
        return standing
    available = [tag for tag in forum.available_tags if not tag.moderated]
    tags = [available[number] for number in fitting([tag.name for tag in available], post.tags)]
    # A forum may ask for a tag: then one that fits nothing is better than no post.
    if forum.flags.require_tag and available:
        tags = tags or available[:1]
    shown = sendable(render(post.message, Audience(post.mark), layout))
    made = await forum.create_thread(name=name, applied_tags=tags, **shown)
    return str(made.thread.id)


async def _standing(forum: discord.ForumChannel, mark: str, name: str) -> str | None:
    """The post with this mark and name, among those that are not archived."""
    for thread in await forum.guild.active_threads():
        if thread.parent_id == forum.id and thread.name == name:
            try:
                first = await thread.fetch_message(thread.id)
            except discord.NotFound:
                return str(thread.id)  # it stood there, and somebody took its first message away
            if bears(written(first), mark):
                return str(thread.id)
    return None
