"""The few kinds of blocks that every Slack client shows, built within Slack's limits. Pure.

https://docs.slack.dev/reference/block-kit/blocks/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.platforms.harmless import harmless
from bot.platforms.slack.text import cut

Block = Mapping[str, Any]
"""One block or element as JSON: Slack's own form, which only this package reads."""

HEADER, SECTION, CONTEXT, BUTTON, VALUE = 150, 3000, 2000, 75, 2000
"""The most characters of a text in each place."""


def plain(text: str, most: int) -> Block:
    """A plain_text object: Slack formats nothing in it and turns no :name: into a picture."""
    return {"type": "plain_text", "text": cut(harmless(text), most) or "–", "emoji": False}


def marked(text: str) -> Block:
    """A mrkdwn object of text that is escaped already; verbatim, so that nothing in it becomes a link by itself."""
    return {"type": "mrkdwn", "text": text or "–", "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Block:
    """A paragraph of escaped mrkdwn, at most 3,000 characters."""
    return {"type": "section", "text": marked(text)}


def context(*texts: str) -> Block:
    """Up to ten small texts of escaped mrkdwn beside each other."""
    return {"type": "context", "elements": [marked(text) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def actions(elements: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(text: str, action: str, value: str, *, style: str | None = None) -> Block:
    made: dict[str, Any] = {
        "type": "button",
        "text": plain(text, BUTTON),
        "action_id": action,
        "value": value[:VALUE],
    }
    return made if style is None else made | {"style": style}


def option(text: str, value: str) -> Block:
    """One choice of a menu; its text and value have at most 75 and 150 characters."""
    return {"text": plain(text, BUTTON), "value": value[:150]}


def menu(action: str, options: Sequence[Block]) -> Block:
    """The menu behind three dots, with two to five choices."""
    return {"type": "overflow", "action_id": action, "options": list(options)}


def field(id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """A labelled input of a form."""
    made: dict[str, Any] = {
        "type": "input",
        "block_id": id,
        "label": plain(label, 2000),
        "element": {"action_id": id, **element},
        "optional": optional,
    }
    return made | {"hint": plain(hint, 2000)} if hint else made


def modal(title: str, shown: Sequence[Block], *, submit: str = "", callback: str = "", private: str = "") -> Block:
    """A form or a window with at most 100 blocks; its title has at most 24 characters."""
    made: dict[str, Any] = {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain("Cancel" if submit else "Close", 24),
        "blocks": list(shown)[:100],
        "callback_id": callback,
        "private_metadata": private,
    }
    return made | {"submit": plain(submit, 24)} if submit else made
