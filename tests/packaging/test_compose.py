"""docker-compose.yml, checked without a Docker engine: by its schema, and against the code that it runs."""

import copy
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from api.health import router as api_health
from demo import ports
from emulators.shopify.app import create_app as shopify_app
from emulators.trading_grid.app import create_app as trading_grid_app
from emulators.trading_grid.options import Options as TradingGridOptions
from intake.temporal import EncryptionCodec
from persistence.encryption import SecretBox
from persistence.session import parse_url
from settings import Settings
from tests.temporal import packaged_binary

if TYPE_CHECKING:
    from tests.packaging.conftest import Compose

ONE_SHOT = {"temporal-schema", "setup"}
SECRET = re.compile(r"PASSWORD|PWD|SECRET|KEYS|PEPPER")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
    return Draft202012Validator(schema)


def _gridcase_environment(service: dict[str, Any]) -> dict[str, Any]:
    environment: dict[str, Any] = service.get("environment") or {}
    return {key: value for key, value in environment.items() if key.startswith("GRIDCASE_")}


def test_it_follows_the_compose_specification(
    compose: "Compose", validator: Draft202012Validator
) -> None:
    problems = [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(compose.content)]
    assert not problems


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [("api", "helthcheck", {}), ("api", "depends_on", {"setup": {"condition": "done"}})],
)
def test_the_specification_refuses_what_is_misspelt(
    compose: "Compose", validator: Draft202012Validator, service: str, key: str, value: Any
) -> None:
    broken = copy.deepcopy(compose.content)
    broken["services"][service][key] = value
    assert list(validator.iter_errors(broken))


def test_every_image_has_a_fixed_version(compose: "Compose") -> None:
    images = {service["image"] for service in compose.services.values() if "build" not in service}
    assert images
    assert not [image for image in images if not re.fullmatch(r"[a-z/-]+:\d[\w.-]*", image)]


def test_temporal_is_the_version_that_the_tests_run_on(compose: "Compose") -> None:
    said = subprocess.run(
        [packaged_binary("temporal"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"Server ([\d.]+), UI ([\d.]+)", said)
    assert found is not None, said
    server, ui = found.groups()
    services = compose.services
    assert services["temporal"]["image"] == f"temporalio/server:{server}"
    assert services["temporal-schema"]["image"] == f"temporalio/admin-tools:{server}"
    assert services["temporal-ui"]["image"] == f"temporalio/ui:{ui}"


def test_every_variable_given_to_our_processes_is_a_setting(compose: "Compose") -> None:
    known = {f"GRIDCASE_{name.upper()}" for name in Settings.model_fields}
    for name, service in compose.ours().items():
        unknown = set(_gridcase_environment(service)) - known
        assert not unknown, f"{name} is given {unknown}, which settings.py does not know"


def test_the_settings_of_our_processes_are_usable(
    compose: "Compose", filled: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = compose.resolve(compose.services["api"]["environment"], filled)
    for name, value in given.items():
        if value is not None:
            monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)
    url = parse_url(settings.database_url)
    assert (url.host, url.port, url.database) == ("postgres", 5432, "gridcase")
    assert url.password == filled["GRIDCASE_DB_PASSWORD"]
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.temporal_address == "temporal:7233"
    SecretBox.parse(settings.secret_key_ring)
    EncryptionCodec.parse(settings.payload_keys.get_secret_value())


def test_the_api_and_the_worker_have_the_same_settings(compose: "Compose") -> None:
    services = compose.services
    assert services["api"]["environment"] == services["worker"]["environment"]
    assert services["api"]["environment"] == services["setup"]["environment"]


def test_no_secret_has_a_default(compose: "Compose") -> None:
    for name, service in compose.services.items():
        for key, value in (service.get("environment") or {}).items():
            if SECRET.search(key) and value is not None:
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), f"{name}: {key}={value}"


def test_a_missing_secret_stops_compose(compose: "Compose", filled: dict[str, str]) -> None:
    compose.resolve(compose.services, filled)
    for name in filled:
        rest = {key: value for key, value in filled.items() if key != name}
        with pytest.raises(KeyError, match=name):
            compose.resolve(compose.services, rest)


def test_every_variable_is_in_the_example(compose: "Compose", root: Path) -> None:
    example = dict(
        re.findall(r"^(#?\w+)=(.*)$", (root / ".env.example").read_text(), flags=re.MULTILINE)
    )
    for name, how in compose.variables().items():
        if how == "?":
            assert example.get(name) == "", f"{name} must be in .env.example, without a value"
        else:
            assert f"#{name}" in example, f"{name} is not in .env.example"


def test_the_example_knows_no_variable_that_nobody_reads(compose: "Compose", root: Path) -> None:
    example = set(
        re.findall(r"^#?([A-Z_]+)=", (root / ".env.example").read_text(), flags=re.MULTILINE)
    )
    read = set(compose.variables()) | set(compose.services["api"]["environment"])
    assert example <= read


def test_ports_are_open_on_this_machine_only_and_are_those_of_the_demo(compose: "Compose") -> None:
    found: dict[str, int] = {}
    for service in compose.services.values():
        for port in service.get("ports", ()):
            match = re.fullmatch(r"127\.0\.0\.1:\$\{(\w+):-(\d+)\}:(\d+)", port)
            assert match is not None, port
            variable, default, inside = match.groups()
            assert default == inside
            found[variable] = int(default)
    assert found == dict(ports._VARIABLES.values())


def test_the_readme_names_the_same_ports(root: Path) -> None:
    readme = root / "README.md"
    assert readme.exists(), "README.md is not written yet"
    text = readme.read_text()
    ours = {str(port) for _, port in ports._VARIABLES.values()}
    opened = set(re.findall(r"http://(?:127\.0\.0\.1|localhost):(\d+)", text))
    assert opened
    assert opened <= ours
    missing = [variable for variable, _ in ports._VARIABLES.values() if variable not in text]
    assert not missing, f"README.md does not name {missing}"


def test_every_service_has_a_health_check_or_ends_and_is_waited_for(compose: "Compose") -> None:
    waited_for = {
        name
        for service in compose.services.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert waited_for == ONE_SHOT
    for name, service in compose.services.items():
        if name in ONE_SHOT:
            assert service["restart"] == "no", name
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name


def test_services_wait_for_services_that_are_started_with_them(compose: "Compose") -> None:
    for name, service in compose.services.items():
        for other in service.get("depends_on", {}):
            assert other in compose.services
            assert set(compose.services[other].get("profiles", ())) <= set(
                service.get("profiles", ())
            ), f"{name} waits for {other}, which is not always started"


async def test_health_checks_ask_routes_that_exist(compose: "Compose") -> None:
    asked = {
        name: tuple(service["healthcheck"]["test"][-2:])
        for name, service in compose.ours().items()
        if "http" in service.get("healthcheck", {}).get("test", ())
    }
    assert asked == {
        "api": ("8000", "/readyz"),
        "shopify-emulator": ("8101", "/healthz"),
        "trading-grid-emulator": ("8102", "/healthz"),
    }
    assert asked["api"][1] in {getattr(route, "path", "") for route in api_health.routes}
    for app, name in (
        (shopify_app(), "shopify-emulator"),
        (trading_grid_app(TradingGridOptions()), "trading-grid-emulator"),
    ):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            assert (await http.get(asked[name][1])).status_code == 200


def test_our_processes_can_write_nowhere_but_in_their_volume(compose: "Compose") -> None:
    for name, service in compose.ours().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["volumes"] in ([], ["gridcase-data:/data"]), name
        assert "privileged" not in service
        assert "user" not in service


def test_every_mounted_file_is_in_the_repository(compose: "Compose", root: Path) -> None:
    mounted = [
        volume.split(":")[0]
        for service in compose.services.values()
        for volume in service.get("volumes", ())
        if volume.startswith(".")
    ]
    assert len(mounted) == 3
    for path in mounted:
        assert (root / path).is_file(), path


def test_fairness_is_on_in_the_mounted_configuration(compose: "Compose", root: Path) -> None:
    temporal = compose.services["temporal"]
    source, target, _ = temporal["volumes"][0].split(":")
    assert temporal["environment"]["DYNAMIC_CONFIG_FILE_PATH"] == target
    switches = yaml.safe_load((root / source).read_text())
    assert switches == {
        "matching.useNewMatcher": [{"value": True}],
        "matching.enableFairness": [{"value": True}],
    }
