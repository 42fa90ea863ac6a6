"""Transport: who may connect to the target, in which role, and to whom the target itself speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.kinds import transport_connections, transport_outgoing, transport_roles, transport_urls

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Wrong connections, wrong roles, and the target as a client."""
    for part in (transport_connections, transport_roles, transport_outgoing, transport_urls):
        yield from part.obligations(scope)
