"""The name under which an entry's key is kept."""

from __future__ import annotations

from hashlib import blake2b


def hash_key(key: str) -> str:
    """A fixed-size name for an entry's key: 80 bits, for each one is kept for ever."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
