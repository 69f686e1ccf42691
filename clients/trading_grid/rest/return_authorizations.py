"""Return authorisations over REST."""

from clients.trading_grid.port.return_authorizations import (
    NewReturnAuthorization,
    ReturnAuthorization,
)
from clients.trading_grid.rest.answers import json_object, parsed
from clients.trading_grid.rest.cases import quoted
from clients.trading_grid.rest.creating import created_or_found
from clients.trading_grid.rest.remote import Remote


class RestReturnAuthorizations:
    _remote: Remote

    async def request_return_authorization(
        self, new: NewReturnAuthorization, *, idempotency_key: str
    ) -> ReturnAuthorization:
        body, response = await created_or_found(
            self._remote,
            self._remote.url("return_authorizations"),
            new,
            external_reference=new.external_reference,
            idempotency_key=idempotency_key,
        )
        return parsed(ReturnAuthorization, body, response)

    async def read_return_authorization(self, authorization_id: str) -> ReturnAuthorization:
        url = self._remote.url("return_authorization", authorization_id=authorization_id)
        response = await self._remote.get(url)
        return parsed(ReturnAuthorization, json_object(response), response)

    async def list_return_authorizations(self, case_id: str) -> tuple[ReturnAuthorization, ...]:
        items = self._remote.items(
            self._remote.url("return_authorizations"), {"filter": f"case_id eq {quoted(case_id)}"}
        )
        found = [parsed(ReturnAuthorization, item, response) async for item, response in items]
        # A server that ignores a filter it does not know answers with those of other cases.
        return tuple(authorization for authorization in found if authorization.case_id == case_id)
