"""What all parts of the server share: the server they belong to, and the operations and dates they answer for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer
    from bango_mocks.serving.call import Handler


class Part:
    """One topic of the server.

    `answers` maps operation ids to the methods that answer them, `dates` the topics of the agenda to the methods that
    do what is due (with the key of the thing that is due).
    """

    answers: ClassVar[Mapping[str, str]] = {}
    dates: ClassVar[Mapping[str, str]] = {}

    def __init__(self, server: IntermediateServer) -> None:
        self.server = server
        self.store = server.store
        self.clock = server.clock
        self.config = server.config

    def handlers(self) -> dict[str, Handler]:
        """The part's handlers by operation id."""
        return {operation: getattr(self, method) for operation, method in self.answers.items()}

    def due(self) -> dict[str, Callable[[str], None]]:
        """What the part does when one of its dates has come, by topic."""
        return {topic: getattr(self, method) for topic, method in self.dates.items()}

    def resume(self) -> None:
        """Take up again what a restart interrupted; called once, on the event loop, before the first request."""
