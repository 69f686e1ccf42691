"""Runs the process that reads papers, within bounds of time, memory, pages and pixels."""

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

_CHILD = Path(__file__).with_name("child.py")
PDF = "application/pdf"


class Refusal(StrEnum):
    """Why a paper is not in the file; `words` go to the merchant."""

    TYPE = "type"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    EMPTY = "empty"
    PAGES = "pages"
    PIXELS = "pixels"
    MEMORY = "memory"
    TIME = "time"
    TOO_LARGE = "too_large"  # by itself
    TOO_MUCH = "too_much"  # with those before it

    @property
    def words(self) -> str:
        return {
            Refusal.TYPE: "it is no PDF, JPEG or PNG",
            Refusal.ENCRYPTED: "it is encrypted",
            Refusal.BROKEN: "it is damaged: it can't be read",
            Refusal.EMPTY: "it has no pages",
            Refusal.PAGES: "it has too many pages",
            Refusal.PIXELS: "it has too many pixels",
            Refusal.MEMORY: "it unpacks to more than is reasonable",
            Refusal.TIME: "it takes too long to read",
            Refusal.TOO_LARGE: "it is too large",
            Refusal.TOO_MUCH: "there is no room left for it beside the others",
        }[self]


class BinderBroken(Exception):
    """The process failed by itself, with no paper to blame."""


@dataclass(frozen=True)
class Limits:
    """What one run may take. Seconds of waiting are for one paper, seconds of computing for the whole run."""

    max_pages: int = 200
    max_pixels: int = 60_000_000
    seconds: float = 30.0
    cpu_seconds: int = 60
    memory_bytes: int = 1024**3


@dataclass(frozen=True)
class Paper:
    """`mime_type` as sniffed from the content."""

    key: str
    mime_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Bound:
    """`content` is empty where no paper could be taken. `kept` are in it, in their order; `refused` has the others."""

    content: bytes = field(repr=False)
    mime_type: str
    kept: tuple[str, ...]
    refused: dict[str, Refusal]


class Binder:
    """Binds papers into one file. A few at a time: each run is a process."""

    def __init__(self, limits: Limits | None = None, *, at_once: int = 2) -> None:
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(at_once)

    async def bind(self, papers: Sequence[Paper], *, max_bytes: int) -> Bound:
        """The papers as one file of at most `max_bytes`, the first ones before the last; what can't be in it is refused, the
        rest goes all the same. A single paper goes as it is.

        Raises:
            BinderBroken: the process died of something that is no paper's fault; a repeat may work.
        """
        refused = {
            paper.key: Refusal.TOO_LARGE for paper in papers if len(paper.content) > max_bytes
        }
        left = [paper for paper in papers if paper.key not in refused]
        with tempfile.TemporaryDirectory(prefix="gridcase-") as folder:
            async with self._places:
                while left:
                    run = await self._run(left, Path(folder), max_bytes)
                    refused |= run.refused
                    if run.blamed is None:
                        return self._result(run, left, refused, Path(folder))
                    refused[run.blamed[0]] = run.blamed[1]
                    left = [paper for paper in left if paper.key not in refused]
        return Bound(b"", "", (), _ordered(refused, papers))

    def _result(
        self, run: "_Run", papers: list[Paper], refused: dict[str, Refusal], folder: Path
    ) -> Bound:
        by_key = {paper.key: paper for paper in papers}
        if run.alone:
            paper = by_key[run.alone]
            return Bound(paper.content, paper.mime_type, (paper.key,), refused)
        content = _out(folder).read_bytes() if run.kept else b""
        return Bound(content, PDF if run.kept else "", run.kept, refused)

    async def _run(self, papers: list[Paper], folder: Path, max_bytes: int) -> "_Run":
        job = {
            "papers": [
                {
                    "path": str(await asyncio.to_thread(_keep, paper, folder, n)),
                    "mime_type": paper.mime_type,
                }
                for n, paper in enumerate(papers)
            ],
            "out": str(_out(folder)),
            "max_bytes": max_bytes,
            "max_pages": self._limits.max_pages,
            "max_pixels": self._limits.max_pixels,
            "cpu_seconds": self._limits.cpu_seconds,
            "memory_bytes": self._limits.memory_bytes,
        }
        run = _Run([paper.key for paper in papers])
        async with _process(folder) as process:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    await _send(process, json.dumps(job).encode())
                while True:
                    async with asyncio.timeout(self._limits.seconds):
                        line = await _stdout(process).readline()
                    if not line:
                        break
                    run.take(json.loads(line))
            except TimeoutError:
                run.died(Refusal.TIME)
            else:
                code = await process.wait()
                if not run.done:
                    # Ended by the system, or crashed in a decoder.
                    run.died(Refusal.TIME if code == -signal.SIGXCPU else Refusal.BROKEN)
        return run


@dataclass
class _Run:
    """What one process said of its papers."""

    keys: list[str]
    refused: dict[str, Refusal] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    alone: str = ""
    reading: str = ""
    binding: bool = False
    done: bool = False
    blamed: tuple[str, Refusal] | None = None

    def take(self, line: dict[str, Any]) -> None:
        match line:
            case {"reading": int(index)}:
                self.reading = self.keys[index]
            case {"refused": int(index), "why": str(why)}:
                self.refused[self.keys[index]] = Refusal(why)
            case {"alone": int(index)}:
                self.alone, self.done = self.keys[index], True
            case {"binding": list()}:
                self.binding = True
            case {"bound": list(kept), "too_much": list(left)}:
                self.kept, self.done = tuple(self.keys[index] for index in kept), True
                self.refused |= {self.keys[index]: Refusal.TOO_MUCH for index in left}

    def died(self, why: Refusal) -> None:
        if not self.reading:
            raise BinderBroken("the process that reads papers did not start")
        # Each of them could be read: it is all of them together that take too much.
        self.blamed = (self.reading, Refusal.TOO_MUCH if self.binding else why)


@contextlib.asynccontextmanager
async def _process(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The child, with nothing of our environment; ended whatever happens, also when we are cancelled."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-B",
        str(_CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
        env={},
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _send(process: asyncio.subprocess.Process, job: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(job)
        await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()


def _stdout(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    assert process.stdout is not None
    return process.stdout


def _keep(paper: Paper, folder: Path, number: int) -> Path:
    path = folder / str(number)
    path.write_bytes(paper.content)
    return path


def _out(folder: Path) -> Path:
    return folder / "bound.pdf"


def _ordered(refused: dict[str, Refusal], papers: Sequence[Paper]) -> dict[str, Refusal]:
    return {paper.key: refused[paper.key] for paper in papers if paper.key in refused}
