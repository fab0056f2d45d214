"""Whether a hub's message is signed with our secret. Pure. https://www.w3.org/TR/websub/#authenticated-content-distribution"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

_SIGNATURE = re.compile(r"(sha256|sha384|sha512)=([0-9a-f]{64,128})", re.IGNORECASE)
"""SHA-1, which older hubs still use, proves too little."""


def is_signed(signatures: Sequence[str], body: bytes, secret: str) -> bool:
    """Whether the one X-Hub-Signature header fits the body."""
    found = _SIGNATURE.fullmatch(signatures[0]) if len(signatures) == 1 else None
    if found is None:
        return False
    made = hmac.new(secret.encode(), body, found[1].lower()).hexdigest()
    return hmac.compare_digest(made, found[2].lower())
