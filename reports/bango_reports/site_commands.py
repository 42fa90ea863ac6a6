"""The sub-commands `bango site build` and `bango site serve`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bango_reports.site.build import Built
    from bango_reports.site.voice import Lang

UNREADABLE = 4
site = typer.Typer(no_args_is_help=True, help="仕様のサイト。 The spec as a static site.")


class Languages(StrEnum):
    """The languages of the pages."""

    ja = "ja"
    en = "en"
    both = "both"


Out = Annotated[Path, typer.Option("--out", help="書くフォルダー。 Folder to write.")]
PublishedIn = Annotated[
    Path | None,
    typer.Option("--published", help="公表する結果のあるフォルダー（なければ見本）。 Folder of results to publish."),
]
CatalogueFile = Annotated[Path | None, typer.Option("--catalogue", help="試験の一覧。 The catalogue of obligations.")]
WordingIn = Annotated[
    Path | None,
    typer.Option(
        "--wording",
        envvar="BANGO_WORDING",
        help="bango spec law import で取り込んだ文のフォルダー。 Folder of imported wording.",
    ),
]
TrustIn = Annotated[
    Path | None, typer.Option("--trust", help="信頼する発行者の一覧。証明書を確かめる。 Trust list for certificates.")
]
Langs = Annotated[
    Languages, typer.Option("--lang", help="頁の言語（both は日本語と英語の二組）。 Languages of the pages.")
]


@site.command("build")
def build_command(
    out: Out = Path("site"),
    results: PublishedIn = None,
    trust: TrustIn = None,
    catalogue: CatalogueFile = None,
    wording: WordingIn = None,
    lang: Langs = Languages.ja,
) -> None:
    """仕様のサイトを書く。サーバーも通信も要らない。 Write the site; it needs neither server nor network.

    終了コード exit: 0 書いた written, 4 書けない cannot be written
    """
    _told(_built(out, lang, results=results, trust=trust, catalogue=catalogue, wording=wording))


@site.command("serve")
def serve_command(
    out: Out = Path("site"),
    results: PublishedIn = None,
    trust: TrustIn = None,
    catalogue: CatalogueFile = None,
    wording: WordingIn = None,
    lang: Langs = Languages.ja,
    bind: Annotated[str, typer.Option("--bind", help="待ち受ける番地。 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="番号（0 は空いている番号）。")] = 8000,
) -> None:
    """サイトを書き、止められるまで配る。 Write the site, and serve it until it is told to end."""
    from bango_reports.site.serve import serve

    built = _built(out, lang, results=results, trust=trust, catalogue=catalogue, wording=wording)
    _told(built)
    serve(built.folder, bind, port, typer.echo)


def _built(out: Path, lang: Languages, **given: Path | None) -> Built:
    from bango_reports.site.build import Given, build
    from bango_spec.errors import BangoError

    langs: dict[Languages, tuple[Lang, ...]] = {
        Languages.ja: ("ja",),
        Languages.en: ("en",),
        Languages.both: ("ja", "en"),
    }
    try:
        return build(out, Given(**given), langs[lang])
    except BangoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREADABLE) from error
    except OSError as error:
        typer.echo(f"SITE-WRITE: {out}: 書けません / cannot be written\n  cause: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error


def _told(built: Built) -> None:
    typer.echo(
        f"サイトを書きました。 The site was written: {built.folder}（{built.pages} pages, {built.size / 1e6:.1f} MB）"
    )
    if built.refused:
        typer.echo(
            f"載せられない結果 {built.refused} 件は「製品の結果」の頁にあります。 Results that cannot be shown are told there."
        )
    typer.echo(f"次に: {built.folder / 'index.html'} を開いてください。 Next: open it in a browser.")
