"""Locust as a child of the command line: the same locustfile that whoever likes runs by hand, with signals handed on."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bango_loadtests.order import LOCUST

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
CSV, HTML = LOCUST, f"{LOCUST}.html"


@dataclass(frozen=True)
class Wanted:
    """A campaign as it is asked for on the command line."""

    campaign: str
    target: str
    out: Path
    seed: int
    as_of: str | None = None
    seconds: float | None = None
    scale: float | None = None
    processes: int = 1
    tags: tuple[str, ...] = ()

    def words(self) -> list[str]:
        """The command line of Locust that does it."""
        found = [
            *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--no-tables"),
            *("--loglevel", "WARNING", "--csv", str(self.out / CSV), "--html", str(self.out / HTML)),
            *("--campaign", self.campaign, "--target", self.target, "--seed", str(self.seed), "--out", str(self.out)),
        ]
        found += ["--as-of", self.as_of] if self.as_of else []
        found += [] if self.seconds is None else ["--seconds", str(self.seconds)]
        found += [] if self.scale is None else ["--scale", str(self.scale)]
        found += ["--processes", str(self.processes)] if self.processes > 1 else []
        return [*found, "--tags", *self.tags] if self.tags else found


def run(wanted: Wanted) -> int:
    """Run it to its end; Locust's exit code, which is the campaign's."""
    words = wanted.words()
    with subprocess.Popen(words, start_new_session=True) as process, _handed_on(process):  # noqa: S603 - our own words
        code = process.wait()
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _handed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    # SIGTERM and Ctrl-C end the campaign in its own good order: ledgers read, what there is judged and written.
    def hand_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
