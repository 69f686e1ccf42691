"""Reaching Temporal: the codec's seal, its keys, and what of a failure stays readable."""

import base64
import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.operator import Cancel
from intake.temporal import CodecError, EncryptionCodec, connect, data_converter, payload_codec
from settings import Settings
from tests.intake.staging import bare_server, nobody_there

__all__ = ["bare_server"]  # a fixture

OLD, NEW = b"o" * 32, b"n" * 32
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"reason": "a secret of Anna\'s"}')
WORD = Cancel(actor="operator:maria", reason="a secret of Anna's")


def text(**keys: bytes) -> str:
    return ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in keys.items())


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


async def seal(codec: EncryptionCodec, payload: Payload = PLAIN) -> Payload:
    [sealed] = await codec.encode([payload])
    return sealed


# The seal.


async def test_a_sealed_payload_opens_to_what_it_was_and_shows_nothing() -> None:
    codec = EncryptionCodec.parse(text(k1=OLD))
    several = [PLAIN, Payload(), Payload(metadata={"encoding": b"binary/null"})]
    sealed = await codec.encode(several)
    assert await codec.decode(sealed) == several
    for payload in sealed:
        assert payload.metadata["encoding"] == b"binary/gridcase-aesgcm"
        assert payload.metadata["encryption-key-id"] == b"k1"
        assert b"Anna" not in payload.SerializeToString()
        assert b"json" not in payload.SerializeToString()


async def test_no_two_seals_of_one_payload_are_alike() -> None:
    codec = EncryptionCodec({"k1": OLD})
    assert (await seal(codec)).data != (await seal(codec)).data


async def test_after_a_rotation_the_old_key_opens_and_the_new_one_seals() -> None:
    before = await seal(EncryptionCodec({"old": OLD}))
    ring = EncryptionCodec.parse(text(new=NEW, old=OLD))
    assert await ring.decode([before]) == [PLAIN]
    after = await seal(ring)
    assert after.metadata["encryption-key-id"] == b"new"
    assert await EncryptionCodec({"new": NEW}).decode([after]) == [PLAIN]


async def test_a_key_that_is_not_in_the_ring_is_named() -> None:
    sealed = await seal(EncryptionCodec({"old": OLD}))
    with pytest.raises(CodecError, match="'old' is not in the ring"):
        await EncryptionCodec({"new": NEW}).decode([sealed])


async def test_another_key_under_the_same_id_does_not_open() -> None:
    sealed = await seal(EncryptionCodec({"k1": OLD}))
    with pytest.raises(CodecError, match="altered"):
        await EncryptionCodec({"k1": NEW}).decode([sealed])


@pytest.mark.parametrize("place", [0, 11, 12, -1])
async def test_a_payload_altered_in_any_place_does_not_open(place: int) -> None:
    codec = EncryptionCodec({"k1": OLD})
    sealed = await seal(codec)
    data = bytearray(sealed.data)
    data[place] ^= 1
    with pytest.raises(CodecError, match="altered"):
        await codec.decode([Payload(metadata=sealed.metadata, data=bytes(data))])


async def test_a_payload_moved_to_another_key_id_does_not_open() -> None:
    ring = EncryptionCodec({"k1": OLD, "k2": OLD})
    sealed = await seal(ring)
    sealed.metadata["encryption-key-id"] = b"k2"
    with pytest.raises(CodecError, match="altered"):
        await ring.decode([sealed])


@pytest.mark.parametrize("length", [0, 5, 12, 20])
async def test_a_payload_that_was_cut_does_not_open(length: int) -> None:
    codec = EncryptionCodec({"k1": OLD})
    sealed = await seal(codec)
    with pytest.raises(CodecError, match="altered"):
        await codec.decode([Payload(metadata=sealed.metadata, data=sealed.data[:length])])


async def test_a_key_id_that_is_no_text_is_an_unknown_key() -> None:
    sealed = await seal(EncryptionCodec({"k1": OLD}))
    sealed.metadata["encryption-key-id"] = b"\xff"
    with pytest.raises(CodecError, match="not in the ring"):
        await EncryptionCodec({"k1": OLD}).decode([sealed])


async def test_what_was_written_before_there_was_a_key_stays_readable() -> None:
    unsealed = await pydantic_data_converter.encode([WORD])
    converter = data_converter(settings(payload_keys=text(k1=OLD)))
    assert await converter.decode(unsealed, [Cancel]) == [WORD]
    sealed = await converter.encode([WORD])
    assert sealed[0].metadata["encoding"] == b"binary/gridcase-aesgcm"
    assert await converter.decode(sealed, [Cancel]) == [WORD]


# The ring.


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        ("", "id:base64"),
        ("k1", "id:base64"),
        (":" + base64.b64encode(OLD).decode(), "id:base64"),
        (text(k1=OLD) + ",", "id:base64"),
        ("k1:not base64!", "'k1' is not base64"),
        (text(k1=OLD[:16]), "not 32 bytes: k1"),
        (text(k1=OLD) + "," + text(k1=NEW), "'k1' is given twice"),
    ],
)
def test_a_ring_that_cannot_work_is_refused_at_once(ring: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as refusal:
        EncryptionCodec.parse(ring)
    assert base64.b64encode(OLD).decode() not in str(refusal.value)


def test_an_empty_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        EncryptionCodec({})


def test_without_a_key_nothing_is_encrypted() -> None:
    assert payload_codec(settings()) is None
    assert data_converter(settings()) is pydantic_data_converter


# On a server.


@activity.defn
async def fail(word: Cancel) -> None:
    raise ApplicationError(
        f"refused: {word.reason}", {"of": word.reason}, type="Refused", non_retryable=True
    )


@workflow.defn
class Failing:
    @workflow.run
    async def run(self, word: Cancel) -> None:
        await workflow.execute_activity(
            fail,
            word,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


async def run_failing(client: Client) -> tuple[ApplicationError, str]:
    """The error as its caller sees it, and the whole history as the server has it."""
    async with Worker(
        client,
        task_queue="failing",
        workflows=[Failing],
        activities=[fail],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        handle = await client.start_workflow(Failing.run, WORD, id="failing", task_queue="failing")
        with pytest.raises(WorkflowFailureError) as failure:
            await handle.result()
    assert isinstance(failure.value.cause, ActivityError)
    cause = failure.value.cause.cause
    assert isinstance(cause, ApplicationError)
    raw = await handle.fetch_history()
    return cause, "".join(event.SerializeToString().decode("latin-1") for event in raw.events)


def with_keys(client: Client, **keys: bytes) -> Client:
    config = client.config()
    config["data_converter"] = data_converter(settings(payload_keys=text(**keys)))
    return Client(**config)


async def test_neither_words_nor_failures_stand_readable_in_the_history(
    bare_server: Client,
) -> None:
    cause, raw = await run_failing(with_keys(bare_server, k1=OLD))
    assert (cause.message, cause.type) == ("refused: a secret of Anna's", "Refused")
    assert cause.details == ({"of": "a secret of Anna's"},)
    assert "Anna" not in raw
    assert "refused:" not in raw
    assert "Encoded failure" in raw
    assert "Traceback" not in raw
    assert "test_temporal.py" not in raw


async def test_without_a_key_the_history_is_readable(bare_server: Client) -> None:
    """What shows that the look at the raw history sees anything at all."""
    _, raw = await run_failing(bare_server)
    assert "Anna" in raw
    assert "refused:" in raw


# Connecting.


async def test_a_lazy_client_connects_at_its_first_call(
    bare_server: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = bare_server.service_client.config.target_host
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/dev/null")
    client = await connect(settings(temporal_address=address), lazy=True)
    assert client.namespace == "default"
    with pytest.raises(RPCError, match="not found"):
        await client.get_workflow_handle("nothing").describe()


async def test_without_a_server_a_lazy_client_is_made_and_its_calls_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/dev/null")
    address = (await nobody_there()).service_client.config.target_host
    client = await connect(settings(temporal_address=address), lazy=True)
    with pytest.raises(RuntimeError, match="Failed client connect"):
        await client.get_workflow_handle("nothing").describe()
    with pytest.raises(RuntimeError, match="Failed client connect"):
        await connect(settings(temporal_address=address))


async def test_temporals_own_configuration_comes_before_ours(
    bare_server: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profile = tmp_path / "temporal.toml"
    address = bare_server.service_client.config.target_host
    profile.write_text(
        f'[profile.default]\naddress = "{address}"\nnamespace = "cases"\n'
        '[profile.default.grpc_meta]\nx-tenant = "acme"\n'
    )
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profile))
    client = await connect(settings(temporal_address="127.0.0.1:1"))
    assert client.namespace == "cases"
    assert client.service_client.config.rpc_metadata == {"x-tenant": "acme"}


async def test_a_connected_client_has_our_converter(
    bare_server: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/dev/null")
    address = bare_server.service_client.config.target_host
    client = await connect(settings(temporal_address=address, payload_keys=text(k1=OLD)))
    assert isinstance(client.data_converter.payload_codec, EncryptionCodec)
    plain = dataclasses.replace(client.data_converter, payload_codec=None)
    assert plain.payload_converter_class is pydantic_data_converter.payload_converter_class
