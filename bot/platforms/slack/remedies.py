"""What Slack's error codes mean for a post, as data. Pure.

https://docs.slack.dev/reference/methods/chat.postMessage/#errors, and for 429
https://docs.slack.dev/apis/web-api/rate-limits/
"""

from __future__ import annotations

from bot.platforms.base import Remedy

REMEDIES: dict[str, tuple[Remedy, str]] = {
    # the message: smaller or plainer parts
    "msg_too_long": (Remedy.RENDER, "Slack found the message too long"),
    "msg_blocks_too_long": (Remedy.RENDER, "Slack found the message too long"),
    "invalid_blocks": (Remedy.RENDER, "Slack refused the message's form"),
    "invalid_blocks_format": (Remedy.RENDER, "Slack refused the message's form"),
    "metadata_too_large": (Remedy.RENDER, "Slack refused the message's mark"),
    "no_text": (Remedy.RENDER, "Slack found nothing to show"),
    # the channel: somebody can mend it
    "not_in_channel": (Remedy.PAUSE, "Pactwire is not in the channel; /invite it there"),
    "is_archived": (Remedy.PAUSE, "the channel is archived; unarchive it, or subscribe another"),
    "restricted_action": (Remedy.PAUSE, "only some people may post in this channel; an admin can let apps post"),
    "restricted_action_read_only_channel": (Remedy.PAUSE, "the channel is read-only; an admin can let apps post"),
    "restricted_action_thread_only_channel": (Remedy.PAUSE, "only threads may be posted in this channel"),
    "restricted_action_non_threadable_channel": (Remedy.PAUSE, "the channel takes no threads"),
    "ekm_access_denied": (Remedy.PAUSE, "the workspace's admins have suspended posting"),
    "access_denied": (Remedy.PAUSE, "the workspace does not let Pactwire post"),
    "channel_not_found": (
        Remedy.PAUSE,
        "the channel is gone, or private without Pactwire in it; /invite it there, or subscribe another",
    ),
    # the workspace: an operator can mend it
    "missing_scope": (Remedy.PAUSE, "the app lacks a scope; reinstall it from the current manifest"),
    "no_permission": (Remedy.PAUSE, "the app lacks a scope; reinstall it from the current manifest"),
    "invalid_auth": (Remedy.PAUSE, "the bot token is wrong; copy it anew from OAuth & Permissions"),
    "not_authed": (Remedy.PAUSE, "there is no bot token for this workspace; install the app again"),
    "token_expired": (Remedy.PAUSE, "the bot token has expired; install the app again"),
    "token_revoked": (Remedy.PAUSE, "the app was removed from the workspace; install it again"),
    "account_inactive": (Remedy.PAUSE, "the app was removed from the workspace; install it again"),
    "org_login_required": (Remedy.RETRY, "the workspace is being moved"),
    "team_access_not_granted": (Remedy.PAUSE, "the organisation does not let Pactwire into this workspace"),
    "two_factor_setup_required": (Remedy.PAUSE, "the workspace asks for two-factor sign-in first"),
    "team_added_to_org": (Remedy.RETRY, "the workspace is being moved"),
    # Slack: the same post later
    "ratelimited": (Remedy.RETRY, "Slack asks to wait"),
    "rate_limited": (Remedy.RETRY, "Slack asks to wait"),
    "message_limit_exceeded": (Remedy.RETRY, "the workspace has posted too much for now"),
    "service_unavailable": (Remedy.RETRY, "Slack is not available"),
    "request_timeout": (Remedy.RETRY, "Slack did not get the whole request"),
    "accesslimited": (Remedy.RETRY, "Slack limits access for now"),
}

UNCLEAR = frozenset(("fatal_error", "internal_error"))
"""Slack itself says that some of the work may have been done before these."""

GONE = frozenset(("token_revoked", "account_inactive", "invalid_auth", "token_expired", "not_authed"))
"""The token will not come back to life by itself."""

LASTING = GONE | {"missing_scope", "no_permission", "not_in_channel", "channel_not_found", "access_denied"}
"""After these, a channel's history cannot be read by asking again."""

PASSING = UNCLEAR | {code for code, (means, _) in REMEDIES.items() if means is Remedy.RETRY}
"""These say nothing about a token: the same call may work in a while."""


def remedy(code: str, scope: str = "") -> tuple[Remedy, str]:
    """What helps after this error, and why it came, in words. After an unknown one, somebody has to look."""
    if code == "missing_scope" and scope:
        return Remedy.PAUSE, f"the app lacks the scope {scope}; reinstall it from the current manifest"
    return REMEDIES.get(code, (Remedy.PAUSE, f"Slack answered {code}"))
