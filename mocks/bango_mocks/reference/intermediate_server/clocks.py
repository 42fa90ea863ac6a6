"""The clock of a server that runs as a process of its own, and can be moved by a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bango_mocks.clock import system_clock


class MovableClock:
    """The system's time plus the seconds in a file, which is read again whenever it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = -1
        self._ahead = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        """Now, in Japanese time."""
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            return system_clock()
        if changed != self._read_at:
            text = self._path.read_text(encoding="ascii").strip()
            self._ahead = dt.timedelta(seconds=float(text or 0))
            self._read_at = changed
        return system_clock() + self._ahead
