"""The command `bango bench`: ratios in one run, against what they have to reach and against the kept run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def bench_command(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="この数値だけ（複数可）。 Only these figures (repeatable).")
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, max=99, help="交互に測る回数。 Rounds, both sides in turn.")
    ] = 5,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=600, help="一つの側を測る秒数。 Seconds for each side.")
    ] = 5.0,
    out: Annotated[Path, typer.Option("--out", help="結果のファイル。 File of the result (JSON).")] = Path(
        "bench.json"
    ),
    against: Annotated[
        Path | None, typer.Option("--against", help="比べる結果。なければ付属のもの。 Earlier result; the kept one.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--table", help="表を書き込む文書。 Document whose table is rewritten.")
    ] = None,
) -> None:
    """速さの比を一度の実行の中で測る。 Ratios measured side by side in one run, with spread and versions.

    終了コード exit: 0 悪くなっていない no worse, 1 悪くなったか届かなくなった worse or no longer reached, 12 測れなかった not measured
    """
    from bango_loadtests.bench import table as shown
    from bango_loadtests.bench.run import bench

    kept = shown.read(against or shown.KEPT) if against or shown.KEPT.exists() else None
    found = bench(only or (), rounds, seconds, typer.echo)
    shown.keep(out, found)
    if table is not None:
        shown.write(table, found)
    for line in shown.lines(found, kept):
        typer.echo(line)
    typer.echo(f"{found.seconds:.0f} s  結果 result: {out}")
    raise typer.Exit(shown.exit_code(found, kept))
