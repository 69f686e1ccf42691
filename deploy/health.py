"""Health checks of the containers: the image has no curl, and a worker has no port.

`python -m deploy.health http PORT PATH` asks this container's server; `python -m deploy.health worker` asks Temporal whether
this container's worker polls it. Exit code 0 or 1, and one line that says why.
"""

import asyncio
import http.client
import socket
import sys
from datetime import UTC, datetime, timedelta

from settings import Settings

# A poll is held open for a minute and then repeated.
RECENT = timedelta(minutes=2)
SECONDS = 5.0


def http_problem(port: int, path: str) -> str:
    """Why the server in this container is not well; empty where it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {type(error).__name__}: {error}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{path}: {answer.status} {body}"


async def worker_problem(settings: Settings) -> str:
    """Why Temporal does not hear from a worker of this host; empty where it does."""
    # Imported here: the other check runs often and needs none of it.
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    from intake.temporal import connect

    try:
        async with asyncio.timeout(SECONDS):
            client = await connect(settings)
            answer = await client.workflow_service.describe_task_queue(
                DescribeTaskQueueRequest(
                    namespace=client.namespace,
                    task_queue=TaskQueue(name=settings.task_queue),
                    task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
                )
            )
    except (RuntimeError, TimeoutError) as error:  # RPCError is a RuntimeError
        return f"Temporal does not answer: {type(error).__name__}: {error}"
    oldest = datetime.now(UTC) - RECENT
    here = f"@{socket.gethostname()}"
    for poller in answer.pollers:
        seen = poller.last_access_time.ToDatetime(tzinfo=UTC)
        if poller.identity.endswith(here) and seen >= oldest:
            return ""
    return f"no worker of this host polls the task queue {settings.task_queue}"


async def _worker() -> str:
    from intake.temporal import drained

    async with drained():
        return await worker_problem(Settings())


def main(arguments: list[str]) -> int:
    match arguments:
        case ["http", port, path] if port.isdecimal():
            problem = http_problem(int(port), path)
        case ["worker"]:
            problem = asyncio.run(_worker())
        case _:
            problem = "usage: python -m deploy.health http PORT PATH | worker"
    sys.stdout.write(f"{problem or 'healthy'}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
