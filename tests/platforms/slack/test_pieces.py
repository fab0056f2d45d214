"""The small pure pieces: what errors mean, what is signed, what is sealed, what is logged."""

from __future__ import annotations

import hashlib
import hmac
import logging

import pytest

from bot.errors import PactwireError
from bot.platforms.base import Remedy
from bot.platforms.slack.diary import LOG, SDK_LOG, redacted
from bot.platforms.slack.remedies import GONE, LASTING, REMEDIES, remedy
from bot.platforms.slack.seal import Seal
from bot.platforms.slack.signature import Verifier
from bot.platforms.slack.teams import Team
from bot.platforms.slack.wishes import as_options, chosen_from, chosen_in, offered_zones, wishes_form

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("msg_too_long", Remedy.RENDER),
        ("invalid_blocks", Remedy.RENDER),
        ("is_archived", Remedy.PAUSE),
        ("not_in_channel", Remedy.PAUSE),
        ("channel_not_found", Remedy.PAUSE),
        ("token_revoked", Remedy.PAUSE),
        ("account_inactive", Remedy.PAUSE),
        ("missing_scope", Remedy.PAUSE),
        ("ratelimited", Remedy.RETRY),
    ],
)
def test_each_error_has_its_remedy(code: str, means: Remedy) -> None:
    assert remedy(code)[0] is means


def test_every_reason_is_a_phrase_that_says_something() -> None:
    assert all(len(reason.split()) > 3 and not reason.endswith(".") for _, reason in REMEDIES.values())
    assert set(REMEDIES) >= GONE
    assert GONE < LASTING


def test_an_unknown_error_ends_no_channel() -> None:
    assert remedy("a_new_code") == (Remedy.PAUSE, "Slack answered a_new_code")


def sign(body: bytes, at: int, secret: str = "s3cret") -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:%d:" % at + body, hashlib.sha256).hexdigest()


def test_a_signature_is_accepted_once_and_within_five_minutes() -> None:
    verifier, at = Verifier("s3cret"), int(NOW)
    assert verifier.accepts([str(at)], [sign(b"a", at)], b"a", NOW)
    assert not verifier.accepts([str(at)], [sign(b"a", at)], b"a", NOW)
    for shift in (-301, 301):
        assert not verifier.accepts([str(at + shift)], [sign(b"b", at + shift)], b"b", NOW)
    for shift in (-300, 300):
        assert verifier.accepts([str(at + shift)], [sign(b"b", at + shift)], b"b", NOW)


def test_a_token_comes_out_of_its_seal_with_the_same_key_alone() -> None:
    sealed = Seal("a key").close("xoxb-canary")
    assert "canary" not in sealed
    assert Seal("a key").open(sealed) == "xoxb-canary"
    for other in (Seal("another"), Seal(None)):
        with pytest.raises(PactwireError):
            other.open(sealed)
    assert Seal(None).open(Seal(None).close("xoxb-canary")) == "xoxb-canary"


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-1-2-canary",
        "Authorization: Bearer xoxp-canary",
        "wss://x.example/link?ticket=canary&app=1",
        "xapp-1-A1-canary",
        "xoxe.xoxp-canary",
        "code=canary&state=1",
    ],
)
def test_no_secret_reaches_the_log(text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert "canary" not in redacted(text)
    for log in (LOG, SDK_LOG):
        try:
            raise ValueError(text)
        except ValueError:
            with caplog.at_level(logging.WARNING):
                log.exception("it failed: %s", text)
    assert "canary" not in caplog.text
    assert "canary" not in repr(Team("T1", "xoxb-canary", "U1", "B1"))


def test_a_form_that_is_sent_back_untouched_asks_for_what_it_showed() -> None:
    from bot.digests.model import Channel, Subscription

    chosen = chosen_from(Subscription(Channel("slack", "T1", "C1")))
    form = wishes_form(chosen)
    state = {
        block["block_id"]: {block["block_id"]: _as_sent(block["element"])}
        for block in form["blocks"]
        if block["type"] == "input"
    }
    sent = chosen_in(state)
    assert sent.channel == "C1"
    assert as_options(sent) == as_options(chosen)


def test_zones_are_found_by_a_part_of_their_name() -> None:
    assert [each["value"] for each in offered_zones("oslo")] == ["Europe/Oslo"]
    assert len(offered_zones("")) == 100


def _as_sent(element: dict[str, object]) -> dict[str, object]:
    """An element as Slack sends it back when nobody touched it."""
    names = {
        "initial_conversation": "selected_conversation",
        "initial_options": "selected_options",
        "initial_option": "selected_option",
        "initial_time": "selected_time",
        "initial_value": "value",
    }
    kept = {names[name]: value for name, value in element.items() if name in names}
    return (
        kept or {"value": None} if element["type"] != "multi_static_select" else {"selected_options": kept.get("x", [])}
    )
