"""One valid request for each operation of the intermediate server, with the state it needs, made with a case's own persons."""

from __future__ import annotations

from bango_conformance.shape.valid_exchanges import ExchangeRequests
from bango_conformance.shape.valid_records import RecordRequests
from bango_conformance.shape.valid_replicas import ReplicaRequests
from bango_conformance.shape.valid_staff import StaffRequests


class Valid(ReplicaRequests, ExchangeRequests, RecordRequests, StaffRequests):
    """Makes valid requests; each call gives a fresh one that the target must accept."""
