"""Which class does which part of the server; a mutant is a blueprint with exactly one class replaced."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from bango_mocks.reference.intermediate_server.acquisitions import Acquisitions
from bango_mocks.reference.intermediate_server.admission import Admission
from bango_mocks.reference.intermediate_server.agenda import Agenda
from bango_mocks.reference.intermediate_server.allow_list import AllowList
from bango_mocks.reference.intermediate_server.answers import Answers
from bango_mocks.reference.intermediate_server.approvals import Approvals
from bango_mocks.reference.intermediate_server.asking import Asking
from bango_mocks.reference.intermediate_server.contents import Contents
from bango_mocks.reference.intermediate_server.directory import Directory
from bango_mocks.reference.intermediate_server.disclosure import Disclosure
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.failures import Failures
from bango_mocks.reference.intermediate_server.idempotency import Idempotency
from bango_mocks.reference.intermediate_server.inquiries import Inquiries
from bango_mocks.reference.intermediate_server.inquiry_files import InquiryFiles
from bango_mocks.reference.intermediate_server.keys import Keys
from bango_mocks.reference.intermediate_server.linkage import Linkage
from bango_mocks.reference.intermediate_server.lists import Lists
from bango_mocks.reference.intermediate_server.metrics import Metrics
from bango_mocks.reference.intermediate_server.notices import Notices
from bango_mocks.reference.intermediate_server.opening import Opening
from bango_mocks.reference.intermediate_server.operation_log import OperationLog
from bango_mocks.reference.intermediate_server.outbox import Outbox
from bango_mocks.reference.intermediate_server.outcomes import Outcomes
from bango_mocks.reference.intermediate_server.permits import Permits
from bango_mocks.reference.intermediate_server.provisions import Provisions
from bango_mocks.reference.intermediate_server.reconciliation import Reconciliation
from bango_mocks.reference.intermediate_server.record_ids import RecordIds
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.reference.intermediate_server.replica_batches import ReplicaBatches
from bango_mocks.reference.intermediate_server.replicas import Replicas
from bango_mocks.reference.intermediate_server.sessions import Sessions
from bango_mocks.reference.intermediate_server.sides import InHouseSide, NetworkSide
from bango_mocks.reference.intermediate_server.staff import Staff
from bango_mocks.reference.intermediate_server.system import System
from bango_mocks.reference.intermediate_server.transport import Transport
from bango_mocks.reference.intermediate_server.upstream import Upstream
from bango_mocks.reference.intermediate_server.withdrawals import Withdrawals
from bango_spec.errors import UsageError


@dataclass(frozen=True)
class Blueprint:
    """The parts by name, in the order in which they are made."""

    agenda: type[Agenda] = Agenda
    transport: type[Transport] = Transport
    upstream: type[Upstream] = Upstream
    outbox: type[Outbox] = Outbox
    lists: type[Lists] = Lists
    allow_list: type[AllowList] = AllowList
    directory: type[Directory] = Directory
    keys: type[Keys] = Keys
    idempotency: type[Idempotency] = Idempotency
    staff: type[Staff] = Staff
    sessions: type[Sessions] = Sessions
    operation_log: type[OperationLog] = OperationLog
    records: type[Records] = Records
    failures: type[Failures] = Failures
    metrics: type[Metrics] = Metrics
    system: type[System] = System
    acquisitions: type[Acquisitions] = Acquisitions
    linkage: type[Linkage] = Linkage
    admission: type[Admission] = Admission
    replicas: type[Replicas] = Replicas
    replica_batches: type[ReplicaBatches] = ReplicaBatches
    reconciliation: type[Reconciliation] = Reconciliation
    outcomes: type[Outcomes] = Outcomes
    record_ids: type[RecordIds] = RecordIds
    inquiries: type[Inquiries] = Inquiries
    inquiry_files: type[InquiryFiles] = InquiryFiles
    asking: type[Asking] = Asking
    endings: type[Endings] = Endings
    opening: type[Opening] = Opening
    answers: type[Answers] = Answers
    permits: type[Permits] = Permits
    contents: type[Contents] = Contents
    provisions: type[Provisions] = Provisions
    approvals: type[Approvals] = Approvals
    withdrawals: type[Withdrawals] = Withdrawals
    disclosure: type[Disclosure] = Disclosure
    notices: type[Notices] = Notices
    in_house_side: type[InHouseSide] = InHouseSide
    network_side: type[NetworkSide] = NetworkSide

    def part_of(self, overlay: type) -> str:
        """The name of the part that a class stands in for; OVERLAY-PART if it is a subclass of none."""
        for field in fields(self):
            if issubclass(overlay, field.default) and overlay is not field.default:  # type: ignore[arg-type]
                return field.name
        raise UsageError("OVERLAY-PART", f"{overlay.__name__} is a subclass of no part", step="derive it from one part")


def blueprint(*overlays: type) -> Blueprint:
    """The reference's blueprint with classes laid over it, each in the place of the part it derives from."""
    made = Blueprint()
    for overlay in overlays:
        made = replace(made, **{made.part_of(overlay): overlay})
    return made
