"""Trials in processes of their own that end as one: whoever is told to end takes down what it started, and is waited for."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from multiprocessing import get_context
from typing import TYPE_CHECKING, NoReturn

from bango_conformance.matrix import Trial, judge
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from bango_reports.catalogue import Kill

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Processes:
    """The processes that run now; `run` may be called from many threads, `end` from any."""

    def __init__(self) -> None:
        self._processes: set[SpawnProcess] = set()
        self._lock = threading.Lock()
        self._over = False

    def run(self, trial: Trial) -> Kill:
        """Run one trial in a process of its own: pytest runs once in a process, and leaves another one than it found."""
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_trial, args=(trial, sender))
        with self._lock:
            if self._over:
                raise KeyboardInterrupt
            process.start()
            self._processes.add(process)
        sender.close()
        try:
            kill: Kill = receiver.recv()
        except EOFError as error:
            raise BangoError(
                "MUTANT-ENDED",
                f"{trial.mutant.id}: 試験の途中で終わりました / its trial ended before it told anything",
                step=f"bango mutants --only {trial.mutant.id}",
            ) from error
        finally:
            process.join()
            with self._lock:
                self._processes.discard(process)
        return kill

    def end(self) -> None:
        """Tell every process to end, and start no other."""
        with self._lock:
            self._over = True
            for process in self._processes:
                process.terminate()

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """While it lasts, SIGTERM ends the trials as SIGINT does."""
        before = signal.signal(signal.SIGTERM, _interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)


def _trial(trial: Trial, sender: Connection) -> None:
    for number in SIGNALS:
        signal.signal(number, _ended)
    # Who is waiting for a kill is ending, too: nobody reads a traceback here.
    with contextlib.suppress(KeyboardInterrupt):
        sender.send(judge(trial))


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _ended(*_: object) -> NoReturn:
    # From a terminal both the signal and the word of the parent arrive: the second must not cut off the ending.
    for number in SIGNALS:
        signal.signal(number, _heard)
    raise KeyboardInterrupt


def _heard(*_: object) -> None:
    """Nothing more: the ending is under way. Python complains of a signal that is ignored while it waits its turn."""
