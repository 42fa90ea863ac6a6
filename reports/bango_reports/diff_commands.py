"""The sub-command `bango diff`: two runs, what got worse first."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bango_reports._options import Lang, Language

UNREADABLE, WORSE = 4, 1


class Pages(StrEnum):
    """What a comparison is written as."""

    text = "text"
    json = "json"
    html = "html"


def diff(
    old: Annotated[Path, typer.Argument(help="前の実行結果。 The earlier run.")],
    new: Annotated[Path, typer.Argument(help="後の実行結果。 The later run.")],
    output: Annotated[Pages, typer.Option("--format", help="text、json、html。 text, json or html.")] = Pages.text,
    out: Annotated[Path | None, typer.Option("--out", help="書くファイル（なければ標準出力）。 File to write.")] = None,
    lang: Language = Lang.ja,
) -> None:
    """二つの実行結果を比べる。悪くなったものから示す。 Compare two runs, regressions first.

    終了コード exit: 0 悪くなっていない nothing regressed, 1 悪くなった regressed, 4 読めない unreadable
    """
    from bango_reports import safe, store
    from bango_reports.difference import page, record, text
    from bango_reports.difference.compare import compare
    from bango_reports.formats.saying import Saying
    from bango_spec.errors import BangoError

    saying = Saying(lang)
    try:
        found = compare(store.load(old), store.load(new))
        if output is Pages.json:
            told = record.json(found).decode()
        elif output is Pages.html:
            told = page.html(found, saying)
        else:
            told = "\n".join(text.lines(found, saying)) + "\n"
        if out is None:
            typer.echo(told, nl=False)
        else:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(told, encoding="utf-8")
            typer.echo(out)
    except BangoError as error:
        typer.echo(safe.text(str(error)), err=True)
        raise typer.Exit(UNREADABLE) from error
    except OSError as error:
        typer.echo(f"DIFF-WRITE: {out}: 書けません / cannot be written\n  cause: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    raise typer.Exit(WORSE if found.worse else 0)
