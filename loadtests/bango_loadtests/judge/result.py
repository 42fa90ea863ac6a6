"""The result of a campaign in the result model, so that report, comparison and certificate read it as any other run."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from bango_loadtests.course import Course
from bango_loadtests.judge.cases import Outcome
from bango_loadtests.judge.saturation import Reading
from bango_loadtests.order import Order
from bango_loadtests.scene import Scene
from bango_reports.model import CaseResult, ClauseResult, ClauseState, Difficulty, Named, Run, Selection, Target
from bango_reports.verdicts import NO_COUNTS, finish
from bango_spec.clauses import clauses
from bango_spec.load import LEAST_SECONDS
from bango_spec.reading import Text, root

DISTRIBUTION = "bango-testbed"
PROFILE_SUFFIX = "load"


def run_of(
    scene: Scene,
    order: Order,
    course: Course,
    judged: list[tuple[CaseResult, Outcome]],
    watched: list[Reading],
    out: Path,
) -> Run:
    """The run: one case for each limit and check, one clause for each that they verify."""
    results = tuple(made for made, _ in judged)
    verified = dict.fromkeys(clause for one in results for clause in one.clauses)
    saturated = [one for one in watched if one.over]
    return finish(
        Run(
            run=f"{out.parent.name}-{out.name}" if out.name.startswith("again-") else out.name,
            tool=version(DISTRIBUTION),
            spec=spec_identity(),
            suite=suite_identity(),
            edition=scene.edition,
            target=Target(
                product=scene.product.name,
                version=scene.product.version,
                artefact_digest=scene.product.artefact,
                profile=f"{scene.product.profile}-{PROFILE_SUFFIX}-{scene.campaign.id}",
                vendor=scene.product.vendor,
                body_kinds=scene.product.parties,
            ),
            seed=scene.seed,
            selection=Selection(complete=not filters(order, scene), filters=filters(order, scene)),
            started=course.started,
            ended=course.ended,
            jobs=max(len(course.workers), 1),
            interrupted=course.interrupted,
            cases=results,
            clauses=tuple(_clause(one) for one in verified),
            counts=NO_COUNTS,
            difficulties=(
                *(Difficulty(code=one.code, what=Text(ja=one.ja, en=one.en)) for one in course.troubles),
                *(
                    Difficulty(
                        code="LOAD-SATURATED",
                        what=Text(
                            ja=f"{one.what_ja}: {one.value}（{one.bound} まで）。守られなかった期限は製品のものと言えません。",
                            en=f"{one.what_en}: {one.value} (at most {one.bound}). Limits that were not kept are not the product's.",
                        ),
                        cause="発生側の機械が足りません / the generating machine is too small",
                        step=Text(
                            ja="bango load plan で要る台数を見積もってください。",
                            en="Let bango load plan tell how many cores it takes.",
                        ),
                    )
                    for one in saturated
                ),
            ),
            exit_code=0,
        ),
        out,
    )


def filters(order: Order, scene: Scene) -> tuple[str, ...]:
    """What makes the run another one than the spec's campaign, so that it certifies nothing."""
    found = list(order.narrowed())
    if scene.seconds < LEAST_SECONDS:
        found.append(f"trial of less than {LEAST_SECONDS} s")
    return tuple(dict.fromkeys(found))


def _clause(clause_id: str) -> ClauseResult:
    found = clauses()[clause_id]
    return ClauseResult(
        clause=found.id,
        level=found.level,
        state=ClauseState.NOT_RUN,
        text=found.text,
        why=found.why,
        sources=tuple(f"{source.kind}: {source.ref}" for source in found.sources),
    )


def spec_identity() -> Named:
    """Version and digest of the spec's data."""
    top = root()
    files = [
        p for p in top.rglob("*") if p.suffix in {".yaml", ".json"} and "bango_spec" not in p.relative_to(top).parts
    ]
    return Named(version=version(DISTRIBUTION), digest=_digest(top, files))


def suite_identity() -> Named:
    """Version and digest of the load campaigns' code."""
    here = Path(__file__).resolve().parents[1]
    return Named(version=version(DISTRIBUTION), digest=_digest(here, list(here.rglob("*.py"))))


def _digest(top: Path, files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{content}  {path.relative_to(top).as_posix()}\n".encode())
    return f"sha256:{total.hexdigest()}"
