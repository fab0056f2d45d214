"""Whether a request really comes from Slack, decided over its raw bytes before anything is parsed. Pure but for memory.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import OrderedDict

WINDOW = 300
"""Seconds by which a request's own time may differ from ours."""

REMEMBERED = 20_000
"""Signatures that are known as used; more than Slack sends one app in five minutes."""

_NUMBER = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Verifier:
    """Knows the signing secret, and every signature of the last minutes: none counts twice."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._used: OrderedDict[str, int] = OrderedDict()

    def accepts(self, timestamps: list[str], signatures: list[str], body: bytes, now: float) -> bool:
        """Whether the one timestamp and the one signature fit the body, are recent, and are new.

        Slack signs each of its own retries anew, so a signature that comes again is somebody else's copy.
        """
        if len(timestamps) != 1 or len(signatures) != 1:
            return False
        (timestamp,), (signature,) = timestamps, signatures
        if not _NUMBER.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        if abs(now - int(timestamp)) > WINDOW or not self._fits(timestamp, signature, body):
            return False
        self._forget(now)
        if signature in self._used:
            return False
        self._used[signature] = int(timestamp)
        return True

    def _fits(self, timestamp: str, signature: str, body: bytes) -> bool:
        made = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={made}", signature)

    def _forget(self, now: float) -> None:
        """Those that are too old to be accepted anyway, and the oldest of too many."""
        while self._used:
            oldest = next(iter(self._used))
            if self._used[oldest] >= now - 2 * WINDOW and len(self._used) < REMEMBERED:
                break
            del self._used[oldest]
