"""Moving the target's clock and restarting it, by the vendor's hooks; for obligations that run alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bango_conformance.findings import Unmet
from bango_conformance.ready import await_ready

if TYPE_CHECKING:
    from bango_conformance.case import Case

SECONDS = "BANGO_CLOCK_SECONDS"


@contextmanager
def moved(case: Case, ahead: dt.timedelta) -> Iterator[None]:
    """Target and stage are so much ahead of the system's time; afterwards neither is."""
    move(case, ahead)
    try:
        yield
    finally:
        move(case, dt.timedelta(0))


def move(case: Case, ahead: dt.timedelta) -> None:
    """Set how far target and stage are ahead; open staff sessions are given up, as their time may be over."""
    case.hook("clock", **{SECONDS: str(int(ahead.total_seconds()))})
    case.stage.clock.ahead = ahead
    case.stage.staff.renew()


def restarted(case: Case, *, kill: bool = False) -> None:
    """End the target and start it again: by its own end, or killed without warning."""
    hooks = case.stage.hooks
    if hooks is None or not hooks.has("start"):
        raise Unmet("前提「hook:start」が対象ファイルにありません。", "the target file does not give hook:start")
    if kill:
        hooks.kill()
    else:
        hooks.stop()
    hooks.start()
    await_ready(case.stage, hooks)
    case.stage.staff.renew()
