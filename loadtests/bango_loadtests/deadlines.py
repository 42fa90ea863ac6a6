"""Time limits for many waits at once: one greenlet looks after all, because a timer for each would cost more than the wait."""

from __future__ import annotations

import itertools
from time import monotonic

import gevent

LOOK_SECONDS = 0.25
"""How late a limit may be noticed."""


class Watch:
    """Greenlets with a time limit; one that is over gets `gevent.Timeout` raised where it waits."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._running: dict[int, tuple[float, gevent.Greenlet]] = {}
        self._looking: gevent.Greenlet | None = None

    def enter(self, seconds: float) -> int:
        """The current greenlet has so many seconds from now; the ticket to leave with."""
        ticket = next(self._numbers)
        self._running[ticket] = (monotonic() + seconds, gevent.getcurrent())
        if self._looking is None or self._looking.dead:
            self._looking = gevent.spawn(self._look)
        return ticket

    def leave(self, ticket: int) -> None:
        """The wait is over."""
        self._running.pop(ticket, None)

    def _look(self) -> None:
        while self._running:
            gevent.sleep(LOOK_SECONDS)
            now = monotonic()
            late = [ticket for ticket, (limit, _) in self._running.items() if limit <= now]
            for ticket in late:
                _, who = self._running.pop(ticket)
                gevent.kill(who, gevent.Timeout())


WATCH = Watch()
"""The one of this process."""
