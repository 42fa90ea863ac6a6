"""The sub-command `bango tender`: the requirements of a system as a workbook for a call for tenders."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bango_reports._options import Lang, Language

if TYPE_CHECKING:
    from bango_reports.catalogue import Catalogue
    from bango_reports.tender.answers import Answers
    from bango_spec.clauses import Level

UNREADABLE = 4
LEVELS = ("must", "must-not", "should", "should-not", "may")


def tender(
    system: Annotated[str, typer.Option("--system", help="システム（intermediate-server など）。 The system.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="法令の版の日付。 Date of the law's edition.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="書くファイル（xlsx）。 File to write.")] = None,
    level: Annotated[
        list[str] | None, typer.Option("--level", help=f"{'、'.join(LEVELS)} に絞る。 Only these levels.")
    ] = None,
    result: Annotated[Path | None, typer.Option("--result", help="書き込む実行結果。 Run that fills it in.")] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="その適合証明書。 Its certificate.")] = None,
    trust: Annotated[Path | None, typer.Option("--trust", help="信頼する発行者の一覧。 Trust list.")] = None,
    catalogue: Annotated[Path | None, typer.Option("--catalogue", help="試験の一覧。 The catalogue.")] = None,
    lang: Language = Lang.ja,
) -> None:
    """調達用の Excel を書く。署名した結果があれば、回答も書き込む。 Write the requirements for a call for tenders.

    終了コード exit: 0 書いた written, 4 書けない cannot be written
    """
    from bango_reports import safe
    from bango_reports.formats.saying import Saying
    from bango_reports.tender.workbook import tender as made
    from bango_spec.errors import BangoError
    from bango_spec.law import edition_as_of

    path = out or Path(f"tender-{system}.xlsx")
    try:
        _known(system)
        edition = edition_as_of(as_of)
        answered = _answers(result, certificate, trust, system)
        data = made(system, edition, _catalogue(catalogue), Saying(lang), _levels(level or []), answered)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except BangoError as error:
        typer.echo(safe.text(str(error)), err=True)
        raise typer.Exit(UNREADABLE) from error
    except OSError as error:
        typer.echo(f"TENDER-WRITE: {path}: 書けません / cannot be written\n  cause: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    typer.echo(path)


def _catalogue(file: Path | None) -> Catalogue:
    from bango_reports import catalogue
    from bango_spec.errors import BangoError

    where = file or catalogue.find()
    if where is None:
        raise BangoError("TENDER-CATALOGUE", "試験の一覧が見つかりません / no catalogue was found", step="--catalogue")
    return catalogue.read(where)


def _known(system: str) -> None:
    from difflib import get_close_matches

    from bango_spec.clauses import clauses
    from bango_spec.errors import UsageError

    known = list(dict.fromkeys(one.system for one in clauses().values()))
    if system not in known:
        near = get_close_matches(system, known, 3, 0.3) or known
        raise UsageError(
            "TENDER-UNKNOWN",
            f"要求事項のあるシステムではありません / no system with requirements: {system}",
            step="もしかして / did you mean: " + ", ".join(near),
        )


def _levels(given: list[str]) -> tuple[Level, ...]:
    from bango_spec.errors import UsageError

    names = [name.strip() for part in given for name in part.split(",") if name.strip()]
    if unknown := [name for name in names if name not in LEVELS]:
        raise UsageError(
            "TENDER-LEVEL", f"水準の名ではありません / no such level: {', '.join(unknown)}", step=", ".join(LEVELS)
        )
    return cast("tuple[Level, ...]", tuple(names))


def _answers(result: Path | None, certificate: Path | None, trust: Path | None, system: str) -> Answers | None:
    from bango_reports.tender.answers import answers
    from bango_spec.errors import UsageError

    if result is None and certificate is None and trust is None:
        return None
    if result is None or certificate is None or trust is None:
        raise UsageError(
            "TENDER-SIGNED",
            "書き込むには、結果、証明書、信頼一覧の三つが要ります / a result is taken with its certificate and a trust list",
            step="--result RUN --certificate CERT --trust TRUST",
        )
    return answers(result, certificate, trust, system, now=dt.datetime.now(dt.UTC))
