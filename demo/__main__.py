"""`make demo`: starts everything, plays a scenario, prints the addresses, and waits for Ctrl-C."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from demo.furnish import Merchant, make_key
from demo.ports import Ports, PortTaken
from demo.scenario import Scenario
from demo.stack import ROOT, Stack, StackFailed
from demo.stage import Stage
from demo.telling import Teller, summary
from intake.temporal import drained

FOLDER = Path(os.environ.get("GRIDCASE_DEMO_FOLDER", ROOT / "var" / "demo"))
console = Console()


def _fresh(folder: Path) -> None:
    """Each demo starts anew: the emulators keep their state in memory, so yesterday's cases would wait for nobody."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _addresses(stack: Stack, key: str) -> None:
    rows = (
        ("Temporal UI", stack.temporal_ui, "every case as a workflow"),
        ("Partner portal", f"{stack.trading_grid}/portal", "answer as a trading partner"),
        ("Console", f"{stack.api}/console", "open cases; sign in with the key below"),
        ("API docs", f"{stack.api}/docs", "every route, with examples"),
        (
            "Shopify emulator",
            stack.shopify,
            "orders, returns and refunds as the merchant sees them",
        ),
    )
    console.print()
    for name, address, what in rows:
        console.print(f"  {name:<17} {address:<32} {what}", highlight=False)
    console.print(f"  {'API key':<17} {key}", highlight=False, soft_wrap=True)
    console.print()


def _next_steps(stack: Stack, scenario: Scenario, key: str) -> None:
    mixed, left = scenario.mixed, scenario.left
    console.print()
    console.print("[bold]Your turn[/]")
    console.print(
        f"  As Cedar Outdoor, answer {left} and prove a delivery:\n    {stack.trading_grid}/portal/cedar-outdoor\n"
        f"  As the merchant, settle {mixed}, where the partners disagree:",
        highlight=False,
        soft_wrap=True,
    )
    console.print(
        f"    curl -X POST '{stack.api}/cases/{mixed}/decide' -H 'Authorization: Bearer {key}' \\\n"
        "      -H 'Idempotency-Key: my-first-decision' -H 'Content-Type: application/json' \\\n"
        '      -d \'{"choice": "approve_accepted"}\'',
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    console.print("  As the merchant, let the winter launch go though a part of it is at risk:")
    console.print(
        f"    curl -X POST '{stack.api}/cases/{scenario.launch}/go' -H 'Authorization: Bearer {key}' \\\n"
        "      -H 'Idempotency-Key: my-go' -H 'Content-Type: application/json' -d '{}'",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    console.print(f"  Logs: {stack.folder / 'logs'}", highlight=False, soft_wrap=True)
    console.print("  Ctrl-C stops all of it.", highlight=False)
    console.print()


async def demo(stop: asyncio.Event) -> int:
    """Run the demo until `stop`; the exit code."""
    began = time.monotonic()
    try:
        ports = Ports.from_environment()
        ports.check()
    except PortTaken as taken:
        console.print(f"[red]{escape(str(taken))}[/]", highlight=False)
        return 1
    _fresh(FOLDER)
    stack = Stack(ports, FOLDER)
    once = os.environ.get("GRIDCASE_DEMO_ONCE") == "1"
    stopping = asyncio.create_task(stop.wait())
    playing = asyncio.create_task(_play(stack, began))
    try:
        await asyncio.wait({stopping, playing}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            return 0
        playing.result()
        if once:
            return 0
        while not stop.is_set():
            if ended := stack.ended():
                console.print(f"[red]{escape(ended)}[/]", highlight=False)
                return 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(stopping), 1)
        return 0
    except (StackFailed, RuntimeError) as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False)
        return 1
    finally:
        for task in (playing, stopping, *_TELLERS):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        for merchant in _MERCHANTS:
            await merchant.__aexit__()
        console.print("\nStopping …", highlight=False)
        codes = await stack.stop()
        wrong = {name: code for name, code in codes.items() if code not in {0, None}}
        if wrong:
            console.print(f"[red]Ended badly: {wrong}; see {stack.folder / 'logs'}[/]")


_TELLERS: list["asyncio.Task[None]"] = []
_MERCHANTS: list[Merchant] = []


async def _play(stack: Stack, began: float) -> None:
    console.print("Starting Temporal, both emulators, the API and the worker …", highlight=False)
    key = await make_key(stack)
    await stack.start()
    console.print(f"All of it serves after {time.monotonic() - began:.1f} s.", highlight=False)
    merchant = Merchant(stack, key)
    _MERCHANTS.append(merchant)
    await merchant.furnish()
    _addresses(stack, key)
    teller = Teller(merchant, console)
    _TELLERS.append(asyncio.create_task(teller.go_on()))
    _TELLERS.append(asyncio.create_task(_first_case(merchant, began)))
    scenario = Scenario(Stage(merchant, console))
    await scenario.play()
    await asyncio.sleep(1)
    await teller.tell()
    console.print()
    await summary(merchant, scenario.matters, console)
    _next_steps(stack, scenario, key)


async def _first_case(merchant: Merchant, began: float) -> None:
    while True:
        if (await merchant.get("/cases"))["items"]:
            break
        await asyncio.sleep(0.05)
    seconds = time.monotonic() - began
    console.print(
        f"[dim]The first case is visible {seconds:.1f} s after the start.[/]", highlight=False
    )


def main() -> int:
    async def run() -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        # A closed terminal says SIGHUP; the processes below are in sessions of their own and would go on.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop.set)
        async with drained():
            return await demo(stop)

    return asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
