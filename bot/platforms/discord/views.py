"""Discord's JSON, as we render it, → the views and embeds that discord.py sends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord
from discord import ui

from bot.platforms.discord.render import ACTION_ROW, BUTTON, CONTAINER, SECTION, SEPARATOR, TEXT, Json


def sendable(payload: Json) -> dict[str, Any]:
    """What `send` and its like take for this payload: a view, embeds where there are some, and who may be mentioned.

    The view is finished from the start: its buttons are known by their ids, and discord.py need not remember it.
    """
    roles = [_role(role) for role in payload["allowed_mentions"].get("roles", ())]
    only = {"allowed_mentions": discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)}
    return {**_shown(payload), **(only if roles else {})}


def _role(id: str) -> discord.Object:
    """A role that is written as Discord's specification has it, as a string; discord.py would make it a number."""
    role = discord.Object(int(id))
    role.id = id  # type: ignore[assignment]
    return role


def _shown(payload: Json) -> dict[str, Any]:
    if "embeds" in payload:
        content = {"content": payload["content"]} if "content" in payload else {}
        embeds = [discord.Embed.from_dict(each) for each in payload["embeds"]]
        rows = enumerate(payload["components"])
        buttons = [(row, each) for row, components in rows for each in components["components"]]
        if not buttons:
            return {**content, "embeds": embeds}
        plain = ui.View(timeout=None)
        for row, each in buttons:
            plain.add_item(_button(each, row))
        plain.stop()
        return {**content, "embeds": embeds, "view": plain}
    layout = ui.LayoutView(timeout=None)
    for item in map(_item, payload["components"]):
        layout.add_item(item)
    layout.stop()
    return {"view": layout}


def _item(component: Json) -> ui.Item[Any]:
    match component["type"]:
        case t if t == TEXT:
            return ui.TextDisplay(component["content"], id=component.get("id"))
        case t if t == SEPARATOR:
            return ui.Separator(visible=component["divider"], spacing=discord.SeparatorSpacing(component["spacing"]))
        case t if t == CONTAINER:
            return ui.Container(*_items(component), accent_colour=component["accent_color"])
        case t if t == SECTION:
            return ui.Section(*_items(component), accessory=_button(component["accessory"]))
        case t if t == ACTION_ROW:
            return ui.ActionRow(*map(_button, component["components"]))
        case unknown:
            raise ValueError(f"no item for a component of type {unknown}")


def _items(component: Json) -> Iterable[ui.Item[Any]]:
    return map(_item, component["components"])


def _button(component: Json, row: int | None = None) -> ui.Button[Any]:
    assert component["type"] == BUTTON
    return ui.Button(
        style=discord.ButtonStyle(component["style"]),
        label=component["label"],
        custom_id=component.get("custom_id"),
        url=component.get("url"),
        disabled=component["disabled"],
        row=row,
    )
