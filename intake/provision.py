"""What Temporal must have before a worker starts: search attributes, retention, schedules. Repeatable."""

from collections.abc import Mapping
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client

from domain import attributes
from domain.housekeeping import CONNECT_SHOPS, SWEEP, HousekeepingInput
from intake.schedules import put_schedule

SEARCH_ATTRIBUTES: dict[str, IndexedValueType.ValueType] = {
    attributes.CASE_KIND: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    attributes.CASE_STATUS: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    attributes.SHOP: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    attributes.PARTNER: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
    attributes.ORDER_NAME: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    attributes.DUE_AT: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    attributes.ESCALATED: IndexedValueType.INDEXED_VALUE_TYPE_INT,
}


class NotProvisioned(RuntimeError):
    """Temporal lacks what cases need; the message says what, and the command that makes it."""


async def missing_search_attributes(client: Client) -> dict[str, IndexedValueType.ValueType]:
    """The search attributes that the namespace does not have, or has with another type."""
    there = await _custom_attributes(client)
    return {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if there.get(name) != kind}


async def _custom_attributes(client: Client) -> Mapping[str, IndexedValueType.ValueType]:
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return answer.custom_attributes


async def check_provisioned(client: Client) -> None:
    """Raise where a worker could not run: an unknown attribute fails every workflow task that sets it.

    Raises:
        NotProvisioned: search attributes are missing.
    """
    if missing := await missing_search_attributes(client):
        raise NotProvisioned(
            f"The namespace {client.namespace} lacks the search attributes {', '.join(sorted(missing))}. "
            "Make them with: python -m manage provision"
        )


async def provision(
    client: Client, *, task_queue: str, retention_days: int, sweep_seconds: int
) -> list[str]:
    """Make what is missing; what was done, in words.

    Raises:
        NotProvisioned: a search attribute is there with another type, which only a person can mend.
    """
    done: list[str] = []
    there = await _custom_attributes(client)
    if wrong := [name for name, kind in SEARCH_ATTRIBUTES.items() if there.get(name, kind) != kind]:
        raise NotProvisioned(
            f"The namespace {client.namespace} has {', '.join(sorted(wrong))} with another type. "
            "Remove them with: temporal operator search-attribute remove --name ..."
        )
    if missing := {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in there}:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
        done.append(f"search attributes {', '.join(sorted(missing))}")
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace,
            config=NamespaceConfig(
                workflow_execution_retention_ttl=Duration(seconds=retention_days * 86_400)
            ),
        )
    )
    done.append(f"retention of {retention_days} days")
    sweep = timedelta(seconds=sweep_seconds)
    for name, workflow, every in (
        ("sweep", SWEEP, sweep),
        ("connect-shops", CONNECT_SHOPS, timedelta(days=1)),
    ):
        await put_schedule(
            client, f"gridcase-{name}", workflow, HousekeepingInput(), every, task_queue
        )
        done.append(f"schedule {name} every {every}")
    return done
