"""What Discord's refusals of a post mean, as data. Pure.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from datetime import timedelta

from bot.platforms.base import PostFailed, Remedy, Unclear

REMEDIES: dict[int, tuple[Remedy, str]] = {
    # the place: gone for good
    10003: (Remedy.DEAD, "the channel was deleted; subscribe another one"),
    10004: (Remedy.PAUSE, "Pactwire is no longer in the server; invite it again"),
    # the place: somebody can mend it
    50001: (Remedy.PAUSE, "Pactwire cannot see the channel; give it View Channel there, or invite it again"),
    50013: (Remedy.PAUSE, "Pactwire may not post in the channel; give it Send Messages (and in Threads) there"),
    50008: (Remedy.PAUSE, "nobody can post in a channel of this kind; subscribe a text or forum channel"),
    50024: (Remedy.PAUSE, "nobody can post in a channel of this kind; subscribe a text or forum channel"),
    50009: (Remedy.PAUSE, "the channel's verification level is too high for Pactwire"),
    50083: (Remedy.PAUSE, "the thread is archived; open it again"),
    160005: (Remedy.PAUSE, "the thread is locked; unlock it, or subscribe another channel"),
    40067: (
        Remedy.PAUSE,
        "the forum asks for a tag and has none that Pactwire may set; make one that everybody may use",
    ),
    160006: (Remedy.PAUSE, "the server has no room for another thread; let old ones be archived"),
    200000: (Remedy.PAUSE, "AutoMod stopped the message; exempt Pactwire's role from the rule"),
    200001: (Remedy.PAUSE, "AutoMod stopped the title; exempt Pactwire's role from the rule"),
    240000: (Remedy.PAUSE, "the server's rules stopped a link in the message"),
    # the message: smaller or plainer parts
    50035: (Remedy.RENDER, "Discord refused the message's form"),
    50006: (Remedy.RENDER, "Discord found nothing to show"),
    40005: (Remedy.RENDER, "Discord found the message too large"),
    # the same post later
    20016: (Remedy.RETRY, "the channel's slow mode asks to wait"),
    20022: (Remedy.RETRY, "Discord asks to wait"),
    20028: (Remedy.RETRY, "the channel takes no more messages for now"),
    30046: (Remedy.RETRY, "Discord allows no more changes to old messages for now"),
    40333: (Remedy.RETRY, "Discord's guard refused the request"),
    50027: (Remedy.RETRY, "the interaction is over"),
    130000: (Remedy.RETRY, "Discord is overloaded"),
}

STATUSES: dict[int, tuple[Remedy, str]] = {
    401: (Remedy.PAUSE, "Discord refused the bot token; set the current one and start again"),
    403: (Remedy.PAUSE, "Discord does not let Pactwire post there"),
    404: (Remedy.PAUSE, "Discord does not know the channel"),
    413: (Remedy.RENDER, "Discord found the message too large"),
    429: (Remedy.RETRY, "Discord asks to wait"),
}

WRONG_TOKEN = (
    "Discord refused the bot token. Copy it anew from https://discord.com/developers/applications (Bot, Reset Token), "
    "put it into PACTWIRE_DISCORD_TOKEN or the file that token_file names, and start again."
)
CLOSED: dict[int, str] = {
    4004: WRONG_TOKEN,
    4011: "Discord asks for shards, because the bot is in many servers. Set sharded = true under [discord].",
}
NO_INTENTS = "Discord refused the intents. Pactwire asks for no privileged ones; is this token another bot's?"

GUARDED = timedelta(minutes=10)
"""How long to stay away when Discord's guard (Cloudflare) refuses, if it names no time itself."""


def outcome(status: int, code: int, retry_after: timedelta | None = None) -> PostFailed | Unclear:
    """What a refusal with this HTTP status and this error code of Discord's (0: none) means for the post.

    After a fault of Discord's own nobody knows whether it took the message.
    """
    if code in REMEDIES:
        remedy, reason = REMEDIES[code]
    elif status >= 500:
        return Unclear(f"Discord answered {status}")
    else:
        remedy, reason = STATUSES.get(status, (Remedy.RENDER, f"Discord answered {status}"))
    guarded = status == 429 or code == 40333
    return PostFailed(f"{reason} ({code or status})", remedy, (retry_after or GUARDED) if guarded else retry_after)
