"""The image, checked without a Docker engine: what it copies is enough to run, and nothing more."""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.packaging.conftest import Instruction

Copied = list[tuple[str, str]]

# Imports all that the containers run, as if only the image's requirements were installed.
IMPORTS = """
import importlib, json, pkgutil, re, sys
from importlib.metadata import packages_distributions

names, installed = json.loads(sys.argv[1]), set(json.loads(sys.argv[2]))
owners = {
    module: {re.sub(r"[-_.]+", "-", owner).lower() for owner in found}
    for module, found in packages_distributions().items()
}

class OnlyInstalled:
    def find_spec(self, name, path=None, target=None):
        found = owners.get(name.partition(".")[0])
        if found and not found & installed:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, OnlyInstalled())
for name in names:
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not found.name.endswith("__main__") and ".migrations" not in found.name:
            importlib.import_module(found.name)
print(len(sys.modules))
"""


def run_in(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python on the copied tree alone; our own checkout is not on its path."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=kept | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.fixture(scope="module")
def app(root: Path, copied: Copied, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/app as the image has it."""
    folder = tmp_path_factory.mktemp("app")
    for source, destination in copied:
        if (root / source).is_dir():
            shutil.copytree(
                root / source, folder / destination, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(root / source, folder / destination)
    return folder


def _runtime(root: Path) -> dict[str, str]:
    """Distribution -> its lines in requirements/runtime.txt."""
    text = (root / "requirements" / "runtime.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)
    return {_normal(entry.split("==")[0]): entry for entry in entries if not entry.startswith("#")}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_that_is_copied_exists(root: Path, copied: Copied) -> None:
    assert copied
    assert not [source for source, _ in copied if not (root / source).exists()]


def test_nothing_that_is_copied_is_kept_from_the_builder(
    root: Path, dockerfile: "list[Instruction]"
) -> None:
    lines = (root / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "only what is named is sent"
    named = {rule[1:] for rule in rules if rule.startswith("!")}
    sources = {
        source
        for line in dockerfile
        if line.name == "COPY" and not line.words[0].startswith("--from")
        for source in line.words[:-1]
    }
    assert named == sources
    refused = [rule for rule in rules[1:] if not rule.startswith("!")]
    assert refused == ["**/__pycache__"]


def test_no_secret_and_no_test_is_sent_to_the_builder(root: Path) -> None:
    named = [
        line[1:]
        for line in (root / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for private in (".env", "var", ".git", "tests", "requirements/dev.txt", "demo"):
        assert not [name for name in named if fnmatch.fnmatch(private, name)]


def test_what_is_copied_is_enough_to_import_every_module_and_needs_no_development_package(
    app: Path, root: Path
) -> None:
    names = json.dumps(["api", "worker", "manage", "emulators", "deploy", "intake"])
    done = run_in(app, "-c", IMPORTS, names, json.dumps(list(_runtime(root))))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 500


@pytest.mark.parametrize("module", ["jsonschema", "demo", "tests"])
def test_a_module_that_is_not_in_the_image_would_be_noticed(
    app: Path, root: Path, module: str
) -> None:
    done = run_in(app, "-c", IMPORTS, json.dumps([module]), json.dumps(list(_runtime(root))))
    assert done.returncode != 0
    assert "ModuleNotFoundError" in done.stderr


def test_what_is_copied_can_migrate_a_database_and_make_a_key(app: Path, tmp_path: Path) -> None:
    environment = {
        "GRIDCASE_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'gridcase.db'}",
        "GRIDCASE_DATA_DIR": str(tmp_path),
    }
    migrated = run_in(app, "-m", "manage", "migrate", **environment)
    assert migrated.returncode == 0, migrated.stderr
    made = run_in(app, "-m", "manage", "create-key", "somebody", **environment)
    assert made.returncode == 0, made.stderr


def test_every_requirement_of_the_image_has_its_hash(
    root: Path, dockerfile: "list[Instruction]"
) -> None:
    runtime = _runtime(root)
    assert len(runtime) > 20
    assert not [name for name, entry in runtime.items() if "--hash=sha256:" not in entry]
    installs = [line for line in dockerfile if line.name == "RUN" and "install" in line.words]
    assert "--require-hashes" in installs[0].words
    text = " ".join(" ".join(line.words) for line in dockerfile)
    assert "dev.txt" not in text


def test_the_image_runs_as_somebody_who_is_not_root(dockerfile: "list[Instruction]") -> None:
    last = dockerfile[-1].stage
    users = [line.words[0] for line in dockerfile if line.name == "USER" and line.stage == last]
    assert users == ["gridcase"]
    made = [line for line in dockerfile if line.name == "RUN" and "useradd" in line.words]
    assert "10001" in made[0].words
