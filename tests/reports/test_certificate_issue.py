from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.reports.issuer import NOW, House

from bango_reports import certificate
from bango_reports.model import Selection, Waiver
from bango_reports.verification import verify
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reports.conftest import Saver

    from bango_reports.model import CaseResult, ClauseResult, Run


def test_witnessed_needs_a_witnessed_run(house: House, green: Run, saved: Saver, tmp_path: Path) -> None:
    with pytest.raises(BangoError) as caught:
        certificate.issue(house.run_folder, house.key, grade="witnessed", now=NOW)
    assert caught.value.code == "CERT-GRADE"
    folder, _ = saved(msgspec.structs.replace(green, grade="witnessed"), tmp_path / "witnessed")
    envelope = certificate.issue(folder, house.key, grade="witnessed", now=NOW)
    assert verify(envelope, house.trust, NOW, grade="witnessed").accepted


@pytest.mark.parametrize(
    ("code", "cases", "more"),
    [
        ("CERT-PARTIAL", ["pass"], {"selection": Selection(complete=False, filters=("--kind shape",))}),
        ("CERT-MUST-FAILED", ["pass", "fail"], {}),
        ("CERT-MUST-NOT-RUN", ["pass", "inconclusive"], {}),
        ("CERT-HARNESS-ERROR", ["harness-error"], {}),
        ("CERT-INTERRUPTED", ["pass"], {"interrupted": True}),
        ("CERT-NOTHING-RUN", [], {"selection": Selection(complete=False)}),
    ],
)
def test_a_run_that_shows_no_conformity_gets_no_certificate(
    house: House,
    case: Callable[..., CaseResult],
    clause: Callable[..., ClauseResult],
    run: Callable[..., Run],
    saved: Saver,
    tmp_path: Path,
    code: str,
    cases: list[str],
    more: dict[str, Any],
) -> None:
    made = [case(f"shape.x.{n}", verdict, f"IS-X-{n}") for n, verdict in enumerate(cases)]
    folder, _ = saved(run(made, [clause(f"IS-X-{n}") for n in range(len(cases))], **more), tmp_path / "refused")
    with pytest.raises(BangoError) as caught:
        certificate.issue(folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == code
    assert caught.value.exit_code == 1


def test_a_waived_must_gets_no_certificate(
    house: House,
    case: Callable[..., CaseResult],
    clause: Callable[..., ClauseResult],
    run: Callable[..., Run],
    saved: Saver,
    tmp_path: Path,
) -> None:
    waiver = Waiver(obligation="shape.x.0", reason="r", owner="o", expires="2026-12-31")
    made = run([case("shape.x.0", "fail", "IS-X-0", waived=True)], [clause("IS-X-0")], waivers=(waiver,))
    folder, _ = saved(made, tmp_path / "waived")
    with pytest.raises(BangoError) as caught:
        certificate.issue(folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == "CERT-MUST-WAIVED"


def test_altered_evidence_gets_no_certificate(house: House) -> None:
    evidence = next((house.run_folder / "evidence").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b" ")
    with pytest.raises(BangoError) as caught:
        certificate.issue(house.run_folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == "RESULT-EVIDENCE-ALTERED"
