"""The files that make containers, read once."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
_VARIABLE = re.compile(r"\$\{(\w+)(?:(:?[-?])((?:[^{}]|\$\{[^{}]*\})*))?\}")


@dataclass(frozen=True)
class Compose:
    """docker-compose.yml with its merges done, and what its `${VARIABLES}` become."""

    content: dict[str, Any]
    text: str

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.content["services"]
        return found

    def ours(self) -> dict[str, dict[str, Any]]:
        """The services that run our image."""
        return {name: service for name, service in self.services.items() if "build" in service}

    def variables(self) -> dict[str, str]:
        """Name -> `?` where it must be set, `-` where it has a default, empty where neither."""
        return {
            match["name"]: match["how"] or ""
            for match in re.finditer(r"\$\{(?P<name>\w+):?(?P<how>[-?]?)", self.text)
        }

    @classmethod
    def resolve(cls, value: Any, environment: dict[str, str]) -> Any:
        """With every variable replaced, as Compose does it.

        Raises:
            KeyError: one must be set and is not.
        """
        if isinstance(value, dict):
            return {key: cls.resolve(part, environment) for key, part in value.items()}
        if isinstance(value, list):
            return [cls.resolve(part, environment) for part in value]
        if not isinstance(value, str):
            return value

        def replace(match: re.Match[str]) -> str:
            name, how, rest = match.groups()
            if environment.get(name):
                return environment[name]
            if how in {":?", "?"}:
                raise KeyError(name)
            return str(cls.resolve(rest or "", environment))

        return _VARIABLE.sub(replace, value)


@pytest.fixture(scope="session")
def compose() -> Compose:
    text = (ROOT / "docker-compose.yml").read_text()
    return Compose(yaml.safe_load(text), text)


@pytest.fixture(scope="session")
def filled() -> dict[str, str]:
    """A `.env` as somebody would fill it in."""
    ring = "k1:" + "A" * 43 + "="
    return {
        "POSTGRES_PASSWORD": "aa11",
        "TEMPORAL_DB_PASSWORD": "bb22",
        "GRIDCASE_DB_PASSWORD": "cc33",
        "GRIDCASE_SECRET_KEYS": ring,
        "GRIDCASE_PAYLOAD_KEYS": ring,
    }


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@dataclass(frozen=True)
class Instruction:
    """One instruction of the Dockerfile; `stage` counts its FROMs."""

    stage: int
    name: str
    words: tuple[str, ...]


@pytest.fixture(scope="session")
def dockerfile(root: Path) -> list[Instruction]:
    joined = re.sub(r"\\\n", " ", (root / "Dockerfile").read_text())
    found: list[Instruction] = []
    stage = 0
    for line in joined.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, *words = line.split()
        stage += name == "FROM"
        found.append(Instruction(stage, name, tuple(words)))
    return found


@pytest.fixture(scope="session")
def copied(dockerfile: list[Instruction]) -> list[tuple[str, str]]:
    """(source in the repository, destination) of everything that the final image gets from the repository."""
    last = dockerfile[-1].stage
    return [
        (source, line.words[-1])
        for line in dockerfile
        if line.name == "COPY" and line.stage == last and not line.words[0].startswith("--from")
        for source in line.words[:-1]
    ]
