"""Fixtures every folder of tests shares."""

import gc
import sys
import time
from pathlib import Path

# httpx asks for sniffio at every call of an ASGI application. It isn't installed, and to look for it in every folder each
# time took a twentieth of the tests' time.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

# Test helpers are imported as `tests.…`, from wherever pytest is started.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

pytest_plugins = ["tests.databases", "tests.temporal", "tests.world"]


def pytest_collection_finish() -> None:
    """What is imported and collected stays, and is looked through no more.

    It made each full garbage collection a pause of up to seconds, a sixth of the tests' time in all, and Temporal's deadlock
    detector took some of them for a workflow that hangs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Give temporalio's threads a moment: 1.35 may crash at interpreter exit without one."""
    time.sleep(0.3)
