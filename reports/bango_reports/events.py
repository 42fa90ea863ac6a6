"""What an engine tells its writers while it runs, and the bus between them; a writer knows no engine."""

from __future__ import annotations

import threading
from typing import Protocol, TypeAlias

import msgspec

from bango_reports.model import CaseResult, Difficulty, Evidence, Run, Selection, Target
from bango_spec.reading import Element, Text


class RunStarted(Element, frozen=True, kw_only=True, tag=True):
    """The run begins; `cases` obligations are selected."""

    run: str
    target: Target
    edition: str
    seed: int
    selection: Selection
    cases: int
    folder: str = ""


class Progress(Element, frozen=True, kw_only=True, tag=True):
    """A phase outside the cases (preparing, starting the network, checking the target) has come this far."""

    phase: Text
    done: int = 0
    total: int = 0


class CaseStarted(Element, frozen=True, kw_only=True, tag=True):
    """One obligation begins; several may be under way at once."""

    obligation: str
    kind: str
    title: Text


class CaseFinished(Element, frozen=True, kw_only=True, tag=True):
    """One obligation ended; its evidence is already masked."""

    result: CaseResult
    evidence: Evidence | None = None


class Problem(Element, frozen=True, kw_only=True, tag=True):
    """Something went wrong beside the cases."""

    difficulty: Difficulty


class RunFinished(Element, frozen=True, kw_only=True, tag=True):
    """The run is over; `folder` is where its files are, if any were written."""

    run: Run
    folder: str = ""


Event: TypeAlias = RunStarted | Progress | CaseStarted | CaseFinished | Problem | RunFinished


class Writer(Protocol):
    """Anything that renders events; `close` is called once, also after an interrupted run."""

    def handle(self, event: Event) -> None:
        """Take one event, in the order of emission."""

    def close(self) -> None:
        """Finish what was begun."""


class Bus:
    """Hands every event to every writer; a writer that fails is dropped and the others are told."""

    def __init__(self, *writers: Writer) -> None:
        self._writers = list(writers)
        # Cases run side by side, a writer takes one event at a time; a lost writer is told of from inside.
        self._lock = threading.RLock()
        self.failures: list[Difficulty] = []

    def subscribe(self, writer: Writer) -> None:
        """Add a writer; it sees the events from now on."""
        self._writers.append(writer)

    def emit(self, event: Event) -> None:
        """Hand one event to all writers, from any thread; never raises, failures are kept in `failures`."""
        with self._lock:
            for writer in list(self._writers):
                try:
                    writer.handle(event)
                except Exception as error:  # noqa: BLE001 - a broken report must not lose the run
                    self._writers.remove(writer)
                    self._lost(writer, error)

    def close(self) -> None:
        """Close all writers, the one after the other even if one fails."""
        writers, self._writers = self._writers, []
        for writer in writers:
            try:
                writer.close()
            except Exception as error:  # noqa: BLE001 - as above
                self._lost(writer, error)

    def _lost(self, writer: Writer, error: Exception) -> None:
        name = type(writer).__name__
        lost = Difficulty(
            code="WRITER-FAILED",
            what=Text(
                ja=f"出力（{name}）を書けませんでした。ほかの出力は続けます。",
                en=f"the output {name} could not be written; the others go on",
            ),
            cause=f"{type(error).__name__}: {error}",
        )
        self.failures.append(lost)
        self.emit(Problem(difficulty=lost))


def encode(event: Event) -> bytes:
    """One event as JSON, to send it between processes."""
    return msgspec.json.encode(event)


def decode(data: bytes) -> Event:
    """The event that `encode` wrote."""
    event: Event = msgspec.json.decode(data, type=Event)
    return event
