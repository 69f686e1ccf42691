"""Sessions of people: a signed cookie that names an API key. Nothing is stored; the key's revocation ends them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

COOKIE = "gridcase_session"


def issue(keys: Sequence[bytes], key_id: str, now: datetime, lasts: timedelta) -> str:
    """The cookie's value: base64url of JSON, a dot, base64url of its HMAC-SHA-256."""
    content = json.dumps({"key": key_id, "until": int((now + lasts).timestamp())}).encode()
    return f"{_encode(content)}.{_encode(_sign(keys[0], content))}"


def read(keys: Sequence[bytes], value: str, now: datetime) -> str | None:
    """The id of the API key it stands for; None where it is not ours, was altered, or is over."""
    content, dot, signature = value.partition(".")
    try:
        raw, given = _decode(content), _decode(signature)
    except ValueError:
        return None
    good = [hmac.compare_digest(_sign(key, raw), given) for key in keys]
    if not dot or not any(good):
        return None
    said = json.loads(raw)  # signed by us, so of our shape
    return str(said["key"]) if said["until"] > now.timestamp() else None


def same_site_path(target: str) -> str:
    """`target` if it is a path on this site, else `/`: a login must not send people elsewhere.

    Browsers read a backslash as a slash, and `//host` as another site.
    """
    good = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not good or any(character < " " or character == "\\" for character in target):
        return "/"
    return target


def _sign(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _decode(text: str) -> bytes:
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
