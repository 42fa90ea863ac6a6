"""`bango mutants`: the matrix as a command, and the catalogue that keeps it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path

from bango_conformance.identity import matrix_digest, reference_identity, spec_identity, suite_identity
from bango_conformance.matrix import PROFILE, Trial, mutants
from bango_conformance.suite import Scope, suite
from bango_conformance.trials import Processes
from bango_mocks.parties import parties_of
from bango_mocks.standing import choose
from bango_reports.catalogue import Catalogue, Kill, Matrix, Mutant, Obligation, read, unproven, write
from bango_spec.errors import UsageError
from bango_spec.law import default_edition

CATALOGUE = Path(__file__).resolve().parent / "catalogue.json"


def chosen(only: Sequence[str], size: int | None) -> tuple[Mutant, ...]:
    """The mutants to run: those named (by id or clause), or a slice, or all.

    A slice is drawn by the digest of spec, suite and reference: the same for one state, another for the next.
    """
    known = mutants()
    for word in only:
        if not any(word in (one.id, one.clause) for one in known):
            raise UsageError("MUTANT-UNKNOWN", f"no mutant is called {word}", step="bango mutants --list")
    found = [one for one in known if not only or one.id in only or one.clause in only]
    if size is None or size >= len(found):
        return tuple(found)
    drawn = random.Random(matrix_digest()).sample(found, size)  # noqa: S311 - a drawn slice
    return tuple(sorted(drawn, key=lambda one: one.id))


def trials(
    which: Sequence[Mutant], seed: int, jobs: int, told: Callable[[Kill], None], *, workers: int = 1
) -> list[Kill]:
    """Run the mutants, so many at a time, each in a process of its own; the kills in the order of the mutants.

    Told to end (SIGTERM, SIGINT), it lets every process take down what it started, and raises KeyboardInterrupt.
    """
    processes = Processes()
    with processes.heard(), ThreadPoolExecutor(workers, thread_name_prefix="mutant") as pool:
        running = [pool.submit(processes.run, Trial(one, seed, jobs)) for one in which]
        try:
            for done in as_completed(running):
                told(done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.end()
            raise
    return [one.result() for one in running]


def catalogue(kills: Sequence[Kill]) -> Catalogue:
    """What the harness has: obligations, mutants, and the matrix."""
    body = choose(1)[0]
    scope = Scope(default_edition().id, body.code, tuple(parties_of(body)))
    return Catalogue(
        tool=version("bango-testbed"),
        spec=spec_identity(),
        suite=suite_identity(),
        reference=reference_identity(),
        obligations=tuple(
            Obligation(
                id=one.id,
                kind=one.kind,
                profile=PROFILE,
                clauses=one.clauses,
                element=one.element,
                title=one.title,
                needs=one.needs,
                alone=one.alone,
            )
            for one in suite(scope)
        ),
        mutants=mutants(),
        matrix=Matrix(digest=matrix_digest(), kills=tuple(kills)),
    )


def committed() -> Catalogue:
    """The catalogue that came with this version."""
    return read(CATALOGUE)


def publish(kills: Sequence[Kill]) -> Path:
    """Write the catalogue beside the suite."""
    write(CATALOGUE, catalogue(kills))
    return CATALOGUE


def stale() -> Iterator[str]:
    """Why the committed matrix says nothing of this state, if it does not."""
    kept = committed()
    if kept.matrix is None:
        yield "no matrix is kept"
        return
    if kept.matrix.digest != matrix_digest():
        yield "spec, suite or reference changed since the matrix was run"
    ran = {kill.mutant for kill in kept.matrix.kills}
    yield from (f"the mutant {one.id} was not run" for one in kept.mutants if one.id not in ran)
    yield from (f"the mutant {kill.mutant} survived" for kill in kept.matrix.kills if not kill.killed)
    yield from (f"no mutant fails {name}" for name in unproven(kept))
