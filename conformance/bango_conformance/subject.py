"""A person of a case as the harness deals with them: numbers, linkage codes on both sides, replicas, inquiries."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from joserfc.jwk import ECKey

from bango_conformance.times import stamp
from bango_mocks.core.permits import claims
from bango_spec.items import kind, layouts, sample
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_mocks.population import Person
    from bango_reports.masking import Masker

FINAL = frozenset({"answered", "failed", "withdrawn"})
SECONDS = 20.0
PAUSE = 0.01
FISCAL_YEAR = "2020"
PERIOD = {"from": "2020-04-01", "to": "2021-03-31"}


class Subject:
    """One person, at the target's body."""

    def __init__(self, case: Case, person: Person) -> None:
        self.case = case
        self.person = person
        self.body = case.stage.target.body.code
        self.integrated_address_number = case.stage.integrated_address_number(person)
        codes = case.stage.core.codes
        self._key = codes.person_key(person.resident_code)
        self.linkage_code = codes.code(self.body, self._key)
        case.keys.add(self.linkage_code)

    def hide(self, masker: Masker) -> None:
        """Give a masker every value by which this person could be recognised."""
        masker.add("integrated-address-number", self.integrated_address_number)
        masker.add("linkage-code", self.linkage_code)
        masker.add("individual-number", self.person.individual_number)
        masker.add("resident-code", self.person.resident_code)
        masker.add("name", *self.person.personal_values())

    def code_at(self, body: str) -> str:
        """The person's linkage code at another body."""
        code = self.case.stage.core.codes.code(body, self._key)
        self.case.stage.hide_value("linkage-code", code)
        return code

    # --- the linkage code --------------------------------------------------------------------------------------

    def acquire(self) -> str:
        """An acquisition number by way of the target: the first half of linking."""
        body = {"integrated_address_number": self.integrated_address_number}
        answer = self.case.need(self.case.ask("requestAcquisition", body=body, staff="register"), 201)
        number: str = answer.json["acquisition_number"]
        self.case.keys.add(number)
        return number

    def link(self) -> None:
        """Let the target obtain its linkage code of this person: acquisition, J-LIS, delivery."""
        body, delivery = self.case.stage.core.notify(self.acquire(), self.person.resident_code)
        if body != self.body:
            raise LookupError(f"the acquisition number belongs to {body}")
        self.case.need(self.case.ask("deliverLinkageCode", body=delivery), 200)

    # --- replicas ----------------------------------------------------------------------------------------------

    def content(self, information: str, **changed: Any) -> dict[str, Any]:
        """The content of a replica of this person (by the information's code), with values drawn for this person."""
        return {
            "layout_version": layout_of(information),
            "generation": 1,
            "updated_at": stamp(self.case.stage.clock()),
            "automatic_answer": True,
            "withheld": False,
            **span_of(information),
            "items": items_of(information, int(self.integrated_address_number), FISCAL_YEAR),
        } | changed

    def put(self, information: str, **changed: Any) -> dict[str, Any]:
        """Register a replica; gives what was sent."""
        content = self.content(information, **changed)
        path = {"integrated_address_number": self.integrated_address_number, "information": information}
        self.case.need(self.case.ask("putReplica", path=path, body=content, staff="register"), 200, 201)
        return content

    # --- the target as provider --------------------------------------------------------------------------------

    def provision(
        self, line: AllowedLine, *, claims_changed: Mapping[str, Any] | None = None, **changed: Any
    ) -> Provision:
        """A valid provision request about this person; `changed` replaces members, `claims_changed` what the permit says."""
        stage = self.case.stage
        bound: dict[str, Any] = {
            "asker": line.asker,
            "provider": self.body,
            "task": line.task,
            "procedure": line.procedure,
            "information": line.information,
            "requested_at": stamp(stage.clock()),
            "asker_withheld": False,
        }
        said = claims(bound | {"edition": stage.table.edition}, stage.clock(), stage.core.lifetimes.permit)
        said |= claims_changed or {}
        self.case.keys.add(said["permit_id"])
        key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
        key.ensure_kid()
        request = {
            **bound,
            "department_code": "BANGO",
            "permit": stage.core.signer.sign(said),
            "linkage_code": self.linkage_code,
            "encryption_key": key.as_dict(private=False),
            **span_of(line.information),
            **changed,
        }
        return Provision(request, said, key)

    # --- the target as asker -----------------------------------------------------------------------------------

    def request(self, line: AllowedLine, **changed: Any) -> dict[str, Any]:
        """A valid inquiry of the target's in-house system about this person."""
        return {
            "record_id": f"R{uuid.uuid4().hex[:19]}",
            "integrated_address_number": self.integrated_address_number,
            "requested_at": stamp(self.case.stage.clock()),
            "department_code": "BANGO",
            "asker": self.body,
            "asker_withheld": False,
            "task": line.task,
            "procedure": line.procedure,
            "provider": line.provider,
            "information": line.information,
            **span_of(line.information),
        } | changed

    def inquire(self, line: AllowedLine, **changed: Any) -> str:
        """Submit an inquiry; its id."""
        body = self.request(line, **changed)
        answer = self.case.need(self.case.ask("submitInquiry", body=body, staff="inquire"), 202)
        return str(answer.json["inquiry_id"])

    def settled(self, inquiry_id: str, states: frozenset[str] = FINAL) -> dict[str, Any]:
        """The inquiry once it is in one of these states, polled as an in-house system does; the last seen when time is up."""
        limit = time.monotonic() + SECONDS
        while True:
            answer = self.case.ask("readInquiry", path={"inquiry_id": inquiry_id}, staff="inquire")
            found: dict[str, Any] = self.case.need(answer, 200).json
            if found["state"] in states or time.monotonic() > limit:
                return found
            time.sleep(PAUSE)


class AllowedLine(NamedTuple):
    """One combination of the allow list between concrete bodies, in wire codes."""

    asker: str
    provider: str
    task: str
    procedure: str
    information: str
    item: str
    line: int


class Provision(NamedTuple):
    """A provision request to the target, what its permit says, and the key that its answer is encrypted to."""

    body: dict[str, Any]
    claims: dict[str, Any]
    key: ECKey


def layout_of(information: str) -> str:
    """The newest layout version of an information kind, by its code."""
    return layouts(information_by_code(information).id)[-1].version


def span_of(information: str) -> dict[str, Any]:
    """The year or period that replicas of an information kind (by its code) belong to; empty for the present."""
    scope = kind(information_by_code(information).id).scope
    if scope == "fiscal-year":
        return {"fiscal_year": FISCAL_YEAR}
    return {"period": PERIOD} if scope == "period" else {}


def items_of(information: str, seed: int, fiscal_year: str) -> dict[str, Any]:
    """A valid sample of an information kind's items, drawn for a seed."""
    found = information_by_code(information).id
    return sample(found, layout_of(information), seed, full=True, fiscal_year=fiscal_year)
