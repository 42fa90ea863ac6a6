"""What a limit measures, out of the windows of a campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bango_loadtests.histogram import merged, over, percentile
from bango_loadtests.schedule import times_at
from bango_loadtests.tally import OK, SILENCE, UNDOCUMENTED, Window
from bango_spec.assumptions import number
from bango_spec.interfaces import NAMES, operations
from bango_spec.load import Campaign, Limit, Rate

TARGET_DOCUMENTS = "intermediate-server"
SERVER_ERROR = 500
SMOOTHED_SECONDS = 3
QUARTER = 0.25


@dataclass(frozen=True)
class Measured:
    """The value of a measure (None without anything to measure), and of how many observations."""

    value: float | None
    count: int


@dataclass(frozen=True)
class Seen:
    """The windows by operation or flow and second, with the campaign that they are of."""

    campaign: Campaign
    seconds: float
    scale: float
    windows: Mapping[str, Mapping[int, Window]]
    rows: Mapping[int, int]
    disturbed: tuple[float, float] | None

    def during(self, limit: Limit) -> Callable[[int], bool]:
        """Which seconds count for a limit: all after the warm-up, those of the disturbance, or those of neither."""
        begin, end = self.disturbed or (self.seconds, self.seconds)
        settled = end + number("load-recovery-seconds")
        kinds: dict[str, Callable[[int], bool]] = {
            "steady": lambda at: self.campaign.warm_up_seconds <= at < self.seconds,
            "disturbed": lambda at: begin <= at < end,
            "undisturbed": lambda at: self.campaign.warm_up_seconds <= at < begin or settled <= at < self.seconds,
        }
        return kinds[limit.during]

    def chosen(self, names: Iterable[str], counts: Callable[[int], bool]) -> list[Window]:
        """The windows of some operations in the seconds that count."""
        return [window for name in names for at, window in self.windows.get(name, {}).items() if counts(at)]


def measure(limit: Limit, seen: Seen) -> Measured:
    """The measured value of a limit."""
    return MEASURES[limit.measure](limit, seen)


def failed(end: str) -> bool:
    """Whether an exchange ended on the server's side: silence, something undocumented, or a status of 500 and above."""
    status = end.partition(":")[0]
    return end in {SILENCE, UNDOCUMENTED} or (status.isdigit() and int(status) >= SERVER_ERROR)


@cache
def of_target() -> frozenset[str]:
    """The operations that a target answers."""
    return frozenset(
        one.operation_id for name in NAMES if name.startswith(TARGET_DOCUMENTS) for one in operations(name)
    )


def _between(begin: float, end: float) -> Callable[[int], bool]:
    return lambda at: begin <= at < end


def _percentile(limit: Limit, seen: Seen) -> Measured:
    windows = seen.chosen(limit.of, seen.during(limit))
    whole = merged(one.due for one in windows)
    share = limit.percentile or 0.0
    # Silence has no duration worth the name: it stands with the time that was waited for it.
    return Measured(percentile(whole, share), sum(whole.values()))


def _failures(limit: Limit, seen: Seen) -> Measured:
    names = limit.of or tuple(name for name in seen.windows if name in of_target())
    windows = seen.chosen(names, seen.during(limit))
    count = sum(sum(one.ends.values()) for one in windows)
    bad = sum(count for one in windows for end, count in one.ends.items() if failed(end))
    return Measured(bad * 1000 / count if count else None, count)


def _rows(limit: Limit, seen: Seen) -> Measured:  # noqa: ARG001 - one signature for all
    finished = {at: rows for at, rows in seen.rows.items() if 0 <= at < seen.seconds}
    total = sum(finished.values())
    return Measured(total / seen.seconds if total else None, total)


def _refused(limit: Limit, seen: Seen) -> Measured:
    windows = seen.chosen(limit.of, seen.during(limit))
    count = sum(sum(one.ends.values()) for one in windows)
    told = sum(count for one in windows for end, count in one.ends.items() if end.partition(":")[2] == limit.code)
    return Measured(float(told) if count else None, count)


def _recovery(limit: Limit, seen: Seen) -> Measured:
    if seen.disturbed is None:
        return Measured(None, 0)
    end = seen.disturbed[1]
    allowed = number(limit.within or "") * (1000 if (limit.within or "").endswith("-seconds") else 1)
    bad_until, count = end, 0
    for at in range(int(end), int(seen.seconds)):
        windows = seen.chosen(limit.of, _between(at, at + SMOOTHED_SECONDS))
        whole = merged(one.due for one in windows)
        count += sum(sum(one.ends.values()) for one in seen.chosen(limit.of, _between(at, at + 1)))
        wrong = sum(count for one in windows for how, count in one.ends.items() if how != OK)
        slow = over(whole, allowed) * 20 > sum(whole.values())
        if windows and (slow or wrong):
            bad_until = at + 1
    return Measured(bad_until - end, count) if count else Measured(None, 0)


def _drift(limit: Limit, seen: Seen) -> Measured:
    begin, length = seen.campaign.warm_up_seconds, seen.seconds - seen.campaign.warm_up_seconds
    worst, count = 0.0, 0
    for name in limit.of:
        first = merged(one.due for one in seen.chosen([name], _between(begin, begin + QUARTER * length)))
        last = merged(one.due for one in seen.chosen([name], _between(seen.seconds - QUARTER * length, seen.seconds)))
        before, after = percentile(first, 95), percentile(last, 95)
        if before is None or after is None:
            return Measured(None, count)
        count += sum(first.values()) + sum(last.values())
        if after - before > (limit.floor_milliseconds or 0.0):
            worst = max(worst, (after / before - 1) * 100)
    return Measured(worst, count)


def _knee(limit: Limit, seen: Seen) -> Measured:
    if not isinstance(limit.at_least, Rate):
        return Measured(None, 0)
    base, allowed = limit.at_least.a_second() * seen.scale, number(limit.at_most or "")
    held, count, begin = 0.0, 0, 0.0
    for stage in seen.campaign.stages:
        start, end = begin * seen.seconds, stage.until * seen.seconds
        begin = stage.until
        # The first seconds of a step still show the one before it.
        windows = seen.chosen(limit.of, _between(start + SMOOTHED_SECONDS, end))
        whole = merged(one.due for one in windows)
        here = percentile(whole, limit.percentile or 95.0)
        wrong = sum(count for one in windows for how, count in one.ends.items() if failed(how))
        count += sum(whole.values())
        if here is None or here > allowed or wrong * 1000 > sum(whole.values()) * number("load-failures-per-thousand"):
            break
        held = base * times_at(seen.campaign, (start + end) / 2 / seen.seconds)
    return Measured(held if count else None, count)


MEASURES: dict[str, Callable[[Limit, Seen], Measured]] = {
    "percentile": _percentile,
    "failures-per-thousand": _failures,
    "rows-a-second": _rows,
    "refused-with": _refused,
    "recovery-seconds": _recovery,
    "drift-percent": _drift,
    "knee-a-second": _knee,
}
