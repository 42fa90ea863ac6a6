"""Broad mutants of decisions: a table that permits nothing or everything, and permits that nobody looks at."""

from __future__ import annotations

from typing import Any

from bango_mocks.reference.intermediate_server.allow_list import AllowList
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.mutants.permits import payload_of
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.sides import NetworkSide
from bango_mocks.reference.intermediate_server.tables import Table
from bango_mocks.serving.call import Problem
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.reading import Text


@mutant(
    clause="IS-PRV-006",
    name="broad-empty-table",
    breaks=(
        "permission.provider.serves",
        "permission.provider.edition",
        "permission.asker.sends",
        "permission.asker.edition",
    ),
    title=Text(ja="許される照会もすべて断る", en="Refuses everything that is permitted"),
    reason="NOT-SERVED",
)
class EmptyTable(AllowList):
    """The list that was loaded has none of the lines in force."""

    def arranged(self, edition: str, rows: list[dict[str, Any]]) -> Table:
        """The codes are known, and no line holds."""
        return Barren(edition, rows)


class Barren(Table):
    """A table without a line that permits."""

    def permits(self, *coordinates: Any) -> bool:  # noqa: ARG002 - that is the mistake
        """Never."""
        return False


@mutant(
    clause="IS-INQ-001",
    name="broad-full-table",
    breaks=("permission.asker", "lifecycle.inquiry.accepted"),
    title=Text(ja="どの照会も許されるとみなす", en="Takes everything to be permitted"),
    reason="SENT-AGAINST-TABLE",
)
class FullTable(AllowList):
    """The check was switched off for a test, and stayed off."""

    def arranged(self, edition: str, rows: list[dict[str, Any]]) -> Table:
        """The codes are known, and every line holds."""
        return Open(edition, rows)


class Open(Table):
    """A table whose lines permit whatever is asked."""

    def permits(self, *coordinates: Any) -> bool:  # noqa: ARG002 - that is the mistake
        """Always."""
        return True


@mutant(
    clause="IS-INQ-005",
    name="broad-any-asker",
    breaks=("permission.asker",),
    title=Text(ja="照会者が自団体かを確かめない", en="Does not look whether the asker is the own body"),
    reason="ANOTHER-NAME",
)
class AnyAsker(Asking):
    """In-house systems know for whom they ask."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        server.inquiries.own_body = self.anybody

    def anybody(self, request: dict[str, Any]) -> None:
        """Never looks."""

    def message(self, request: dict[str, Any], *given: Any) -> dict[str, Any]:
        """The message in whatever name was given."""
        return super().message(request, *given) | {"asker": request["asker"]}


@mutant(
    clause="IS-PRV-001",
    name="broad-unsigned",
    breaks=("permission.permit.forged",),
    title=Text(ja="署名のない許可も受け入れる", en="Takes permits without any signature"),
    reason="PERMIT-HONOURED",
)
class Unsigned(NetworkSide):
    """The test network of the supplier signs nothing."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        server.permits.signed = self.believed

    async def believed(self, token: str) -> bytes:
        """The middle part of the token."""
        try:
            return payload_of(token)
        except (ValueError, IndexError) as error:
            raise Problem("permit-forged") from error

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, whatever its permit looks like."""
        value, wrong = super().parsed(contract, headers, body)
        return value, [fault for fault in wrong if fault.place != "/permit"]
