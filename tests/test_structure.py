"""One noun finds a lifecycle everywhere, and what is written is also registered: rules of the layout, as tests."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import activities
import domain
import workflows
from domain.case import CaseKind
from domain.message import Message
from intake.dispatch.dispatcher import HANDLERS
from intake.routes import ROUTES, Meaning
from intake.temporal import connect
from settings import Settings
from worker import WORKFLOWS, outside
from worker import activities as registered_activities
from workflows import options

ROOT = Path(__file__).resolve().parents[1]
EVERY_KIND = pytest.mark.parametrize("kind", list(CaseKind))


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def classes(package: ModuleType) -> Iterator[type]:
    """Every class that a package's own modules define."""
    for module in modules(package):
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield value


def temporal_definitions(kind: str, package: ModuleType) -> dict[str, Any]:
    """Temporal's definitions of workflows (`workflow`) or activities (`activity`), by name."""
    attribute = f"__temporal_{kind}_definition"
    found: dict[str, Any] = {}
    for one in classes(package):
        for carrier in (one, *vars(one).values()):
            if definition := getattr(carrier, "__dict__", {}).get(attribute):
                found[definition.name] = definition
    return found


# A lifecycle has all its files.


@EVERY_KIND
@pytest.mark.parametrize("folder", ["domain", "workflows", "activities"])
def test_a_lifecycle_has_its_module(kind: CaseKind, folder: str) -> None:
    module, package = ROOT / folder / f"{kind}.py", ROOT / folder / kind / "__init__.py"
    assert module.is_file() != package.is_file(), f"{kind} has neither or both in {folder}/"


@EVERY_KIND
@pytest.mark.parametrize(
    "path",
    [
        "api/{kind}s.py",
        "tests/replay/endings/{kind}.py",
        "docs/lifecycles/{kind}.md",
    ],
)
def test_a_lifecycle_has_its_file(kind: CaseKind, path: str) -> None:
    path = path.format(kind=kind).replace("sss.py", "ss.py").replace("documentss", "documents")
    assert (ROOT / path).is_file(), f"{path} is not written"


@EVERY_KIND
def test_a_lifecycle_has_its_tests_and_its_histories(kind: CaseKind) -> None:
    folder = ROOT / "tests" / "workflows"
    assert list(folder.glob(f"test_{kind}*.py")) or list((folder / kind).glob("test_*.py"))
    assert list((ROOT / "tests" / "replay" / "histories" / kind).glob("*.json"))


# What is written is registered and handled.


def test_every_workflow_is_registered_in_the_worker() -> None:
    written = set(temporal_definitions("workflow", workflows))
    registered = {vars(one)["__temporal_workflow_definition"].name for one in WORKFLOWS}
    assert len(written) >= 1 + len(CaseKind)
    assert written == registered


async def test_every_activity_is_registered_in_the_worker(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", data_dir=tmp_path, _env_file=None
    )
    client = await connect(settings, lazy=True)
    async with outside(settings) as parts:
        registered = {
            method.__temporal_activity_definition.name
            for method in registered_activities(parts, client)
        }
    written = set(temporal_definitions("activity", activities))
    assert len(written) > 10
    assert written == registered


def test_every_meaning_of_a_topic_is_handled_and_is_in_use() -> None:
    assert set(HANDLERS) == set(Meaning)
    assert {line.meaning for line in ROUTES.values()} == set(Meaning)


# What crosses Temporal only grows.


def messages() -> set[type[Message]]:
    return {one for one in classes(domain) if issubclass(one, Message)}


def test_every_message_is_frozen_and_takes_fields_it_does_not_know() -> None:
    assert len(messages()) > 30
    for message in messages():
        assert message.model_config.get("frozen") is True, message
        assert message.model_config.get("extra") == "ignore", message


def test_what_a_message_holds_is_frozen_too() -> None:
    for message in messages():
        for name, field in message.model_fields.items():
            for part in _parts(field.annotation):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    assert part.model_config.get("frozen") is True, f"{message.__name__}.{name}"


def test_one_message_goes_in_and_one_comes_out() -> None:
    definitions = temporal_definitions("activity", activities)
    for name, activity in definitions.items():
        (given,) = activity.arg_types
        assert issubclass(given, Message), name
        assert issubclass(activity.ret_type, Message | type(None)), name
    for name, workflow in temporal_definitions("workflow", workflows).items():
        (given,) = workflow.arg_types
        assert issubclass(given, Message), name
        assert issubclass(workflow.ret_type, Message), name
        for handler in (*workflow.signals.values(), *workflow.updates.values()):
            (given,) = handler.arg_types
            assert issubclass(given, Message), f"{name}.{handler.name}"


def test_every_activity_is_found_dead_by_its_heartbeats() -> None:
    """Without, what a killed worker ran is not tried again before all of its time is over."""
    for name, config in vars(options).items():
        if isinstance(config, dict) and "start_to_close_timeout" in config:
            assert config.get("heartbeat_timeout"), f"workflows.options.{name}"
    calls = [
        (path.name, call.lineno, {word.arg for word in call.keywords})
        for path in (ROOT / "workflows").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and re.fullmatch(r"(execute|start)_(local_)?activity(_method)?", call.func.attr)
    ]
    assert len(calls) > 5
    # `**config` is one of workflows.options.
    assert [one for one in calls if not one[2] & {None, "heartbeat_timeout"}] == []


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


# The README finds everything.


@pytest.fixture(scope="module")
def readme() -> str:
    path = ROOT / "README.md"
    assert path.is_file(), "README.md is not written yet"
    return path.read_text()


def _linked(text: str) -> list[str]:
    """What the links of a text lead to in this repository."""
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [target for target in targets if target and "://" not in target]


def test_the_readme_leads_to_files_that_exist(readme: str) -> None:
    assert [path for path in _linked(readme) if not (ROOT / path).exists()] == []


def test_every_line_of_the_readmes_way_leads_somewhere(readme: str) -> None:
    sections = re.split(r"^#+ ", readme, flags=re.MULTILINE)
    ways = [section for section in sections if section.lower().startswith("find your way")]
    assert ways, "README.md has no section «Find your way»"
    _, _, *rows = [line for line in ways[0].splitlines() if line.startswith("|")]
    assert len(rows) > 5
    assert [row for row in rows if not _linked(row)] == []


@pytest.mark.parametrize("kind", list(CaseKind))
def test_the_readme_names_every_lifecycle(readme: str, kind: CaseKind) -> None:
    assert f"docs/lifecycles/{kind}.md" in _linked(readme)
