"""`python -m deploy.namespace`: waits for Temporal and makes our namespace where it is missing.

The dev server has `default`; a server of its own has no namespace at all.
"""

import asyncio
import sys

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from intake.temporal import connect, drained
from settings import Settings

WAIT_SECONDS = 120.0


async def make_namespace(client: Client, *, retention_days: int) -> bool:
    """Make the client's namespace; false where it is there."""
    try:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace,
                workflow_execution_retention_period=Duration(seconds=retention_days * 86_400),
            )
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
        return False
    return True


async def wait_and_make(settings: Settings, within: float = WAIT_SECONDS) -> bool:
    """`make_namespace`, as soon as Temporal answers.

    Raises:
        RuntimeError: it does not answer within `within` seconds; the last refusal.
    """
    end = asyncio.get_running_loop().time() + within
    while True:
        try:
            client = await connect(settings)
            return await make_namespace(client, retention_days=settings.retention_days)
        except RuntimeError:  # RPCError is one
            if asyncio.get_running_loop().time() > end:
                raise
            await asyncio.sleep(1)


async def _main() -> int:
    settings = Settings()
    try:
        async with drained():
            made = await wait_and_make(settings)
    except RuntimeError as error:
        sys.stderr.write(f"Temporal does not answer: {error}\n")
        return 1
    standing = "is made" if made else "is there"
    sys.stdout.write(f"The namespace {settings.temporal_namespace} {standing}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
