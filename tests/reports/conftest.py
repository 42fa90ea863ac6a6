"""Small made runs: what an engine would hand in, without any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pytest
from tests.reports.issuer import House

from bango_reports import store
from bango_reports.model import (
    CaseResult,
    ClauseResult,
    ClauseState,
    Evidence,
    Exchange,
    Failure,
    Level,
    Message,
    Named,
    Run,
    Selection,
    Target,
    Tls,
    Verdict,
)
from bango_reports.verdicts import NO_COUNTS, finish
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def digest(fill: str) -> str:
    return f"sha256:{fill * 64}"


def make_case(obligation: str, verdict: Verdict | str, *clauses: str, **more: Any) -> CaseResult:
    verdict = Verdict(verdict)
    if verdict in {Verdict.FAIL, Verdict.WARN} and "failure" not in more:
        more["failure"] = make_failure(clauses[0] if clauses else "")
    more.setdefault("kind", obligation.split(".", maxsplit=1)[0])
    more.setdefault("title", Text(ja=f"{obligation} の確認", en=f"check of {obligation}"))
    more.setdefault("evidence", f"{obligation}.json")
    return CaseResult(obligation=obligation, clauses=clauses, element="operation.x", verdict=verdict, **more)


def make_failure(clause: str, **more: Any) -> Failure:
    made: dict[str, Any] = {
        "code": "OUTCOME-WRONG",
        "sent": "POST /network/v1/provisions（許可のない事務）",
        "expected": "403 not-permitted",
        "came": '200 {"outcome": "provided"}',
        "at_fault": "target",
        "located": "sent",
        "why": Text(ja="法律で認められない情報が渡ります。", en="Information is handed over that no law allows."),
        "move": Text(ja="製品側で照合の順序を直してください。", en="Mend the order of the table check in the product."),
        "rerun": "bango certify target.toml --only permission.deny.0001 --seed 42",
    }
    return Failure(clause=clause, **{**made, **more})


def make_clause(clause: str, level: Level = "must", **more: Any) -> ClauseResult:
    more.setdefault("text", Text(ja=f"{clause} の条文。", en=f"The text of {clause}."))
    return ClauseResult(clause=clause, level=level, state=ClauseState.NOT_RUN, **more)


def make_run(cases: list[CaseResult], clauses: list[ClauseResult], **more: Any) -> Run:
    made: dict[str, Any] = {
        "run": "run-0001",
        "tool": "0.1.0",
        "spec": Named(version="0.1.0", digest=digest("1")),
        "suite": Named(version="0.1.0", digest=digest("2")),
        "edition": "2020-09-06",
        "target": Target(
            product="例示中間サーバー",
            version="1.2.3",
            artefact_digest=digest("a"),
            profile="intermediate-server",
            vendor="例示株式会社",
            body_kinds=("市町村長",),
        ),
        "seed": 42,
        "selection": Selection(complete=True),
        "started": "2026-01-15T09:00:00+09:00",
        "ended": "2026-01-15T09:03:20+09:00",
        "cases": tuple(cases),
        "clauses": tuple(clauses),
        "counts": NO_COUNTS,
        "exit_code": 0,
    }
    return finish(Run(**{**made, **more}))


def make_evidence(obligation: str, body: str = '{"outcome": "provided"}') -> Evidence:
    return Evidence(
        obligation=obligation,
        exchanges=(
            Exchange(
                direction="sent-to-target",
                player="interface-system",
                method="POST",
                url="/network/v1/provisions",
                request=Message(headers=(("content-type", "application/json"),), body='{"permit": "…"}', size=15),
                status=200,
                response=Message(body=body, size=len(body.encode())),
                offset_ms=3.0,
                duration_ms=12.5,
                tls=Tls(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", own="urn:bango:role:interface-system"),
            ),
        ),
    )


class Saver(Protocol):
    def __call__(self, run: Run, folder: Path | None = None) -> tuple[Path, Run]: ...


@pytest.fixture
def saved(tmp_path: Path) -> Saver:
    """Writes a run with evidence for each case."""

    def save(run: Run, folder: Path | None = None) -> tuple[Path, Run]:
        folder = folder or tmp_path / run.run
        cases = tuple(store.keep(folder, case, make_evidence(case.obligation)) for case in run.cases)
        return folder, store.save(folder, msgspec.structs.replace(run, cases=cases))

    return save


@pytest.fixture
def case() -> Callable[..., CaseResult]:
    return make_case


@pytest.fixture
def clause() -> Callable[..., ClauseResult]:
    return make_clause


@pytest.fixture
def run() -> Callable[..., Run]:
    return make_run


@pytest.fixture
def failure() -> Callable[..., Failure]:
    return make_failure


@pytest.fixture
def green() -> Run:
    """A complete run without fault, with one clause that no machine can test."""
    untested = Text(ja="人の運用を見るため、機械では確かめられません。", en="It concerns what people do.")
    return make_run(
        [
            make_case("permission.serve.0001", "pass", "IS-INQ-001"),
            make_case("privacy.log.0001", "pass", "IS-PRV-001"),
            make_case("text.kana.0001", "warn", "IS-TXT-001"),
            make_case("shape.bulk.0001", "not-applicable", "IS-SHP-001"),
        ],
        [
            make_clause("IS-INQ-001"),
            make_clause("IS-PRV-001", "must-not"),
            make_clause("IS-TXT-001", "should"),
            make_clause("IS-SHP-001"),
            make_clause("IS-OPS-001", not_tested=untested),
        ],
    )


@pytest.fixture
def red() -> Run:
    """A complete run with a failed must, a failed prohibition with many cases, and one that could not be tried."""
    return make_run(
        [
            make_case("permission.serve.0001", "pass", "IS-INQ-001"),
            make_case("permission.deny.0001", "fail", "IS-INQ-004"),
            make_case(
                "privacy.log.0001", "inconclusive", "IS-PRV-001", note=Text(ja="採取の手段がない。", en="no hook")
            ),
        ],
        [make_clause("IS-INQ-001"), make_clause("IS-INQ-004", "must-not"), make_clause("IS-PRV-001")],
    )


@pytest.fixture
def house(tmp_path: Path, green: Run, saved: Saver) -> House:
    folder, _ = saved(green)
    return House(tmp_path / "house", folder)
