"""What a workflow is given before it begins: persons, staff, codes and values, arranged with the target."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from bango_conformance.choices import not_permitted, scope_of
from bango_conformance.lines import asker_lines
from bango_conformance.subject import FISCAL_YEAR, items_of, layout_of
from bango_conformance.times import stamp

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import AllowedLine, Subject
    from bango_spec.workflows import Workflow

EVERYTHING = "inquire+approve+register+audit"
UNKNOWN_LAYOUT = "1999.9"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def inputs(case: Case, workflow: Workflow, line: AllowedLine, subject: Subject) -> dict[str, Any]:
    """The declared inputs, and nothing else; what `given` asks for has been arranged."""
    if {"codes", "asker-code", "provider-code"} & set(workflow.given):
        subject.link()
    scope = scope_of(case.stage)
    chosen = not_permitted(scope, asker_lines(scope), line) if "no-line" in workflow.given else line
    made = {**_persons(case, subject), **_values(case, subject, chosen)}
    if "inquiry-done" in workflow.given:
        done = subject.provision(line)
        case.need(case.ask("requestProvision", body=done.body), 200)
        made["permit_id"] = done.claims["permit_id"]
    return {name: made[name] for name in workflow.inputs["properties"]}


def _persons(case: Case, subject: Subject) -> dict[str, Any]:
    staff_id, passphrase = case.stage.staff.account(EVERYTHING)
    number = subject.integrated_address_number
    return {
        **{f"{side}staff_id": staff_id for side in ("", "asker_", "provider_")},
        **{f"{side}passphrase": passphrase for side in ("", "asker_", "provider_")},
        "integrated_address_number": number,
        "asker_number": number,
        "provider_number": number,
        "other_number": case.subject().integrated_address_number,
        "individual_number": subject.person.individual_number,
        "linkage_code": subject.linkage_code,
        "permit_id": str(uuid.uuid4()),
    }


def _values(case: Case, subject: Subject, line: AllowedLine) -> dict[str, Any]:
    now, seed = case.stage.clock(), int(subject.integrated_address_number)
    run = str(uuid.uuid4())
    case.keys.add(run)
    return {
        "run": run,
        "asker": line.asker,
        "provider": line.provider,
        "task": line.task,
        "procedure": line.procedure,
        "information": line.information,
        "department_code": "BANGO",
        "record_id": f"R{uuid.uuid4().hex[:19]}",
        "requested_at": stamp(now),
        "fiscal_year": FISCAL_YEAR,
        "layout_version": layout_of(line.information),
        "unknown_layout_version": UNKNOWN_LAYOUT,
        "items": items_of(line.information, seed, FISCAL_YEAR),
        "later_items": items_of(line.information, seed + 1, FISCAL_YEAR),
        "corrected_items": items_of(line.information, seed + 2, FISCAL_YEAR),
        "updated_at": stamp(now - 2 * DAY),
        "later_updated_at": stamp(now - DAY),
        "from": stamp(now - HOUR),
        "to": stamp(now + HOUR),
        "shown_from": stamp(now - HOUR),
        "shown_to": stamp(now + DAY),
        "read_at": stamp(now),
    }
