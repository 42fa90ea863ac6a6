"""`bango doctor`: everything that would spoil a run, found before the run, each with its cause and the next step."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bango_conformance import doctor_file, doctor_network, doctor_suite, doctor_target, doctor_tls
from bango_conformance.doctor_findings import Findings
from bango_conformance.stage import Stage
from bango_conformance.suite import Scope, suite
from bango_mocks.hooks import Hooks
from bango_mocks.law_table import law_table
from bango_spec.errors import BangoError
from bango_spec.law import edition_as_of
from bango_spec.target import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bango_conformance.doctor_findings import Finding
    from bango_spec.target import Target

SIGNS = {"ok": "○", "warn": "△", "fail": "×"}


def examine(path: Path, today: date, *, hooks: bool = True, environment: Mapping[str, str] | None = None) -> Findings:
    """All findings about a target file and the target behind it; starts the target by its own hook where hooks may run."""
    found = Findings()
    target = doctor_file.examine(path, found, environment)
    if target is None:
        return found
    starts = hooks and "start" in target.hooks
    if doctor_file.placed(target):
        edition = edition_as_of(target.edition).id
        doctor_suite.examine(target, edition, today, found, hooks=hooks)
    doctor_network.examine(target, found, starts=starts)
    if not found.failed:
        _behind(target, edition, found, starts=starts)
    return found


def examine_cheaply(path: Path, *, hooks: bool = True) -> Target:
    """The target of a run, looked at without the target itself; a TargetError lists everything that would spoil the run."""
    found = Findings()
    target = doctor_file.examine(path, found, None)
    if target is not None:
        named = target.claims or target.not_supported or target.waivers
        if named and doctor_file.placed(target):
            edition = edition_as_of(target.edition).id
            doctor_suite.names(target, suite(Scope(edition, target.body.code, target.body.parties)), found)
        doctor_network.examine(target, found, starts=hooks and "start" in target.hooks)
    found.refuse()
    if target is None:
        raise LookupError(path)
    return target


def _behind(target: Target, edition: str, found: Findings, *, starts: bool) -> None:
    """The target itself, on a stage as in a run."""
    folder = Path(tempfile.mkdtemp(prefix="bango-doctor-"))
    with ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            stage = closing.enter_context(Stage(target, law_table(edition), 0))
            started = Hooks(target, stage.environment(), folder)
            if starts:
                closing.callback(_stopped, started, found)
                started.start()
            stage.connect()
            answering = doctor_tls.examine(stage, found, started if starts else None, folder / "target.log")
            doctor_target.examine(stage, found, answering)
        except BangoError as error:
            found.error(error)


def _stopped(hooks: Hooks, found: Findings) -> None:
    try:
        hooks.stop()
    except BangoError as error:
        found.error(error)


def exit_code(found: Findings) -> int:
    """0, or 10 when something would spoil a run."""
    return UNREACHABLE if found.failed else 0


def lines(found: Findings, path: Path | str, lang: str = "ja") -> Iterator[str]:
    """The report in lines: what is wrong first, then what is in order."""
    english = lang == "en"
    order = {"fail": 0, "warn": 1, "ok": 2}
    for one in sorted(found, key=lambda finding: order[finding.state]):
        yield from _told(one, english=english)
    failed, warned = (sum(one.state == state for one in found) for state in ("fail", "warn"))
    yield ""
    if failed:
        yield (
            f"{failed} to mend before a run, {warned} warnings. Mend the first one and run `bango doctor {path}` again."
            if english
            else f"実行の前に直すもの {failed} 件、注意 {warned} 件。上から直し、もう一度「bango doctor {path}」を実行してください。"
        )
    else:
        yield (
            f"Ready, {warned} warnings. Next: bango certify {path} --smoke, then bango certify {path}"
            if english
            else f"準備ができています（注意 {warned} 件）。次に: bango certify {path} --smoke、それから bango certify {path}"
        )


def _told(one: Finding, *, english: bool) -> Iterator[str]:
    yield f"{SIGNS[one.state]} {one.what.en if english else one.what.ja}" + (
        "" if one.state == "ok" else f"  [{one.code}]"
    )
    for name_ja, name_en, text in (("原因", "cause", one.cause), ("次に", "next", one.step)):
        if text is not None:
            yield f"    {name_en if english else name_ja}: {text.en if english else text.ja}"
