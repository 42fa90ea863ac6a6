"""The time of a component, injected so that tests can move it; wire times carry +09:00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

JAPAN = dt.timezone(dt.timedelta(hours=9))

Clock = Callable[[], dt.datetime]


def system_clock() -> dt.datetime:
    """Now, in Japanese time."""
    return dt.datetime.now(JAPAN)


def stamp(moment: dt.datetime) -> str:
    """A moment as the network writes it: RFC 3339 with milliseconds and +09:00."""
    return moment.astimezone(JAPAN).isoformat(timespec="milliseconds")


def moment(text: str) -> dt.datetime:
    """The moment that a wire time names."""
    return dt.datetime.fromisoformat(text)
