"""The commands `bango spec law …`: the statute's own wording beside the facts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CANNOT = 4
law = typer.Typer(no_args_is_help=True, help="法令の文を取り込む。 Bring in the statute's wording.")


@law.callback()
def law_group() -> None:
    """法令の文。 The statute's wording."""


@law.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="e-Gov の法令XML。 The law's XML as e-Gov publishes it.")],
    edition: Annotated[
        str | None,
        typer.Option("--edition", help="版の日付（なければ項から選ぶ）。 Edition; chosen by its items without."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", envvar="BANGO_WORDING", help="置くフォルダー。 Folder to write to.")
    ] = Path("wording"),
) -> None:
    """別表の文を取り込む。サイトが事実と並べて示す。 Take the tables' wording; the site shows it beside the facts.

    終了コード exit: 0 取り込んだ taken, 4 取り込めない cannot be taken
    """
    from bango_spec.errors import BangoError
    from bango_spec.law_import import import_law

    try:
        found = import_law(file, out, edition)
    except BangoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(CANNOT) from error
    except OSError as error:
        typer.echo(f"LAW-XML-WRITE: {out}: 書けません / cannot be written\n  cause: {error}", err=True)
        raise typer.Exit(CANNOT) from error
    for path in found.files:
        typer.echo(path)
    for line in found.differences:
        typer.echo(f"！ {line}", err=True)
    typer.echo(f"次に: bango site build --wording {out} 。 Next: build the site with it.", err=True)
