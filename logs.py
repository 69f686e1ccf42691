"""How every process logs: one line an event, for people on a terminal, JSON where asked."""

import logging

import structlog

from settings import Settings


def configure_logging(settings: Settings) -> None:
    """Set structlog and the standard library's logging up alike. Payloads and secrets are never logged."""
    level = logging.getLevelName(settings.log_level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=level)
    logging.getLogger("httpx").setLevel(logging.WARNING)
