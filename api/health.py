"""Is the process alive, and can it do its work?"""

import asyncio

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api.pages import Deps
from api.services import Services

router = APIRouter(tags=["health"])
_log = structlog.get_logger(__name__)


class Health(BaseModel):
    status: str = Field(examples=["ok"])


class Readiness(BaseModel):
    """`missing` names what is not there: `database`, `schema`, `temporal`."""

    ready: bool = Field(examples=[True])
    missing: list[str] = Field(default_factory=list, examples=[[]])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Health:
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Can it do its work?",
    responses={
        503: {
            "model": Readiness,
            "description": "Something is missing; webhooks are taken all the same.",
        }
    },
)
async def readyz(response: Response, services: Deps) -> Readiness:
    """Webhooks are taken whenever the database is there, and dispatched once Temporal is."""
    database, temporal = await asyncio.gather(_database(services), services.temporal_answers())
    missing = [*database, *([] if temporal else ["temporal"])]
    if missing:
        response.status_code = 503
    return Readiness(ready=not missing, missing=missing)


async def _database(services: Services) -> list[str]:
    try:
        async with asyncio.timeout(3):
            await services.database.ping()
            return [] if await services.database.schema_is_current() else ["schema"]
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        _log.warning("api.database_unreachable", error=type(error).__name__)
        return ["database"]
