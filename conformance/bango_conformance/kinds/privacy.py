"""Privacy: numbers and names of a person that must not appear in a message, in whatever encoding, do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_conformance.canaries import traces
from bango_conformance.lines import asker_lines
from bango_conformance.obligation import Obligation
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.suite import Scope


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Canaries in what the target sends into the network."""
    line = asker_lines(scope)[0]

    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        subject.settled(subject.inquire(line))
        sent = case.received()
        if not sent:
            case.need(case.ask("readNetworkHealth"), 0)
        for one in sent:
            found = traces(subject.integrated_address_number, one.exchange)
            if found:
                case.fail(
                    "ADDRESS-NUMBER-SENT",
                    sent="an inquiry of the in-house system",
                    expected=f"no integrated address number in {one.operation}",
                    came=f"it stands in {found}",
                )

    yield Obligation(
        id="privacy.sent.integrated-address-number",
        kind="privacy",
        clauses=("IS-PRI-003",),
        element="identifiers/integrated-address-number",
        title=Text(
            ja="団体内統合宛名番号をネットワークへ送らない", en="Sends no integrated address number into the network"
        ),
        check=check,
        smoke=True,
    )
