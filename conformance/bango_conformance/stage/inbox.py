"""What the stage saw of the target, filed under the values that tell whose case it belongs to."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bango_mocks.tls import Peer
from bango_reports.model import Exchange


@dataclass(frozen=True)
class Received:
    """One request that the target made to a part the harness plays, with the parsed body and the caller's certificate."""

    operation: str
    body: Any
    exchange: Exchange
    peer: Peer | None
    at: float = field(default_factory=time.perf_counter)


class Inbox:
    """Requests from the target by linkage code, acquisition number, permit id and correlation id."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._filed: dict[str, list[Received]] = defaultdict(list)
        self._all: list[Received] = []

    def add(self, received: Received, keys: Iterable[str]) -> None:
        """File a request under each key and wake whoever waits for it."""
        with self._changed:
            self._all.append(received)
            for key in set(keys):
                self._filed[key].append(received)
            self._changed.notify_all()

    def of(self, keys: Iterable[str]) -> list[Received]:
        """Everything filed under any of the keys, in the order of arrival."""
        with self._changed:
            found = {id(one): one for key in keys for one in self._filed.get(key, ())}
        return sorted(found.values(), key=lambda one: one.at)

    def all(self) -> list[Received]:
        """Everything that the target ever sent."""
        with self._changed:
            return list(self._all)

    def wait(
        self, keys: Callable[[], Iterable[str]], wanted: Callable[[Received], bool], seconds: float
    ) -> Received | None:
        """The first wanted request under the keys; None when none came in time."""
        limit = time.monotonic() + seconds
        with self._changed:
            while True:
                for key in keys():
                    for one in self._filed.get(key, ()):
                        if wanted(one):
                            return one
                remaining = limit - time.monotonic()
                if remaining <= 0 or not self._changed.wait(remaining):
                    return None
