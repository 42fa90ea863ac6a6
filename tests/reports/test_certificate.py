from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.reports.issuer import NOW, House, conformity

from bango_reports import keys
from bango_reports.verification import verify
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_green_run_is_certified_and_accepted(house: House) -> None:
    findings = verify(
        house.envelope,
        house.trust,
        NOW,
        product="例示中間サーバー",
        profile="intermediate-server",
        run_folder=house.run_folder,
    )
    assert findings.refusals == ()
    assert findings.accepted
    assert findings.conformity is not None
    assert [u.clause for u in findings.conformity.not_tested] == ["IS-OPS-001"]
    assert findings.conformity.clauses["IS-PRV-001"] == "pass"
    statement = house.payload()
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"][0]["digest"] == {"sha256": "a" * 64}
    assert statement["predicate"]["result"] == "WARNED"


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("CERT-PRODUCT", {"product": "別の製品"}),
        ("CERT-PRODUCT", {"version": "9"}),
        ("CERT-PRODUCT", {"artefact_digest": "sha256:" + "b" * 64}),
        ("CERT-PROFILE", {"profile": "core"}),
        ("CERT-SELF-DECLARED", {"grade": "witnessed"}),
    ],
)
def test_each_wish_of_the_reader_has_its_refusal(house: House, code: str, asked: dict[str, Any]) -> None:
    findings = verify(house.envelope, house.trust, NOW, **asked)
    assert findings.refusals == (code,)
    refused = next(check for check in findings.checks if not check.passed)
    assert refused.text.ja
    assert refused.text.en


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("CERT-PARTIAL", lambda p: conformity(p).update(complete=False)),
        ("CERT-NOT-PASSED", lambda p: p["predicate"].update(result="FAILED")),
        ("CERT-NOT-PASSED", lambda p: p["predicate"]["failedTests"].append("a.b")),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["clauses"].update({"IS-INQ-001": "inconclusive"})),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["counts"].update(waived=1)),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["counts"]["verdicts"].update({"pass": 99})),
        ("CERT-SUBJECT", lambda p: p["subject"][0].update(digest={"sha256": "b" * 64})),
        ("CERT-NOT-YET", lambda p: conformity(p).update(issued="2026-02-01T00:00:00+00:00")),
        ("CERT-ISSUER-EXPIRED", lambda p: conformity(p).update(issued="2029-02-01T00:00:00+00:00")),
        ("CERT-MALFORMED", lambda p: conformity(p).update(expires="2026-13-41T00:00:00+00:00")),
        ("CERT-MALFORMED", lambda p: conformity(p).update(schema_version=2)),
        ("CERT-MALFORMED", lambda p: conformity(p).update(extra="x")),
        ("CERT-MALFORMED", lambda p: p.update(_type="https://in-toto.io/Statement/v0")),
    ],
)
def test_what_an_issuer_should_not_have_signed_is_refused(
    house: House, code: str, change: Callable[[Any], None]
) -> None:
    assert code in verify(house.forged(change), house.trust, NOW).refusals


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, {"payload": "!", "payloadType": "x", "signatures": []}])
def test_anything_else_is_malformed(house: House, junk: Any) -> None:
    assert verify(junk, house.trust, NOW).refusals == ("CERT-MALFORMED",)


def test_time_decides(house: House) -> None:
    last = NOW + timedelta(days=730)
    assert verify(house.envelope, house.trust, last - timedelta(seconds=1)).accepted
    assert verify(house.envelope, house.trust, last).refusals == ("CERT-EXPIRED",)
    assert verify(house.envelope, house.trust, NOW - timedelta(seconds=1)).refusals == ("CERT-NOT-YET",)


def test_an_issuer_cannot_issue_beyond_its_grade(house: House) -> None:
    narrow = msgspec.structs.replace(house.issuer, grades=("self-declared",))
    forged = house.forged(lambda p: conformity(p).update(grade="witnessed"))
    trust = keys.TrustList(issuers=(narrow,))
    assert verify(forged, trust, NOW, grade="witnessed").refusals == ("CERT-ISSUER-GRADE",)
    assert verify(forged, house.trust, NOW, grade="witnessed").accepted


def test_a_run_folder_changed_after_issue_is_refused(house: House) -> None:
    evidence = next((house.run_folder / "evidence").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b" ")
    assert verify(house.envelope, house.trust, NOW, run_folder=house.run_folder).refusals == ("CERT-EVIDENCE",)


def test_a_run_folder_that_is_not_there_is_no_fault_of_the_certificate(house: House) -> None:
    with pytest.raises(BangoError) as told:
        verify(house.envelope, house.trust, NOW, run_folder=house.run_folder / "x")
    assert told.value.code == "RESULT-MISSING"
