"""``python -m emulators.shopify --port 8101``: runs the emulator until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from emulators.shopify.app import create_app
from emulators.shopify.options import RETRY_SCHEDULE_S, SCHEMA_PATH, Options


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    defaults = Options()
    parser = argparse.ArgumentParser(prog="python -m emulators.shopify", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--client-id", default=defaults.client_id)
    parser.add_argument("--client-secret", default=defaults.client_secret)
    parser.add_argument("--schema", type=Path, default=SCHEMA_PATH)
    parser.add_argument("--bucket-size", type=float, default=defaults.bucket_size)
    parser.add_argument("--restore-rate", type=float, default=defaults.restore_rate)
    parser.add_argument("--seed", type=int, default=defaults.fault_seed)
    parser.add_argument(
        "--retry-schedule",
        type=_seconds,
        default=RETRY_SCHEDULE_S,
        help="pauses between webhook attempts in seconds, separated by commas (at most 8)",
    )
    parser.add_argument("--log-level", default="warning")
    return parser.parse_args(arguments)


def _seconds(text: str) -> tuple[float, ...]:
    pauses = tuple(float(part) for part in text.split(","))
    if len(pauses) > 8 or min(pauses) < 0:
        raise argparse.ArgumentTypeError("at most 8 pauses, none of them negative")
    return pauses


def main() -> int:
    given = parse_arguments()
    options = Options(
        client_id=given.client_id,
        client_secret=given.client_secret,
        schema_path=given.schema,
        bucket_size=given.bucket_size,
        restore_rate=given.restore_rate,
        retry_schedule_s=given.retry_schedule,
        fault_seed=given.seed,
    )
    try:
        app = create_app(options)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        listener = socket.create_server((given.host, given.port))
    except OSError as error:
        print(f"Can't listen on {given.host}:{given.port}: {error}; choose --port", file=sys.stderr)
        return 1
    config = uvicorn.Config(app, log_level=given.log_level, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    # uvicorn raises the signal that ended it once more; a clean end is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    print(f"Shopify emulator at http://{given.host}:{listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
