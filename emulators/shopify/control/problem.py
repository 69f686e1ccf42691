"""What every control call needs: the body, the shop, the object it names."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel
from starlette.requests import Request

from emulators.shopify.emulator import Emulator
from emulators.shopify.model.resource import Resource
from emulators.shopify.model.shop import Shop

B = TypeVar("B", bound=BaseModel)
R = TypeVar("R", bound=Resource)


class Problem(Exception):
    """A control call that can't be carried out; ``status`` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


async def read(request: Request, model: type[B]) -> B:
    """The JSON body as a model; an empty body counts as ``{}``."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise Problem("The body is not JSON", 400) from None
    return model.model_validate(body)


def emulator_of(request: Request) -> Emulator:
    emulator: Emulator = request.app.state.emulator
    return emulator


def shop_of(request: Request) -> Shop:
    """The shop in the path, opened on first use."""
    return emulator_of(request).open_shop(request.path_params["shop"])


def find(shop: Shop, kind: type[R], given: int | str) -> R:
    """An object by GID or number; 404 where the shop has none."""
    gid = str(given)
    if not gid.startswith("gid://"):
        gid = f"gid://shopify/{kind.gql_type}/{gid}"
    found = shop.find(gid)
    if not isinstance(found, kind):
        raise Problem(f"{shop.handle} has no {kind.gql_type} {given}", 404)
    return found
