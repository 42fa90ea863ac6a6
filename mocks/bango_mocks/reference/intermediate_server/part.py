"""What all parts of the server share: the server they belong to, and the handlers they answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer
    from bango_mocks.serving.call import Handler


class Part:
    """One topic of the server. `answers` maps operation ids to the names of the methods that answer them."""

    answers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, server: IntermediateServer) -> None:
        self.server = server
        self.store = server.store
        self.clock = server.clock
        self.config = server.config

    def handlers(self) -> dict[str, Handler]:
        """The part's handlers by operation id."""
        return {operation: getattr(self, method) for operation, method in self.answers.items()}
