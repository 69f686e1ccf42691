"""Fixtures every folder of tests shares."""

import sys
from pathlib import Path

# Test helpers are imported as `tests.…`, from wherever pytest is started.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

pytest_plugins = ["tests.databases", "tests.temporal", "tests.world"]
