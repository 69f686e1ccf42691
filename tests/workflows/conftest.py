"""Most of these run on SQLite alone; `BOTH` (see `claims`) marks those that run once with each database."""

import pytest

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Before pytest looks for such marks itself, and at what a fixture is parametrized with.
    chosen = [str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in chosen:
        metafunc.definition.add_marker(SQLITE)
