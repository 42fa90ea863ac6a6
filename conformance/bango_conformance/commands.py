"""The commands of the harness."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TargetFile = Annotated[Path, typer.Argument(help="対象ファイル（TOML）/ target file (TOML)")]


def register(app: typer.Typer) -> None:
    """Add the harness's commands."""
    app.command("certify")(certify)


def certify(
    target: TargetFile,
    only: Annotated[
        list[str] | None, typer.Option(help="この義務だけ / only this obligation (or all below it)")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="この種類だけ / only this kind")] = None,
    clause: Annotated[list[str] | None, typer.Option(help="この条項だけ / only this clause")] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="短い抜粋だけ / only the smoke selection")] = False,
    seed: Annotated[int | None, typer.Option(help="乱数の種 / seed of everything drawn")] = None,
    as_of: Annotated[str | None, typer.Option(help="法令の版の日付 / date that chooses the law's edition")] = None,
    out: Annotated[Path, typer.Option(help="結果を置くフォルダー / folder for the run")] = Path("runs"),
    jobs: Annotated[int, typer.Option(help="同時に試す数 / cases at a time", min=1, max=64)] = 8,
    no_hooks: Annotated[bool, typer.Option("--no-hooks", help="対象ファイルの命令を実行しない / run no hook")] = False,
    lang: Annotated[str, typer.Option(help="ja | en")] = "ja",
) -> None:
    """適合性試験を行う / Test a target against the spec."""
    from bango_reports.terminal import Terminal

    from bango_conformance.run import Order, run
    from bango_conformance.suite import Filters
    from bango_reports.events import Bus

    filters = Filters(tuple(only or ()), tuple(kind or ()), tuple(clause or ()), smoke)
    order = Order(target, out, filters, seed, as_of, jobs, hooks=not no_hooks)
    made = run(order, Bus(Terminal(lang=lang)))
    raise typer.Exit(made.exit_code)
