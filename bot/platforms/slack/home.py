"""The App Home tab: the workspace at a glance. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.deals.model import KnownDeal
from bot.digests.card import deal_card
from bot.digests.compose import covered
from bot.digests.message import Message
from bot.digests.model import Coverage
from bot.digests.spelling import describe
from bot.platforms.slack.blocks import Block, actions, button, context, divider, header, section
from bot.platforms.slack.memory import Kept
from bot.platforms.slack.render import render
from bot.platforms.slack.text import code, mrkdwn

MOST_CHANNELS, MOST_DEALS = 12, 5
_FAILING = 5


def home(kept: Sequence[Kept], coverage: Coverage, deals: Sequence[KnownDeal], root: str) -> Block:
    """The view: digests with a button each, feeds, the newest deals; at most 100 blocks."""
    shown = (
        header("Digests"),
        *_digests(kept, root),
        actions([button("New digest", "form:", "new", style="primary"), button("Status", "do:status", "status")]),
        header("Feeds"),
        *_feeds(coverage),
        header("Newest deals"),
        *_deals(deals),
    )
    return {"type": "home", "blocks": list(shown)}


def _digests(kept: Sequence[Kept], root: str) -> Iterator[Block]:
    if not kept:
        yield section(f"No channel gets digests yet. Begin with the button, or type {code(f'/{root} subscribe')}.")
    for each in kept[:MOST_CHANNELS]:
        channel, at = each.subscription.channel.id, int(each.next_due.timestamp())
        when = f"next <!date^{at}^{{date_short_pretty}} at {{time}}|{each.next_due:%Y-%m-%d %H:%M} UTC>"
        state = f"paused: {mrkdwn(each.paused_reason, 300)}" if each.paused_reason else when
        told = section(f"*<#{channel}>*\n{mrkdwn(describe(each.subscription.timetable))} · {state}")
        yield {**told, "accessory": button("Change", f"form:{channel}", channel)}
    if len(kept) > MOST_CHANNELS:
        yield context(f"and {len(kept) - MOST_CHANNELS} more")


def _feeds(coverage: Coverage) -> Iterator[Block]:
    yield section(mrkdwn(covered(coverage)))
    for feed in coverage.failing[:_FAILING]:
        yield context(mrkdwn(f"not read: {feed.title} ({feed.reason})", 500))


def _deals(deals: Sequence[KnownDeal]) -> Iterator[Block]:
    if not deals:
        yield section("None yet. They stand here as soon as a feed announces one.")
    for known in deals[:MOST_DEALS]:
        # The title and the rest of a whole message are not wanted here, the card's own blocks are.
        yield from render(Message("Deal", (deal_card(known),))).blocks[1:]
        yield divider()
