"""Bulk operations, run and read. One query at a time, which every supported version allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.bulk import InvalidBulkQuery, prepared
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import Args, Context, mutation, query, resolver
from emulators.shopify.model.bulk import BulkOperation
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse

KEPT = timedelta(days=7)
SEARCH = {
    "id": lambda op: op.id,
    "status": lambda op: op.status,
    "created_at": lambda op: op.created_at,
    "completed_at": lambda op: op.completed_at,
    "operation_type": lambda op: "query",
}


@mutation("bulkOperationRunQuery")
def run_query(act: Action, context: Context, args: Args) -> dict[str, Any]:
    try:
        plan = prepared(context.emulator.schema, args["query"])
    except InvalidBulkQuery as error:
        raise refuse(str(error), code="INVALID", field=("query",)) from None
    for other in act.shop.bulk_operations.values():
        if not other.ended:
            message = (
                f"A bulk query operation for this app and shop is already in progress: {other.gid}."
            )
            raise refuse(message, code="OPERATION_IN_PROGRESS")
    operation = BulkOperation(id=act.new_id(), query=args["query"], created_at=act.now)
    act.shop.bulk_operations[operation.id] = operation
    context.emulator.bulk.start(
        operation, plan, context, grouped=bool(args.get("groupObjects", False))
    )
    return {"bulkOperation": operation}


@mutation("bulkOperationCancel")
def cancel(_: Action, context: Context, args: Args) -> dict[str, Any]:
    operation = find(context, BulkOperation, args["id"])
    if operation is None:
        raise refuse("Bulk operation does not exist", field=("id",))
    if operation.ended:
        status = operation.status.lower()
        message = f"A bulk operation cannot be canceled when it is {status}"
        raise refuse(message, field=("id",))
    operation.status = "CANCELING"
    return {"bulkOperation": operation}


@query("bulkOperation")
def bulk_operation(_: Any, context: Context, args: Args) -> BulkOperation | None:
    return find(context, BulkOperation, args["id"])


@query("bulkOperations")
def bulk_operations(_: Any, context: Context, args: Args) -> dict[str, Any]:
    search = searched(context, "bulkOperations", args, SEARCH)
    found = [op for op in context.shop.bulk_operations.values() if search.matches(op)]
    if args.get("sortKey") == "COMPLETED_AT":
        found.sort(key=lambda op: (op.completed_at is None, op.completed_at or op.created_at))
    return connect(found, args)


@query("currentBulkOperation")
def current_bulk_operation(_: Any, context: Context, args: Args) -> BulkOperation | None:
    if args.get("type", "QUERY") != "QUERY":
        return None
    return next(reversed(context.shop.bulk_operations.values()), None)


@resolver("BulkOperation", "type")
def operation_type(_: BulkOperation, __: Context, ___: Args) -> str:
    return "QUERY"


@resolver("BulkOperation", "objectCount")
def object_count(operation: BulkOperation, _: Context, __: Args) -> str:
    return str(operation.objects)


@resolver("BulkOperation", "rootObjectCount")
def root_object_count(operation: BulkOperation, _: Context, __: Args) -> str:
    return str(operation.root_objects)


@resolver("BulkOperation", "fileSize")
def file_size(operation: BulkOperation, _: Context, __: Args) -> str | None:
    return None if operation.size is None else str(operation.size)


@resolver("BulkOperation", "url")
def url(operation: BulkOperation, context: Context, _: Args) -> str | None:
    return _address(operation, context, operation.file)


@resolver("BulkOperation", "partialDataUrl")
def partial_data_url(operation: BulkOperation, context: Context, _: Args) -> str | None:
    return _address(operation, context, operation.partial_file)


def _address(operation: BulkOperation, context: Context, key: str | None) -> str | None:
    """Where the file is; None a week after the operation ended."""
    ended = operation.completed_at
    if key is None or ended is None or context.emulator.now() - ended > KEPT:
        return None
    return context.emulator.storage.address(context.base_url, key)
