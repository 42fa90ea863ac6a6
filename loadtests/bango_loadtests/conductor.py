"""Whoever conducts a campaign: the beginning, the disturbances, the reports of the generators, trouble on the way, the end."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gevent
import msgspec
import psutil

from bango_loadtests.course import INTERRUPTED, Course, Trouble
from bango_loadtests.ground_process import Control
from bango_loadtests.part import Part
from bango_loadtests.tally import OK, SILENCE, Sample, Tally, Window
from bango_mocks.clock import stamp, system_clock

if TYPE_CHECKING:
    from collections.abc import Callable

LEAD_SECONDS = 1.0
"""Between the call to begin and the beginning: every generator has heard it by then."""
DRAIN_SECONDS = 75.0
"""So long after its time a campaign waits for what is still under way."""
SILENT_SECONDS = 10
"""After so many seconds in which nothing but silence came, the target is gone."""
CLOCK_SECONDS = 2.0
PROGRESS_SECONDS = 5
LEAST_ROOM = 64_000_000
"""Bytes that have to stay free on the disk of the results: with less, ledgers and results could not be written whole."""


@dataclass
class Conductor:
    """One campaign's course; `say` prints a line of progress."""

    part: Part
    control: Control
    say: Callable[[str], None]
    wall: Callable[[], float] = time.time
    """The clock that people and ledgers read (seconds since the epoch)."""
    room: Callable[[], float] = lambda: math.inf
    """Bytes that are free where the results go."""
    course: Course = field(default_factory=Course)
    in_flight: dict[str, int] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    """Generator → the campaign's second of its last report."""
    began: float | None = None
    """The campaign's beginning on the monotonic clock; None while none is under way (Locust asks before it begins)."""

    def begin(self) -> None:
        """The campaign begins in a moment; from now on its course is watched."""
        self.course = Course(started=stamp(system_clock()))
        self.in_flight, self.heard = {}, {}
        self.began = time.monotonic() + LEAD_SECONDS
        self._wall = self.wall() - time.monotonic()
        share = self.part.campaign.disturbed
        if share:
            self.course.disturbed = (share[0] * self.part.seconds, share[1] * self.part.seconds)
        self._watchers = [gevent.spawn(self._each_second), gevent.spawn(self._disturb)]

    def now(self) -> float:
        """Seconds of the campaign so far."""
        return time.monotonic() - self.began if self.began is not None else 0.0

    def over(self) -> bool:
        """Whether the campaign has ended: its time is over and nothing is under way any more, or it cannot go on."""
        if self.began is None:
            return False
        now = self.now()
        if self.course.ended_early or now > self.part.seconds + DRAIN_SECONDS:
            return True
        if now < self.part.seconds + 1:
            return False
        if any(second < self.part.seconds for second in self.heard.values()):
            return False
        return not sum(self.in_flight.values()) and not self.part.in_flight

    def take(self, who: str, told: dict[str, Any]) -> None:
        """A generator's report."""
        tally = msgspec.msgpack.decode(told["tally"], type=Tally)
        self.add(who, tally)
        self.in_flight[who] = told["in_flight"]
        self.heard[who] = told["second"]

    def add(self, who: str, tally: Tally) -> None:
        """Add what a generator counted."""
        self.course.workers.setdefault(who, []).extend(tally.samples)
        tally.samples = []
        self.course.tally.take(tally)

    def lost(self, who: str) -> None:
        """A generator is gone: what it reported stays, what it had under way is asked of the target afterwards."""
        second = int(self.now())
        self.in_flight.pop(who, None)
        told = self.heard.pop(who, None)
        self.trouble(
            Trouble(
                "LOAD-WORKER-LOST",
                second,
                f"負荷を作る {who} が {second} 秒に失われました。最後の報告は {told or 0:.0f} 秒です",
                f"the generator {who} was lost at second {second}; its last report is of second {told or 0:.0f}",
            )
        )

    def back(self, who: str) -> None:
        """A generator is heard again; what it counted meanwhile comes with its next report."""
        second = int(self.now())
        ja, en = (
            f"負荷を作る {who} の報告が {second} 秒から再び届いています",
            f"the generator {who} is heard again from second {second} on",
        )
        self.trouble(Trouble("LOAD-WORKER-BACK", second, ja, en))

    def trouble(self, trouble: Trouble) -> None:
        """Something went wrong: say it and keep it."""
        self.course.troubles.append(trouble)
        self.say(f"  {trouble.code}: {trouble.ja} / {trouble.en}")

    def end(self) -> Course:
        """The campaign is over: no more disturbance, nobody watches any more."""
        if self.now() < self.part.seconds and not self.course.ended_early:
            ja = f"{self.now():.0f} 秒で止められました。ここまでの結果を残しますが、合否は言えません"
            en = f"stopped after {self.now():.0f} s; what there is is kept, but proves nothing"
            self.trouble(Trouble(INTERRUPTED, int(self.now()), ja, en, ends=True))
        gevent.killall(self._watchers)
        if self.part.campaign.disturbance:
            self._tell("", 0.0)
        self.course.ended = stamp(system_clock())
        self.course.seconds = min(self.now(), self.part.seconds)
        self.course.clock_offset = (self.began or 0.0) + self._wall
        self.began = None
        return self.course

    # --- on the way ----------------------------------------------------------------------------------------------

    def _each_second(self) -> None:
        psutil.cpu_percent()
        before = self.control.load()
        while True:
            gevent.sleep(1)
            second = int(self.now())
            if second < 0:
                continue
            self.course.machine.append(Sample(second, psutil.cpu_percent() / 100, 0.0))
            told = self.control.load()
            if told and before and told["at"] > before["at"]:
                share = (told["cpu"] - before["cpu"]) / (told["at"] - before["at"])
                self.course.ground.append(Sample(second, share, told.get("lag_ms", 0.0)))
            before = told or before
            self._look(second)
            if second and second % PROGRESS_SECONDS == 0 and second <= self.part.seconds:
                self.say(self.progress(second))

    def _look(self, second: int) -> None:
        moved = self.wall() - time.monotonic() - self._wall
        if abs(moved) > CLOCK_SECONDS:
            self._wall += moved
            self.trouble(
                Trouble(
                    "LOAD-CLOCK",
                    second,
                    f"時計が {moved:+.0f} 秒動きました。記録の時刻を信じられないので、この運転は証拠になりません",
                    f"the clock moved by {moved:+.0f} s; times in the ledgers cannot be trusted, this run proves nothing",
                    ends=True,
                )
            )
        if self.room() < LEAST_ROOM and not self.course.ended_early:
            self.trouble(
                Trouble(
                    "LOAD-DISK",
                    second,
                    f"結果のディスクの空きが {LEAST_ROOM // 1_000_000} MB を切りました。書けるうちに止めます",
                    f"less than {LEAST_ROOM // 1_000_000} MB are free on the disk of the results; it ends while they can be written",
                    ends=True,
                )
            )
        windows = self._of_target(range(max(second - SILENT_SECONDS - 3, 0), second - 2))
        if second > SILENT_SECONDS + 3 and windows and all(set(one.ends) <= {SILENCE} for one in windows):
            self.trouble(
                Trouble(
                    "LOAD-TARGET-GONE",
                    second,
                    f"{SILENT_SECONDS} 秒間、製品からの応答が一つもありません。ここで止めます",
                    f"for {SILENT_SECONDS} s nothing has come from the target; the campaign ends here",
                    ends=True,
                )
            )

    def _of_target(self, seconds: range) -> list[Window]:
        from bango_loadtests.judge.measures import of_target  # noqa: PLC0415 - only when somebody looks

        return [
            by_second[at]
            for name, by_second in self.course.tally.windows.items()
            if name in of_target()
            for at in seconds
            if at in by_second
        ]

    def progress(self, second: int) -> str:
        """One line: how far, how many a second, the 95th percentile and failures of the last seconds, the generator's load."""
        from bango_loadtests.histogram import merged, percentile  # noqa: PLC0415 - only when somebody looks

        windows = self._of_target(range(second - PROGRESS_SECONDS - 3, second - 3))
        count = sum(sum(one.ends.values()) for one in windows)
        good = sum(one.ends.get(OK, 0) for one in windows)
        p95 = percentile(merged(one.due for one in windows), 95)
        busiest = max((one.cpu for samples in self.course.workers.values() for one in samples[-5:]), default=0.0)
        return (
            f"  [{second:4d}/{self.part.seconds:.0f} s] {count / PROGRESS_SECONDS:7.1f}/s"
            f"  p95 {p95 or 0:7.1f} ms  失敗 failed {count - good}  発生側 generator {busiest:4.0%}"
        )

    def _disturb(self) -> None:
        planned = self.part.campaign.disturbance
        if planned is None:
            return
        for share, kind in ((planned.from_, planned.kind), (planned.until, "")):
            gevent.sleep(max(share * self.part.seconds - self.now(), 0))
            self._tell(kind, planned.seconds)
            self.say(f"  [{self.now():4.0f} s] 網 network: {kind or '平常 as usual'}")

    def _tell(self, kind: str, seconds: float) -> None:
        try:
            self.control.disturb(kind, seconds)
        except OSError as error:
            self.trouble(
                Trouble(
                    "LOAD-GROUND",
                    int(self.now()),
                    f"網の様子を変えられませんでした: {error}",
                    f"the network's state could not be changed: {error}",
                    ends=True,
                )
            )
