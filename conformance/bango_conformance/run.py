"""One run of the suite against one target: the stage, the cases, the result."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bango_conformance.carry_out import Carried, Plan, carry_out
from bango_conformance.choices import asking, providing
from bango_conformance.doctor import examine_cheaply
from bango_conformance.identity import spec_identity, suite_identity
from bango_conformance.kept import log_masked
from bango_conformance.obligation import Obligation
from bango_conformance.ready import await_ready
from bango_conformance.stage import Stage
from bango_conformance.suite import Filters, Scope, select, suite
from bango_conformance.waivers import judged
from bango_mocks.hooks import Hooks
from bango_mocks.law_table import law_table
from bango_reports.events import Bus, Progress, RunFinished, RunStarted, Writer
from bango_reports.model import ClauseResult, ClauseState, Grade, Run, Selection
from bango_reports.model import Target as TargetSummary
from bango_reports.verdicts import NO_COUNTS, finish
from bango_spec.clauses import Clause, of_system
from bango_spec.errors import BangoError, UsageError
from bango_spec.law import edition_as_of
from bango_spec.reading import Text
from bango_spec.target import Target, TargetError

JOBS = 8
LOG = "target.log"
BY_LOAD = Text(
    ja="負荷試験（bango load）で確かめます。この試験では確かめません。",
    en="A load campaign (bango load) verifies it; this suite does not.",
)
STARTING = Text(ja="試験対象を待っています", en="waiting for the target")


class NothingSelectedError(BangoError):
    """The selection leaves no obligation to run."""

    exit_code = 5


def _no_writers(_: Path) -> Iterable[Writer]:
    return ()


@dataclass(frozen=True)
class Order:
    """What a run is asked to do; `name` is how its target is named on the command line, `writers` write into its folder."""

    target: Path
    out: Path
    filters: Filters = field(default_factory=Filters)
    seed: int | None = None
    as_of: str | None = None
    jobs: int = JOBS
    hooks: bool = True
    grade: Grade = "self-declared"
    name: str = ""
    writers: Callable[[Path], Iterable[Writer]] = _no_writers
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


def run(order: Order, bus: Bus) -> Run:
    """Run the suite as ordered; the events go to `bus`, the evidence to the run's folder."""
    target = examine_cheaply(order.target, hooks=order.hooks)
    seed = secrets.randbelow(2**31) if order.seed is None else order.seed
    edition = edition_as_of(order.as_of or target.edition).id
    scope = Scope(edition, target.body.code, target.body.parties, seed)
    whole = suite(scope)
    chosen = select(whole, order.filters)
    if not chosen:
        raise NothingSelectedError(
            "SUITE-NOTHING",
            "選んだ条件に合う義務がありません / the selection leaves no obligation to run",
            step="条件を減らしてください / give fewer filters",
        )
    started = dt.datetime.now(dt.UTC)
    folder = _folder(order.out, f"{target.product.name}-{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
    with ExitStack() as closing:
        # Where nothing came of it, no empty folder is left behind.
        closing.callback(_swept, folder)
        closing.callback(bus.close)
        for writer in order.writers(folder):
            bus.subscribe(writer)
        bus.emit(Progress(phase=STARTING))
        with _misconfigured():
            stage = closing.enter_context(Stage(target, law_table(edition), seed))
            hooks = Hooks(target, stage.environment(), folder)
            stage.hooks = hooks if order.hooks else None
            if order.hooks and hooks.has("start"):
                closing.callback(log_masked, folder / LOG, stage)
                closing.callback(hooks.stop)
                hooks.start()
            stage.connect()
            _ready(stage, hooks, folder / LOG)
        bus.emit(
            RunStarted(
                run=folder.name,
                target=_summary(target),
                edition=edition,
                seed=seed,
                selection=_selection(order, whole, chosen),
                cases=len(chosen),
                folder=str(folder),
            )
        )
        plan = Plan(
            whole=whole,
            chosen=chosen,
            seed=seed,
            rerun=f"bango certify {order.name or order.target} --seed {seed} --as-of {edition}",
            unavailable=frozenset(need for one in whole for need in one.needs if _lacks(need, target, order)),
            not_supported=frozenset(f"claim:{name}" for name in target.not_supported),
            waived=frozenset(waiver.obligation for waiver in target.waivers),
            jobs=order.jobs,
        )
        carried = carry_out(plan, stage, folder, bus)
        made = _result(order, target, plan, carried, folder, started, edition)
        bus.emit(RunFinished(run=made, folder=str(folder)))
    if carried.trouble is not None:
        raise carried.trouble
    return made


@contextmanager
def _misconfigured() -> Iterator[None]:
    """What the stage cannot be set up with comes from the target file, not from the command line."""
    try:
        yield
    except BangoError as error:
        if error.exit_code != UsageError.exit_code:
            raise
        raise TargetError(error.code, error.what, cause=error.cause, step=error.step) from error


def _swept(folder: Path) -> None:
    log = folder / LOG
    if log.is_file() and log.stat().st_size == 0:
        log.unlink()
    with suppress(OSError):
        folder.rmdir()


def _ready(stage: Stage, hooks: Hooks, log: Path) -> None:
    try:
        await_ready(stage, hooks)
    except TargetError as error:
        if log.exists():
            said = log.read_text(encoding="utf-8", errors="replace").strip()[-300:]
            error.cause = f"{error.cause}; {log}: {said}"
        raise


def _folder(out: Path, name: str) -> Path:
    """The run's folder; its name is the run's id, so that only ASCII words are left of the product's name."""
    folder = out / (re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("-._") or "run")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            "RUN-FOLDER",
            f"{folder}: {error.strerror}",
            step="書き込めるフォルダーを --out で指定してください / name a folder that you can write to with --out",
        ) from error
    return folder


def _summary(target: Target) -> TargetSummary:
    return TargetSummary(
        product=target.product.name,
        version=target.product.version,
        artefact_digest=target.product.artefact,
        profile=target.profile,
        vendor=target.product.vendor,
        body_kinds=target.body.parties,
    )


def _not_tested(one: Clause) -> Text | None:
    """Why no obligation of this suite asks for a clause: nobody can test it, or a load campaign does."""
    if one.not_tested:
        return Text(ja=one.not_tested.reason.ja, en=one.not_tested.reason.en)
    return BY_LOAD if one.by_load else None


def _lacks(need: str, target: Target, order: Order) -> bool:
    kind, _, name = need.partition(":")
    return kind == "hook" and (not order.hooks or name not in target.hooks)


def _selection(order: Order, whole: tuple[Obligation, ...], chosen: tuple[Obligation, ...]) -> Selection:
    return Selection(complete=len(chosen) == len(whole), filters=order.filters.typed())


def _result(
    order: Order, target: Target, plan: Plan, carried: Carried, folder: Path, started: dt.datetime, edition: str
) -> Run:
    scope = Scope(edition, target.body.code, target.body.parties, plan.seed)
    sides = {None, "both", *(side for side, line in (("asker", asking(scope)), ("provider", providing(scope))) if line)}
    clauses = tuple(
        ClauseResult(
            clause=one.id,
            level=one.level,
            state=ClauseState.NOT_RUN if one.party in sides else ClauseState.NOT_APPLICABLE,
            text=one.text,
            why=one.why,
            sources=tuple(f"{source.kind}: {source.ref}" for source in one.sources),
            not_tested=_not_tested(one),
        )
        for one in of_system(target.profile)
        if one.status == "active"
    )
    return finish(
        Run(
            run=folder.name,
            tool=version("bango-testbed"),
            spec=spec_identity(),
            suite=suite_identity(),
            edition=edition,
            target=_summary(target),
            seed=plan.seed,
            grade=order.grade,
            selection=_selection(order, plan.whole, plan.chosen),
            started=started.isoformat(timespec="seconds"),
            ended=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            jobs=order.jobs,
            interrupted=carried.interrupted,
            cases=carried.results,
            clauses=clauses,
            counts=NO_COUNTS,
            waivers=judged(target.waivers, plan.whole, carried.results, order.today),
            exit_code=0,
        ),
        folder,
    )
