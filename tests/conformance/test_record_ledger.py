"""The judge's own reckoning of the chain of records."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_conformance.kinds import record
from bango_conformance.ledger import broken, canonical, digest
from bango_conformance.suite import Scope
from bango_mocks.records import ProvisionRecords
from bango_mocks.store import Store
from bango_spec.assumptions import value
from bango_spec.clauses import clause

FIRST = value("record-chain")["first"]
SCOPE = Scope("2020-09-06", "9000151100500001", ("mayor",))


def chain(number: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    previous = FIRST
    for sequence in range(1, number + 1):
        row = {"sequence": sequence, "outcome": "provided", "withheld": False, "department_code": "税務課"}
        row |= {"previous_hash": previous, "hash": digest(row, previous)}
        previous = row["hash"]
        made.append(row)
    return made


def test_the_form_is_that_of_rfc_8785() -> None:
    row = {"z": True, "a": [1, '\u20ac\n\u0007"'], "hash": "x", "previous_hash": "y", "m": {"b": None, "a": "é"}}
    assert canonical(row) == '{"a":[1,"€\\n\\u0007\\""],"m":{"a":"é","b":null},"z":true}'.encode()


def test_the_hash_of_a_known_record() -> None:
    # printf '%064d{"sequence":1}' 0 | sha256sum
    assert digest({"sequence": 1}, FIRST) == "7c227689aed6351255f1dd74d3c7d5f3615d7d53f939882c9e7d86b3faec21d3"


@given(number=st.integers(1, 6), data=st.data())
@settings(derandomize=True, max_examples=60)
def test_a_chain_holds_until_somebody_touches_it(number: int, data: st.DataObject) -> None:
    rows = chain(number)
    assert broken(rows) is None
    place = data.draw(st.integers(0, number - 1))
    name = data.draw(st.sampled_from(["sequence", "outcome", "withheld", "department_code", "previous_hash", "hash"]))
    rows[place] = rows[place] | {name: "altered" if name != "sequence" else number + 7}
    assert broken(rows) is not None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_record_taken_out_or_put_in_is_noticed(place: int) -> None:
    rows = chain(4)
    assert broken(rows[:place] + rows[place + 1 :]) is not None
    assert broken([*rows[: place + 1], *rows[place:]]) is not None


def test_a_chain_made_anew_from_a_wrong_start_is_noticed() -> None:
    row = {"sequence": 1, "previous_hash": "1" * 64, "hash": digest({"sequence": 1}, "1" * 64)}
    assert broken([row]) is not None


def test_the_cores_own_ledger_holds_by_the_same_reckoning() -> None:
    import datetime as dt

    ledger = ProvisionRecords(Store(), "core", lambda: dt.datetime(2020, 9, 7, tzinfo=dt.UTC))
    permit = {"permit_id": "7b1f0f64-9c1e-4d0a-8a7e-0a1b2c3d4e5f", "asker": "9" * 16, "items": ["TK00000000000001"]}
    for outcome in ("provided", "no-record", "withdrawn"):
        ledger.write(permit, outcome=outcome, provided_at=None, withheld=False)
    assert broken(ledger.page(0, 10)) is None


def test_the_kind_looks_at_every_clause_of_records_and_disclosure() -> None:
    made = list(record.obligations(SCOPE))
    ids = [one.id for one in made]
    assert len(ids) == len(set(ids))
    cited = {name for one in made for name in one.clauses}
    assert cited >= {f"IS-REC-{n:03d}" for n in range(1, 13)} | {"IS-DSC-001", "IS-DSC-002", "IS-STF-008"}
    assert all(clause(name) for name in cited)


def test_every_operation_with_an_authority_is_refused_and_logged_once() -> None:
    from bango_spec.interfaces import operations

    guarded = [one for one in operations("intermediate-server.in-house") if one.authority]
    refused = [one for one in record.obligations(SCOPE) if one.id.startswith("record.operations.refused.")]
    assert len(refused) == len(guarded) > 25
