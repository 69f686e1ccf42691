"""How we reach Temporal: address or profile, data converter, encryption of payloads."""

import asyncio
import base64
import dataclasses
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)
from temporalio.envconfig import ClientConfig

from settings import Settings

_ENCODING = b"binary/gridcase-aesgcm"
_NONCE_BYTES = 12
_DRAIN_SECONDS = 0.3


class CodecError(ValueError):
    """A payload that cannot be opened: unknown key, or altered."""


class EncryptionCodec(PayloadCodec):
    """AES-256-GCM over whole payloads; the key's id travels with each, so that keys can be rotated."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        """Take the ring, {key id: 32 bytes}, the current key first.

        Raises:
            ValueError: it is empty, or a key has not 32 bytes.
        """
        if not keys:
            raise ValueError("The key ring for payloads is empty.")
        if wrong := [key_id for key_id, key in keys.items() if len(key) != 32]:
            raise ValueError(f"These payload keys have not 32 bytes: {', '.join(wrong)}.")
        self._ring = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> "EncryptionCodec":
        """From `id:base64,id:base64`.

        Raises:
            ValueError: it is not of this form.
        """
        keys: dict[str, bytes] = {}
        for part in text.split(","):
            key_id, separator, encoded = part.strip().partition(":")
            if not separator or not key_id:
                raise ValueError("Payload keys are given as id:base64, separated by commas.")
            if key_id in keys:
                raise ValueError(f"The payload key {key_id!r} is given twice.")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except ValueError:
                raise ValueError(f"The payload key {key_id!r} is not base64.") from None
        return cls(keys)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(_NONCE_BYTES)
        key_id = self._current.encode()
        data = self._ring[self._current].encrypt(nonce, payload.SerializeToString(), key_id)
        return Payload(
            metadata={"encoding": _ENCODING, "encryption-key-id": key_id}, data=nonce + data
        )

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload  # written before a key was configured
        key_id = payload.metadata.get("encryption-key-id", b"").decode(errors="replace")
        ring = self._ring.get(key_id)
        if ring is None:
            raise CodecError(f"The payload key {key_id!r} is not in the ring.")
        nonce, data = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(ring.decrypt(nonce, data, key_id.encode()))
        except (InvalidTag, ValueError) as error:
            # ValueError: cut so short that not even the nonce is left.
            raise CodecError("The payload was altered, or sealed with another key.") from error


def payload_codec(settings: Settings) -> EncryptionCodec | None:
    """The codec, or None where no key is configured."""
    text = settings.payload_keys.get_secret_value()
    return EncryptionCodec.parse(text) if text else None


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic models as JSON; encrypted, failure messages too, as soon as a key is configured."""
    codec = payload_codec(settings)
    if codec is None:
        return pydantic_data_converter
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """A client of Temporal: by its own configuration (`TEMPORAL_*`, profile file) where there is one, else by our settings.

    Raises:
        RuntimeError: Temporal does not answer; not with `lazy`, which connects at the first call.
    """
    config = ClientConfig.load_client_connect_config()
    address = config.get("target_host") or settings.temporal_address
    namespace = config.get("namespace") or settings.temporal_namespace
    return await Client.connect(
        address,
        namespace=namespace,
        api_key=config.get("api_key"),
        tls=config.get("tls"),
        rpc_metadata=config.get("rpc_metadata") or {},
        data_converter=data_converter(settings),
        lazy=lazy,
    )


@asynccontextmanager
async def drained() -> AsyncIterator[None]:
    """Around all that a process does with Temporal: however that ends, the SDK's threads get a moment to end too.

    temporalio 1.35 was seen to abort at the interpreter's exit in one of seven short runs that gave them none.
    """
    try:
        yield
    finally:
        await asyncio.sleep(_DRAIN_SECONDS)
