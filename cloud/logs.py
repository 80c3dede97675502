"""Logs as JSON lines on stderr: ids, codes and counts only, never a name, an answer or a dose."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(process: str) -> None:
    """Set up the logs of one process."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)


log = structlog.stdlib.get_logger()
