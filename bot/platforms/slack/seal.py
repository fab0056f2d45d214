"""Tokens as they are kept: sealed where the operator gave a key (the owner of cryptography)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import PactwireError

_SEALED = "sealed:"


class Seal:
    """Seals with a key of any words; without a key, tokens stay as they are, in a file that only its owner reads."""

    def __init__(self, key: str | None) -> None:
        # The key is a secret of the operator's own choosing, long and random; Fernet wants 32 bytes of it.
        derived = hashlib.scrypt(key.encode(), salt=b"pactwire tokens", n=2**14, r=8, p=1, dklen=32) if key else None
        self._fernet = Fernet(base64.urlsafe_b64encode(derived)) if derived else None

    def close(self, token: str) -> str:
        """The token as it is kept."""
        return f"{_SEALED}{self._fernet.encrypt(token.encode()).decode()}" if self._fernet else token

    def open(self, kept: str) -> str:
        """The token again. PactwireError where it was sealed with another key."""
        if not kept.startswith(_SEALED):
            return kept
        if self._fernet is None:
            raise PactwireError("Kept tokens are sealed, and there is no key. Set PACTWIRE_SLACK_KEY as it was.")
        try:
            return self._fernet.decrypt(kept.removeprefix(_SEALED).encode()).decode()
        except InvalidToken:
            raise PactwireError(
                "Kept tokens were sealed with another key. Set PACTWIRE_SLACK_KEY as it was, or install anew."
            ) from None
