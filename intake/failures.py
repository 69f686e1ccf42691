"""What an error says of an event: nothing, so that it is tried again; or that it can't be placed."""

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.service import RPCError, RPCStatusCode

from clients.shopify.errors import ShopifyError, ShopifyThrottled, ShopifyUnavailable
from clients.trading_grid.errors import TradingGridError, TradingGridUnavailable
from intake.connections import NotConfigured
from intake.events import UnreadableEvent
from intake.policies import PolicyInvalid
from persistence.errors import BadValueError, ConflictError, DatabaseBusyError, NotFoundError

_SILENT = frozenset(
    {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
)
# Classes of SQLSTATE (Appendix A of PostgreSQL's manual): connection, rolled back, resources, intervention.
_POSTGRESQL = frozenset({"08", "40", "53", "57"})


def is_unknown_workflow(error: RPCError) -> bool:
    """Whether Temporal says that no such workflow runs; a namespace it does not know is another matter."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    return not any(
        detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details
    )


def out_of_reach(error: Exception) -> str:
    """What could not be reached, in words; empty for an error that is about the event itself."""
    match error:
        case ShopifyUnavailable() | ShopifyThrottled() | TradingGridUnavailable():
            return str(error)
        case RPCError() if error.status in _SILENT:
            return f"Temporal does not answer: {error.status.name}"
        case RPCError():
            return f"Temporal refuses: {error.status.name}: {error.message}"
        case DatabaseBusyError() | ConflictError() | OSError() | PoolTimeout():
            return f"Out of reach: {error}"
        case OperationalError() | InterfaceError():
            return f"Out of reach: {error}"
        case DBAPIError() if error.connection_invalidated:
            return f"Out of reach: {error}"
    at_fault = error.orig if isinstance(error, DBAPIError) else error
    if str(getattr(at_fault, "sqlstate", ""))[:2] in _POSTGRESQL:
        return f"Out of reach: {error}"
    # A lazy client that cannot connect raises a bare RuntimeError (temporalio 1.35); a RecursionError is one too.
    return f"Out of reach: {error}" if type(error) is RuntimeError else ""


def refusal(error: Exception) -> str:
    """Why the event can't be placed, in words for people; empty for an error nobody has foreseen."""
    match error:
        case ValidationError():
            # Without what was sent: it may be a customer's words.
            return "; ".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors(
                    include_url=False, include_input=False, include_context=False
                )
            )
        case UnreadableEvent() | NotConfigured() | PolicyInvalid():
            return str(error)
        case ShopifyError() | TradingGridError() | NotFoundError() | BadValueError():
            return str(error)
    return ""
