"""Secrets at rest: AES-256-GCM with a ring of keys.

How it is used. A column of type `base.SealedText` holds only what `SecretBox.seal` returned, and
refuses anything else, so a forgotten call is an error and not a leak. Sealing and opening is
explicit, in the repositories (`persistence.sealed`), for two reasons: a column type that encrypts
by itself needs the keys in a global, and it does not know its row, to which the seal is bound.
Rows therefore carry sealed text only; opened secrets are `pydantic.SecretStr` and stay out of repr.

Format: ``gcs1:<key id>:<base64url of 12 bytes nonce, ciphertext, 16 bytes tag>``. The additional
authenticated data is ``gcs1:<key id>:<table>/<row key>/<column>``: a sealed text copied into
another row, column or key id does not open.

Nonces are random. NIST SP 800-38D, 8.3, allows 2**32 of them under one key; a shop's secrets are
sealed a few times a year.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from persistence.errors import BrokenSealError, KeyRingError, UnknownKeyError

_VERSION = "gcs1"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SEALED = re.compile(rf"{_VERSION}:({_KEY_ID.pattern}):([A-Za-z0-9_-]+={{0,2}})")


def is_sealed(text: str) -> bool:
    """Whether this has the form `SecretBox.seal` gives."""
    return _SEALED.fullmatch(text) is not None


class SecretBox:
    """Seals with the first key of the ring, opens with any of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take the ring, {key id: 32 bytes}, the current key first.

        Raises `KeyRingError` when it is empty, or an id or a key is not of the right form.
        """
        if not keys:
            raise KeyRingError("the key ring is empty")
        for key_id, key in keys.items():
            if _KEY_ID.fullmatch(key_id) is None:
                raise KeyRingError(f"key id {key_id!r} is not 1 to 32 of A-Z a-z 0-9 _ -")
            if len(key) != _KEY_BYTES:
                raise KeyRingError(f"key {key_id!r} has {len(key)} bytes, not {_KEY_BYTES}")
        self._ring = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> "SecretBox":
        """From a setting: ``id:base64[,id:base64...]``, the current key first. `KeyRingError`."""
        keys: dict[str, bytes] = {}
        for place, entry in enumerate(text.split(","), start=1):
            key_id, colon, encoded = entry.strip().partition(":")
            if not colon:
                raise KeyRingError(f"entry {place} of the key ring is not <key id>:<base64>")
            if key_id in keys:
                raise KeyRingError(f"key id {key_id!r} is given twice")
            try:
                keys[key_id] = _decode(encoded)
            except ValueError:
                raise KeyRingError(f"key {key_id!r} is not base64") from None
        return cls(keys)

    @staticmethod
    def new_key() -> bytes:
        """Make a key from the system's random source."""
        return AESGCM.generate_key(bit_length=_KEY_BYTES * 8)

    def __repr__(self) -> str:
        return f"SecretBox(current={self._current!r}, keys={list(self._ring)!r})"

    @property
    def current_key_id(self) -> str:
        """The id of the key that seals."""
        return self._current

    def seal(self, secret: str, identity: str) -> str:
        """Encrypt `secret` for the place `identity` names (``shops/acme/access_token``)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ring[self._current].encrypt(
            nonce, secret.encode(), _associated(self._current, identity)
        )
        return f"{_VERSION}:{self._current}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, identity: str) -> str:
        """Decrypt what was sealed for `identity`.

        Raises `UnknownKeyError` when its key is not in the ring and `BrokenSealError` when the
        seal does not hold. Neither message shows the text.
        """
        key_id, data = _parts(sealed)
        cipher = self._ring.get(key_id)
        if cipher is None:
            raise UnknownKeyError(key_id)
        try:
            clear = cipher.decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], _associated(key_id, identity)
            )
        except InvalidTag:
            raise BrokenSealError(
                f"{identity}: key {key_id!r} does not open it: the key is another one under "
                "the same id, or the sealed text was altered or moved here from another row"
            ) from None
        return clear.decode()

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the current key. Raises `BrokenSealError` on other text."""
        return _parts(sealed)[0] == self._current


def _parts(sealed: str) -> tuple[str, bytes]:
    match = _SEALED.fullmatch(sealed)
    if match is None:
        raise BrokenSealError("this is not a sealed secret")
    try:
        data = _decode(match[2])
    except ValueError:
        raise BrokenSealError("the sealed secret is not base64") from None
    if len(data) < _NONCE_BYTES + _TAG_BYTES:
        raise BrokenSealError("the sealed secret is cut short")
    return match[1], data


def _associated(key_id: str, identity: str) -> bytes:
    return f"{_VERSION}:{key_id}:{identity}".encode()


def _decode(text: str) -> bytes:
    """Base64 in either alphabet, strictly: stray characters are refused."""
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
