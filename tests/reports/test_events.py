from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bango_reports.events import (
    Bus,
    CaseFinished,
    CaseStarted,
    Event,
    Problem,
    Progress,
    RunFinished,
    RunStarted,
    decode,
    encode,
)
from bango_reports.model import Difficulty
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.model import Run

TEXT = Text(ja="準備", en="preparing")


class Seen:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed = 0

    def handle(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        self.closed += 1


class Broken(Seen):
    def handle(self, event: Event) -> None:
        raise ValueError(f"disk full at {type(event).__name__}")

    def close(self) -> None:
        raise OSError("gone")


def test_every_event_travels(red: Run) -> None:
    events: list[Event] = [
        RunStarted(run="r", target=red.target, edition="x", seed=1, selection=red.selection, cases=3),
        Progress(phase=TEXT, done=1, total=2),
        CaseStarted(obligation="a.b", kind="shape", title=TEXT),
        CaseFinished(result=red.cases[1]),
        Problem(difficulty=Difficulty(code="X", what=TEXT)),
        RunFinished(run=red, folder="runs/1"),
    ]
    assert [decode(encode(event)) for event in events] == events


def test_a_broken_writer_is_dropped_and_told_of() -> None:
    seen, bus = Seen(), Bus()
    bus.subscribe(Broken())
    bus.subscribe(seen)
    progress = Progress(phase=TEXT)
    bus.emit(progress)
    bus.emit(progress)
    assert [type(event) for event in seen.events] == [Problem, Progress, Progress]
    assert [failure.code for failure in bus.failures] == ["WRITER-FAILED"]
    assert "disk full" in bus.failures[0].cause
    bus.close()
    assert seen.closed == 1


def test_a_writer_that_cannot_close_does_not_keep_the_others_from_it() -> None:
    class Late(Seen):
        def close(self) -> None:
            raise OSError("gone")

    seen, bus = Seen(), Bus(Late())
    bus.subscribe(seen)
    bus.close()
    assert seen.closed == 1
    assert bus.failures[0].cause == "OSError: gone"


def test_writers_take_one_event_at_a_time_from_many_threads() -> None:
    class Narrow(Seen):
        inside = 0
        most = 0

        def handle(self, event: Event) -> None:
            self.inside += 1
            self.most = max(self.most, self.inside)
            threading.Event().wait(0.001)
            self.events.append(event)
            self.inside -= 1

    narrow = Narrow()
    bus = Bus(narrow)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bus.emit, [Progress(phase=TEXT, done=n) for n in range(40)]))
    assert narrow.most == 1
    assert sorted(event.done for event in narrow.events if isinstance(event, Progress)) == list(range(40))
