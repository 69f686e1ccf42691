"""Keeps the histories that replay tests run over, and their fingerprints.

`python -m scripts.record_histories --write` plays every ending on the real dev server and writes both; with names it writes
only those. `--check` plays them too, and fails where a fingerprint is not the committed one: the commands have changed.

Histories of what runs in production are never rewritten, only added to: give a changed ending's old history another name
before writing the new one.
"""

import argparse
import asyncio
import difflib
import logging
import sys

from temporalio.client import WorkflowHistory

from intake.temporal import drained
from logs import configure_logging
from settings import Settings
from tests.replay.fingerprint import fingerprint
from tests.replay.recording import Ending, dev_server, endings, played, written

AT_ONCE = 3  # mostly waiting


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.record_histories")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--write", action="store_true", help="write histories and fingerprints")
    how.add_argument("--check", action="store_true", help="compare fingerprints, write nothing")
    parser.add_argument("names", nargs="*", help="endings; all where none is named")
    return parser.parse_args(arguments)


def chosen(names: list[str]) -> list[Ending]:
    """The endings of these names, or all.

    Raises:
        SystemExit: there is none of such a name.
    """
    every = endings()
    if unknown := set(names) - {ending.name for ending in every}:
        sys.exit(f"There is no ending {', '.join(sorted(unknown))}.")
    return [ending for ending in every if not names or ending.name in names]


def difference(ending: Ending, history: WorkflowHistory) -> str:
    """How the played commands differ from the committed ones; empty where they do not."""
    path = ending.fingerprint_path
    before = path.read_text() if path.exists() else ""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        fingerprint(history).splitlines(keepends=True),
        f"{ending.name} (committed)",
        f"{ending.name} (played)",
    )
    return "".join(lines)


def write(ending: Ending, history: WorkflowHistory) -> None:
    for path, text in (
        (ending.history_path, written(history)),
        (ending.fingerprint_path, fingerprint(history)),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


async def run(given: argparse.Namespace) -> int:
    configure_logging(Settings(log_level="ERROR", _env_file=None))
    # What is under way when a world ends is cancelled, which the database's pool tells of at length.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    picked, places, changed = chosen(given.names), asyncio.Semaphore(AT_ONCE), 0
    async with drained(), dev_server() as client:

        async def play(ending: Ending) -> WorkflowHistory:
            async with places:
                return await played(client, ending)

        # A group: where one fails, the others end before the server does.
        async with asyncio.TaskGroup() as group:
            plays = [group.create_task(play(ending)) for ending in picked]
    for ending, history in zip(picked, [task.result() for task in plays], strict=True):
        shown = difference(ending, history)
        changed += bool(shown)
        print(shown or f"{ending.name}: as committed, {len(history.events)} events")
        if given.write:
            write(ending, history)
    return 1 if changed and given.check else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse())))
