"""Small real documents of each type."""

import io
import zipfile
from collections.abc import Callable

import pytest


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def make_zip() -> Callable[..., bytes]:
    return archive
