from __future__ import annotations

import logging

import pytest

from bot.platforms.discord.diary import LOG, redacted

# In the shape of a bot token, and nobody's.
TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.Gx0000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


def test_a_token_never_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), caplog.at_level(logging.WARNING, "pactwire"):  # whoever set it before
        LOG.warning("refused: %s", f"Bot {TOKEN}")
        logging.getLogger("discord.http").warning("PATCH https://discord.com/api/v10/webhooks/1/%s", "a" * 80)
    assert TOKEN not in caplog.text
    assert "a" * 80 not in caplog.text
    assert "refused: Bot …" in caplog.text


def test_what_is_no_token_stays() -> None:
    assert redacted("channel 1574463010909454337, code 50013") == "channel 1574463010909454337, code 50013"
