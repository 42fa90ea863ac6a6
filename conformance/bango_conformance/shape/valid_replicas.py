"""Valid requests about a person's linkage code and replicas."""

from __future__ import annotations

import datetime as dt

from bango_conformance.shape.request import Request
from bango_conformance.shape.valid_parts import ValidParts
from bango_conformance.times import stamp

DAY = dt.timedelta(days=1)


class ReplicaRequests(ValidParts):
    """Linkage codes and replicas."""

    # --- linkage codes -----------------------------------------------------------------------------------------

    def _requestAcquisition(self) -> Request:  # noqa: N802 - named after the operation, as all below
        number = self.fresh().integrated_address_number
        return Request("requestAcquisition", body={"integrated_address_number": number})

    def _readAcquisition(self) -> Request:  # noqa: N802
        return Request("readAcquisition", {"acquisition_number": self.fresh().acquire()})

    def _readLinkageCodeState(self) -> Request:  # noqa: N802
        return Request("readLinkageCodeState", {"integrated_address_number": self.linked().integrated_address_number})

    def _revokeLinkageCode(self) -> Request:  # noqa: N802
        self.fresh()
        path = {"integrated_address_number": self.linked().integrated_address_number}
        return Request("revokeLinkageCode", path, body={"reason": "wrong-person"})

    def _deliverLinkageCode(self) -> Request:  # noqa: N802
        person = self.fresh()
        _, delivery = self.case.stage.core.notify(person.acquire(), person.person.resident_code)
        return Request("deliverLinkageCode", body=delivery)

    # --- replicas ----------------------------------------------------------------------------------------------

    def _putReplica(self) -> Request:  # noqa: N802
        return Request("putReplica", self.replica_path, body=self.content())

    def _readReplica(self) -> Request:  # noqa: N802
        return Request("readReplica", self.replica(), (*self.year, ("generation", str(self._generation))))

    def _deleteReplica(self) -> Request:  # noqa: N802
        return Request("deleteReplica", self.replica(), (*self.year, ("reason", "moved-out")))

    def _correctReplica(self) -> Request:  # noqa: N802
        path = self.replica()
        body = {"corrects": self._generation, "reason": "転記の誤り", "content": self.content()}
        return Request("correctReplica", path, body=body)

    def _listReplicaGenerations(self) -> Request:  # noqa: N802
        return Request("listReplicaGenerations", self.replica(), (*self.year, ("limit", "10")))

    def _submitReplicaBatch(self) -> Request:  # noqa: N802
        kept, dropped = dict(self.replica_path), dict(self.replica(), **dict(self.year), reason="moved-out")
        self.fresh()
        entry = {"operation": "put", **kept, **self.replica_path, "content": self.content()}
        return Request("submitReplicaBatch", body={"entries": [entry, {"operation": "delete", **dropped}]})

    def _readReplicaBatch(self) -> Request:  # noqa: N802
        return Request("readReplicaBatch", {"batch_id": self._accepted("submitReplicaBatch", "id")})

    def _exportReplicas(self) -> Request:  # noqa: N802
        since = stamp(self.case.stage.clock() - DAY)
        path = self.replica()
        return Request("exportReplicas", query=(("information", path["information"]), ("changed_since", since)))

    def _listFreshness(self) -> Request:  # noqa: N802
        return Request("listFreshness")
