"""Creating an object once: by idempotency key within a day, by external reference for ever."""

import httpx

from clients.trading_grid.errors import Conflict, ContractMismatch
from clients.trading_grid.port.common import ExternalReference, Sent
from clients.trading_grid.rest.answers import Body, json_object
from clients.trading_grid.rest.remote import Remote


async def created_or_found(
    remote: Remote,
    url: httpx.URL,
    new: Sent,
    *,
    external_reference: ExternalReference | None,
    idempotency_key: str,
) -> tuple[Body, httpx.Response]:
    """POST; where the external reference is taken, the object that holds it.

    Raises Conflict where something else stands against it, and ContractMismatch where the object
    named as existing holds another reference: it is not ours.
    """
    try:
        response = await remote.post(url, new, idempotency_key=idempotency_key)
    except Conflict as conflict:
        if conflict.existing is None or external_reference is None:
            raise
        response = await remote.get(httpx.URL(conflict.existing))
        body = json_object(response)
        if not holds(body, external_reference):
            raise ContractMismatch(
                f"GET {response.request.url.path}: named as existing, "
                f"but does not hold the reference {external_reference.id}",
                status=response.status_code,
                error_code=conflict.error_code,
                request_id=conflict.request_id,
            ) from conflict
        return body, response
    return json_object(response), response


def holds(body: Body, reference: ExternalReference) -> bool:
    found = body.get("external_reference")
    return isinstance(found, dict) and (
        (str(found.get("system")), str(found.get("id"))) == (reference.system, reference.id)
    )
