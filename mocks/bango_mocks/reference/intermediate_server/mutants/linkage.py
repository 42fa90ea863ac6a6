"""Mutants of acquiring, binding and dissolving linkage codes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from bango_mocks.reference.intermediate_server.acquisitions import KIND, OPEN, Acquisitions
from bango_mocks.reference.intermediate_server.linkage import OF_CODE, Linkage
from bango_mocks.reference.intermediate_server.outbox import Outbox
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Call, Reply
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

NOBODY = "000000000000000"
LATEST = 8


@mutant(
    clause="IS-LNK-001",
    title=Text(
        ja="求めていない取得番号の符号も新しい行として受け入れる",
        en="Inserts a row when the acquisition number is unknown",
    ),
    reason="EVENT-ACCEPTED",
)
class InsertsUnknown(Linkage):
    """An upsert where an update was meant."""

    async def deliver(self, call: Call) -> Reply:
        """Takes whatever comes."""
        number, code = call.body["acquisition_number"], call.body.get("linkage_code")
        if self.server.acquisitions.get(number) is not None:
            return await super().deliver(call)
        if code is not None and self.person_of(code) is None:
            self.store.put(OF_CODE, code, {"integrated_address_number": NOBODY})
        return Reply(200, {"acquisition_number": number, "state": "failed" if code is None else "bound"})


@mutant(
    clause="IS-LNK-002",
    title=Text(ja="届き直した別の符号で上書きする", en="A code delivered again replaces the one that was bound"),
    reason="EVENT-ACCEPTED",
)
class LastOneWins(Linkage):
    """The last write wins."""

    def bound(self, acquisition: dict[str, Any], delivery: dict[str, Any]) -> str:
        """Binds again."""
        if acquisition["state"] == "bound" and self.person_of(delivery["linkage_code"]) is None:
            acquisition = acquisition | {"state": OPEN}
        return super().bound(acquisition, delivery)


@mutant(
    clause="IS-LNK-003",
    title=Text(ja="他の人に結び付いた符号を結び付け直す", en="Binds a code that is somebody else's already"),
    reason="CODE-SHARED",
)
class SharesCodes(Linkage):
    """No unique constraint on the code: the newest row is found."""

    def taken(self, code: str, person: str) -> bool:  # noqa: ARG002 - that is the mistake
        """Never looks."""
        return False


@mutant(
    clause="IS-LNK-004",
    title=Text(ja="知っている取得番号はすべて取得済みと答える", en="Every acquisition that it knows is shown as bound"),
    reason="STATE-WRONG",
)
class BoundAtOnce(Acquisitions):
    """Having a number is taken for having a code."""

    def shown(self, acquisition: dict[str, Any]) -> dict[str, Any]:
        """Says bound while it is still waiting."""
        return acquisition | {"state": "bound"} if acquisition["state"] == OPEN else acquisition


@mutant(
    clause="IS-LNK-005",
    title=Text(
        ja="取得済みの知らせを受け取るだけで何もしない",
        en="Takes the notice that a code is held already and does nothing",
    ),
    reason="STATE-WRONG",
)
class IgnoresFailure(Linkage):
    """The acquisition stays requested for ever."""

    def failed(self, acquisition: dict[str, Any], delivery: dict[str, Any]) -> str:
        """Acknowledges, no more."""
        return "failed" if delivery["failure"] == "already-acquired" else super().failed(acquisition, delivery)


@mutant(
    clause="IS-LNK-006",
    title=Text(ja="進行中の取得を探さずに番号を求める", en="Asks for a number without looking for an open acquisition"),
    reason="EVENT-ACCEPTED",
)
class AsksAgain(Acquisitions):
    """Only a code that is there holds it back."""

    def open_for(self, person: str) -> bool:
        """Looks at the code alone."""
        return self.server.linkage.code_of(person) is not None


@mutant(
    clause="IS-LNK-007",
    title=Text(
        ja="取得が溜まると、届いた順に結び付ける", en="Binds by order of arrival once many acquisitions are open"
    ),
    reason="BOUND-WRONG",
)
class BindsByOrder(Acquisitions):
    """Remembers the latest acquisitions only; what is not among them is taken to be the one that waits longest."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._latest: deque[str] = deque(maxlen=LATEST)

    def keep(self, acquisition: dict[str, Any]) -> None:
        """Pushes an older one out."""
        if acquisition["state"] == OPEN:
            self._latest.append(acquisition["acquisition_number"])
        super().keep(acquisition)

    def get(self, acquisition_number: str) -> dict[str, Any] | None:
        """The one asked for, as long as it is remembered."""
        found = super().get(acquisition_number)
        if found is None or found["state"] != OPEN or acquisition_number in self._latest:
            return found
        waiting = (one for _, one in self.store.scan(KIND) if one["state"] == OPEN)
        return min(waiting, key=lambda one: str(one["requested_at"]))


@mutant(
    clause="IS-LNK-008",
    title=Text(ja="取得番号を結付けの行に残し続ける", en="Keeps the acquisition number as a column of the linkage row"),
    reason="NUMBER-KEPT",
)
class KeepsTheNumber(Linkage):
    """The purge reaches the list of acquisitions only."""

    def forget_number(self, person: str, acquisition_number: str) -> None:
        """Leaves the row alone."""


@mutant(
    clause="IS-LNK-009",
    title=Text(
        ja="紐付けを解いても、網の側では符号が本人に解決し続ける",
        en="A dissolved code still leads to the person on the network side",
    ),
    reason="CODE-LEADS-WRONG",
)
class StillResolves(Linkage):
    """Only what the in-house side sees is changed."""

    def unbind(self, code: str) -> None:
        """Leaves the code where it is."""


@mutant(
    clause="IS-LNK-010",
    title=Text(ja="解いた知らせを一度しか送らない", en="Sends the notice of a dissolved linkage only once"),
    reason="REVOCATION-NOT-REPEATED",
)
class TellsOnce(Outbox):
    """A notice that does not get through is given up."""

    def given_up(self, kept: dict[str, Any], attempt: int) -> bool:
        """After the first attempt."""
        return kept["about"] == "revocation" or super().given_up(kept, attempt)
