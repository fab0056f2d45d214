"""The form behind `subscribe`: what it shows, and what somebody chose in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.digests.message import Message
from bot.digests.model import Subscription, WhenEmpty
from bot.digests.spelling import DAYS, zones
from bot.feeds.model import Sector
from bot.platforms.slack.blocks import Block, actions, button, field, modal, option, section
from bot.platforms.slack.render import render
from bot.platforms.slack.text import mrkdwn

FORM = "wishes"
"""The callback_id of the form."""

WORKING: Block = modal("One moment", [section("This is being looked after …")])

_MOST_ZONES = 100  # of an external_select's options
_WORDS = 600


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filled-in form: the channel, and the options of `subscribe` as somebody would type them."""

    channel: str
    values: Mapping[str, str]


def chosen_from(wanted: Subscription, zone: str | None = None) -> Chosen:
    """What the form begins with; `zone` is the asker's own, for a channel that has none of its own yet."""
    return Chosen(
        wanted.channel.id,
        {
            "days": ",".join(DAYS[day] for day in sorted(wanted.timetable.days)),
            "times": ",".join(f"{at:%H:%M}" for at in wanted.timetable.times),
            "zone": zone or wanted.timetable.zone,
            "sectors": ",".join(sector.value for sector in Sector if sector in wanted.topics.sectors),
            "include": ", ".join(wanted.topics.include),
            "exclude": ", ".join(wanted.topics.exclude),
            "empty": wanted.when_empty.value,
        },
    )


def chosen_in(state: Mapping[str, Any]) -> Chosen:
    """What stands in a form's `state.values`; a list that was emptied is cleared, not left as it was."""
    given = {name: _given(fields.get(name) or {}) for name, fields in state.items()}
    times = [given.pop("time", ""), given.pop("more_times", "")]
    channel = given.pop("channel", "")
    values = given | {"times": ",".join(filter(None, times))}
    return Chosen(channel, values)


def as_options(chosen: Chosen) -> dict[str, str]:
    """The values as options of `subscribe`: an empty list says so in words."""
    cleared = {"sectors": "any", "include": "none", "exclude": "none"}
    values = {name: value or cleared.get(name, "") for name, value in chosen.values.items()}
    return {name: value for name, value in values.items() if value}


def wishes_form(chosen: Chosen, fault: str | None = None) -> Block:
    """The form, filled in; `fault` says why the last try was refused."""
    values = chosen.values
    first, _, more = values["times"].partition(",")
    return modal(
        "Partnership digests",
        (
            *([section(f":warning: {mrkdwn(fault)}")] if fault else []),
            field("channel", "Channel", _channel(chosen.channel)),
            field("days", "Days", _several("checkboxes", [(day, day.capitalize()) for day in DAYS], values["days"])),
            field("time", "Time", {"type": "timepicker", **({"initial_time": first} if first else {})}),
            field(
                "more_times", "More times", _typed(more), optional=True, hint="Such as 12:00, 17:30; for more than one."
            ),
            field("zone", "Time zone", _zone(values["zone"]), hint="Type a city to find it."),
            field(
                "sectors",
                "Sectors",
                _several("multi_static_select", [(each.value, _named(each)) for each in Sector], values["sectors"]),
                optional=True,
                hint="None chosen: all of them.",
            ),
            field("include", "Only deals with", _typed(values["include"]), optional=True, hint="Words between commas."),
            field(
                "exclude", "Never deals with", _typed(values["exclude"]), optional=True, hint="Words between commas."
            ),
            field("empty", "When nothing is new", _one(_EMPTY, values["empty"])),
            actions([button("Preview", "preview", "preview")]),
        ),
        submit="Subscribe",
        callback=FORM,
    )


def offered_zones(typed: str) -> list[Block]:
    """The zones that hold what was typed, at most 100."""
    wanted = typed.casefold().replace(" ", "_")
    return [option(zone, zone) for zone in zones() if wanted in zone.casefold()][:_MOST_ZONES]


def window(message: Message) -> Block:
    """A message as a window of its own."""
    shown = render(message, with_buttons=False).blocks
    if len(shown) > 100:
        shown = (*shown[:99], section("This is as much as fits here."))
    return modal(message.title.partition(" · ")[0], shown)


_EMPTY = ((WhenEmpty.LINE.value, "Say so in one line"), (WhenEmpty.SILENCE.value, "Stay silent"))


def _named(sector: Sector) -> str:
    return sector.value.replace("_", " ").capitalize()


def _channel(channel: str) -> Block:
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    known = (
        {"initial_conversation": channel} if channel[:1] in {"C", "G"} else {"default_to_current_conversation": True}
    )
    return {"type": "conversations_select", "filter": kinds, **known}


def _several(kind: str, choices: list[tuple[str, str]], values: str) -> Block:
    marked = set(values.split(","))
    options = [option(label, value) for value, label in choices]
    initial = [each for each in options if each["value"] in marked]
    return {"type": kind, "options": options, **({"initial_options": initial} if initial else {})}


def _one(choices: tuple[tuple[str, str], ...], value: str) -> Block:
    options = [option(label, each) for each, label in choices]
    initial = next((each for each in options if each["value"] == value), options[0])
    return {"type": "static_select", "options": options, "initial_option": initial}


def _zone(zone: str) -> Block:
    initial = {"initial_option": option(zone, zone)} if zone else {}
    return {"type": "external_select", "min_query_length": 0, **initial}


def _typed(text: str) -> Block:
    return {"type": "plain_text_input", "max_length": _WORDS, **({"initial_value": text[:_WORDS]} if text else {})}


def _given(element: Mapping[str, Any]) -> str:
    """What was chosen in one element, whatever its kind."""
    if "selected_options" in element:
        return ",".join(str(each["value"]) for each in element["selected_options"] or ())
    if chosen := element.get("selected_option"):
        return str(chosen["value"])
    for name in ("selected_conversation", "selected_time", "value"):
        if name in element:
            return str(element[name] or "")
    return ""
