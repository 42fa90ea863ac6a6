"""The stage's time, which goes with the target's when that is moved."""

from __future__ import annotations

import datetime as dt

from bango_mocks.clock import system_clock


class StageClock:
    """The stage's time: the system's plus what the target's clock was moved by."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        """Now, in Japanese time."""
        return system_clock() + self.ahead
