"""The sub-command `bango report`: one run in the formats that people and their tools read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bango_reports._options import Lang, Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_reports.model import CaseResult, Evidence, Run

FORMATS = ("html", "pdf", "xlsx", "junit", "ctrf", "sarif", "github", "gitlab")
UNREADABLE = 4


def report(
    run: Annotated[
        Path, typer.Argument(help="実行結果のフォルダー（か result.json）。 Run folder, or its result.json.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="書くフォルダー（なければ実行結果のそば）。 Folder to write to.")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--format", help=f"{' '.join(FORMATS)} all（既定 html、複数可）。 Formats.")
    ] = None,
    lang: Language = Lang.ja,
) -> None:
    """一つの実行結果を、人と道具が読む形にする。 One run as HTML, PDF, Excel and what build servers read.

    終了コード exit: 0 書いた written, 4 読めない unreadable
    """
    from bango_reports import store
    from bango_spec.errors import BangoError

    try:
        wanted = _wanted(output or ["html"])
        found = store.load(run)
        home = run if run.is_dir() else run.parent
        where = out or home
        where.mkdir(parents=True, exist_ok=True)
        for path in _written(wanted, found, home, where, lang):
            typer.echo(path)
    except BangoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREADABLE) from error
    except OSError as error:
        typer.echo(
            f"REPORT-WRITE: {error.filename or out}: 書けません / cannot be written\n  cause: {error.strerror}",
            err=True,
        )
        raise typer.Exit(UNREADABLE) from error


def _wanted(given: list[str]) -> list[str]:
    from bango_spec.errors import UsageError

    names = [name.strip() for part in given for name in part.split(",") if name.strip()]
    unknown = [name for name in names if name not in {*FORMATS, "all"}]
    if unknown or not names:
        raise UsageError(
            "REPORT-FORMAT",
            f"そのような形式はありません / no such format: {', '.join(unknown) or '（空 / empty）'}",
            step=f"次から選んでください / choose from: {', '.join(FORMATS)}, all",
        )
    return list(FORMATS) if "all" in names else list(dict.fromkeys(names))


def _written(wanted: list[str], run: Run, home: Path, where: Path, lang: str) -> Iterator[Path]:
    from bango_reports import junit
    from bango_reports.formats import ctrf, gitlab, pdf, sarif, step_summary, workbook
    from bango_reports.formats.saying import Saying

    saying = Saying(lang)
    for name in wanted:
        if name == "html":
            yield _html(run, home, where, lang)
            continue
        file, data = {
            "pdf": lambda: (pdf.FILE, pdf.render(run, saying)),
            "xlsx": lambda: (workbook.FILE, workbook.render(run, saying)),
            "junit": lambda: (junit.JUNIT, junit.render(run)),
            "ctrf": lambda: (ctrf.FILE, ctrf.render(run, saying)),
            "sarif": lambda: (sarif.FILE, sarif.render(run, saying)),
            "github": lambda: (step_summary.FILE, step_summary.render(run, saying)),
            "gitlab": lambda: (gitlab.FILE, gitlab.render(run, home, Path.cwd())),
        }[name]()
        (where / file).write_bytes(data)
        yield where / file
        if name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
            with Path(summary).open("ab") as step:
                step.write(data)
            yield Path(summary)


def _html(run: Run, home: Path, where: Path, lang: str) -> Path:
    from bango_reports import page, store
    from bango_reports.formats import folder

    if len(run.cases) > folder.FROM:
        return folder.write(home, where, run, lang=lang)
    path = where / page.REPORT

    def evidence(case: CaseResult) -> Evidence | None:
        return store.load_evidence(home, case) if case.evidence else None

    path.write_text(page.render(run, evidence, lang=lang, filters=True, home=_from(where, home)), encoding="utf-8")
    return path


def _from(where: Path, home: Path) -> str:
    """How a page in one folder names another: empty for the same one."""
    way = os.path.relpath(home, where)
    return "" if way == "." else f"{Path(way).as_posix()}/"
