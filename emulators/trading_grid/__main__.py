"""``python -m emulators.trading_grid --port 8102``: the emulator as a server of its own."""

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator

import uvicorn

from emulators.trading_grid.app import create_app
from emulators.trading_grid.options import DEMO_TENANT, STANDARD_RETRIES_S, Options

HOW_TO_STOP = (signal.SIGINT, signal.SIGTERM)


class Server(uvicorn.Server):
    """Stops on a signal with exit code 0; uvicorn's own would raise the signal again at the end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for one in HOW_TO_STOP:
            loop.add_signal_handler(one, self._stop)
        try:
            yield
        finally:
            for one in HOW_TO_STOP:
                loop.remove_signal_handler(one)

    def _stop(self) -> None:
        self.should_exit = True


def _schedule(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(",") if part.strip())


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m emulators.trading_grid",
        description="Emulates OpenText Trading Grid, with a partner portal at /portal.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8102, help="0 takes a free one")
    parser.add_argument("--base-path", default="/tradinggrid/v1", help="where resources are")
    parser.add_argument("--public-url", help="origin in links; default http://HOST:PORT")
    parser.add_argument("--media-url", help="origin of download links, where it differs")
    parser.add_argument("--token-ttl", type=int, default=3600, metavar="SECONDS")
    parser.add_argument(
        "--retry-schedule",
        type=_schedule,
        default=STANDARD_RETRIES_S,
        metavar="S,S,...",
        help="seconds before the second, third, ... attempt of a webhook",
    )
    parser.add_argument("--webhook-timeout", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--max-file-bytes", type=int, default=25 * 1024 * 1024)
    parser.add_argument("--log-level", default="warning", choices=["info", "warning", "error"])
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    family = socket.AF_INET6 if ":" in given.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((given.host, given.port))
            # Before the address is printed, so that who reads it can connect.
            listener.listen()
        except OSError as error:
            print(f"Can't listen on {given.host}:{given.port}: {error}", file=sys.stderr)
            return 1
        shown = f"[{given.host}]" if ":" in given.host else given.host
        origin = f"http://{shown}:{listener.getsockname()[1]}"
        try:
            options = Options(
                base_path=given.base_path,
                public_url=given.public_url or origin,
                media_url=given.media_url,
                token_ttl_s=given.token_ttl,
                retry_schedule_s=given.retry_schedule,
                webhook_timeout_s=given.webhook_timeout,
                max_file_bytes=given.max_file_bytes,
            )
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
        config = uvicorn.Config(
            create_app(options),
            log_level=given.log_level,
            access_log=False,
            timeout_graceful_shutdown=3,
        )
        print(
            f"Trading Grid emulator on {origin} (portal {origin}/portal, "
            f"tenant {DEMO_TENANT.id}, client demo-client / demo-secret)",
            flush=True,
        )
        asyncio.run(Server(config).serve(sockets=[listener]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
