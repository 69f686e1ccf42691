"""Keys that are derived from the secret ring, for session cookies.

Of each key of the ring one is derived, so that a rotation does not end sessions until the old key leaves.
"""

import base64
import hashlib
import hmac

from settings import Settings


def derived_keys(ring: str, purpose: str) -> tuple[bytes, ...]:
    """One key of 32 bytes for each of `id:base64,...`, in its order. HMAC-SHA-256 is a sound derivation from a uniform key.

    Raises ValueError where the ring is not of that form.
    """
    keys = []
    for entry in ring.split(","):
        _, colon, encoded = entry.strip().partition(":")
        if not colon:
            raise ValueError("the key ring is not <key id>:<base64>, separated by commas")
        secret = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
        keys.append(hmac.digest(secret, f"gridcase/{purpose}".encode(), hashlib.sha256))
    return tuple(keys)


def session_keys(settings: Settings) -> tuple[bytes, ...]:
    return derived_keys(settings.secret_key_ring, "session")
