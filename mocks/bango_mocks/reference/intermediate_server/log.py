"""The server's log: JSON lines that hold only what is on the list, so that nothing about a person gets in (IS-PRI-005)."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

KEPT = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "operation",
        "status",
        "code",
        "origin",
        "correlation_id",
        "staff_id",
        "milliseconds",
        "about",
        "kind",
        "side",
        "body",
        "error",
        "where",
    }
)


def log_stream(path: Path | None) -> TextIO:
    """A file to append to, or standard error."""
    if path is None:
        return sys.stderr
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a", encoding="utf-8", buffering=1)


def logger(stream: TextIO) -> Any:
    """A logger of JSON lines; on standard error it says warnings only."""
    made = structlog.WriteLogger(stream)
    quiet = stream is sys.stderr
    return structlog.wrap_logger(
        made,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            masked_for_log,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(30 if quiet else 20),
    )


def masked_for_log(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Only the members on the list; what is not known to be harmless is left out."""
    return {name: value for name, value in event.items() if name in KEPT}
