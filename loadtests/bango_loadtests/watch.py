"""Whether a process keeps up: its share of a processor and how late its loop comes, once a second."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time

import gevent

from bango_loadtests.tally import Sample

SLICE_SECONDS = 0.05


def watch(second: Callable[[], int], tell: Callable[[Sample], None]) -> None:
    """Run as a greenlet: sleep in short slices, and tell the worst lateness of each second."""
    while True:
        began, used, worst = perf_counter(), process_time(), 0.0
        while perf_counter() - began < 1.0:
            slept = perf_counter()
            gevent.sleep(SLICE_SECONDS)
            worst = max(worst, perf_counter() - slept - SLICE_SECONDS)
        share = (process_time() - used) / (perf_counter() - began)
        tell(Sample(second(), share, worst * 1000))
