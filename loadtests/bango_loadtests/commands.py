"""The commands `bango load …`: a campaign against a target, what a national one would take, and what a model says of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bango_loadtests.bench.commands import bench_command

if TYPE_CHECKING:
    from bango_loadtests.locust_process import Wanted

RUN = "run"
CALIBRATING_SECONDS = 20.0


class Lang(StrEnum):
    """The language of what is printed."""

    ja = "ja"
    en = "en"


class CampaignFirst(typer.core.TyperGroup):
    """`bango load CAMPAIGN TARGET` runs the campaign; every other first word is a command of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where the first word is a campaign."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [RUN, *args]
        return super().parse_args(ctx, args)


load = typer.Typer(
    cls=CampaignFirst,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="負荷の運転: bango load 運転 対象。 Load campaigns: bango load CAMPAIGN TARGET.",
)
Campaign = Annotated[
    str,
    typer.Argument(
        metavar="CAMPAIGN", help="運転の名（bango load list）か自作の YAML。 A campaign, or a YAML of one's own."
    ),
]
Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="対象ファイル（TOML）か reference。 Target file (TOML), or reference.")
]
Seed = Annotated[
    int, typer.Option("--seed", envvar="BANGO_SEED", min=0, max=2**31 - 1, help="乱数の種。 Seed of all draws.")
]


def register(app: typer.Typer) -> None:
    """Add `bango load` to the front door."""
    app.add_typer(load, name="load")
    app.command("bench")(bench_command)


@load.command("list")
def list_command(
    lang: Annotated[Lang, typer.Option("--lang", envvar="BANGO_LANG", help="言語。 Language.")] = Lang.ja,
) -> None:
    """運転の一覧。 The campaigns."""
    from bango_spec.load import campaigns

    for one in campaigns().values():
        title, why = (one.title.en, one.why.en) if lang is Lang.en else (one.title.ja, one.why.ja)
        typer.echo(f"{one.id:<16}{one.seconds:5.0f} s  {title}\n                         {why}")


@load.command("compare")
def compare_command(
    before: Annotated[Path, typer.Argument(help="前の運転のフォルダー。 Folder of the earlier run.")],
    after: Annotated[Path, typer.Argument(help="後の運転のフォルダー。 Folder of the later run.")],
) -> None:
    """同じ運転の二つの結果を比べ、揺れを超えて遅くなった操作を示す。 What became slower beyond noise.

    終了コード exit: 0 遅くなっていない nothing slower, 1 遅くなった slower, 12 比べられない not comparable
    """
    from bango_loadtests.judge import comparison

    found = comparison.compared(comparison.figures_in(before), comparison.figures_in(after))
    for line in comparison.lines(found):
        typer.echo(line)
    raise typer.Exit(int(any(one.change == "slower" for one in found)))


@load.command("plan")
def plan_command(
    campaign: Campaign,
    target: Target = "reference",
    measured: Annotated[
        Path | None,
        typer.Option("--measured", help="前の運転のフォルダー。なければ短く測る。 Folder of an earlier run."),
    ] = None,
    scale: Annotated[
        float,
        typer.Option("--scale", min=0.001, max=1000, help="全国の件数に対する割合。 Share of the nation's volume."),
    ] = 1.0,
    seed: Seed = 1,
) -> None:
    """短く測り、その規模の運転に要るコアと発生側の数を示す。 What a campaign of a size takes, from a short calibration."""
    from bango_loadtests.judge.comparison import figures_in
    from bango_loadtests.judge.measures import of_target
    from bango_loadtests.model import plan as work
    from bango_loadtests.model.calibration import calibration
    from bango_loadtests.order import campaign_of

    wanted = campaign_of(campaign)
    figures = figures_in(measured) if measured else _calibrated(campaign, wanted.warm_up_seconds, target, seed)
    for line in work.lines(work.plan(wanted, calibration(figures, wanted.id, of_target()), scale)):
        typer.echo(line)


@load.command("simulate")
def simulate_command(
    campaign: Campaign,
    target: Target = "reference",
    measured: Annotated[
        Path | None,
        typer.Option("--measured", help="前の運転のフォルダー。なければ短く測る。 Folder of an earlier run."),
    ] = None,
    machine: Annotated[
        bool,
        typer.Option(
            "--machine", help="全国の代わりに、測った機械一台の大きさで。 At the size of the measured machine."
        ),
    ] = False,
    scale: Annotated[
        float,
        typer.Option("--scale", min=0.001, max=1000, help="全国の件数に対する割合。 Share of the nation's volume."),
    ] = 1.0,
    site_lost: Annotated[
        str | None,
        typer.Option("--site-lost", help="中ほどで一か所を失う系（platform など）。 A station that loses a site."),
    ] = None,
    servers: Annotated[
        list[str] | None, typer.Option("--servers", help="系=数（一か所）。 STATION=NUMBER at one site.")
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=30, max=86_400, help="模型の中の秒数。 Seconds within the model.")
    ] = 600.0,
    seed: Seed = 1,
) -> None:
    """待ち行列の模型で、全国の大きさの待ち時間を予測する。 Waiting at national scale, predicted by a model of queues."""
    from bango_loadtests.judge.comparison import figures_in
    from bango_loadtests.judge.measures import of_target
    from bango_loadtests.model.calibration import calibration
    from bango_loadtests.model.prediction import lines, predict
    from bango_loadtests.model.sizes import machine_size, national_size
    from bango_loadtests.order import campaign_of

    wanted = campaign_of(campaign)
    size = machine_size(scale) if machine else national_size(scale, servers or [], site_lost)
    figures = figures_in(measured) if measured else _calibrated(campaign, wanted.warm_up_seconds, target, seed)
    for line in lines(predict(wanted, calibration(figures, wanted.id, of_target()), size, seconds, seed)):
        typer.echo(line)


def _calibrated(campaign: str, warm_up: float, target: str, seed: int) -> Any:
    import tempfile

    from bango_loadtests.judge.comparison import figures_in
    from bango_loadtests.locust_process import Wanted, run

    with tempfile.TemporaryDirectory(prefix="bango-plan-") as folder:
        out = Path(folder) / "run"
        out.mkdir()
        run(Wanted(campaign=campaign, target=target, out=out, seed=seed, seconds=warm_up + CALIBRATING_SECONDS))
        return figures_in(out)


@load.command(RUN, hidden=True)
def run_command(
    campaign: Campaign,
    target: Target,
    seed: Seed = 1,
    as_of: Annotated[
        str | None, typer.Option("--as-of", envvar="BANGO_AS_OF", help="法令の版の日付。 Date of the law's edition.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="別の長さ（秒）。短くすると証明にならない。 Another length.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option("--scale", help="全国の件数に対する割合。 Share of the nation's volume.")
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", help="負荷を作るプロセスの数。 Generator processes.", min=1, max=256)
    ] = 1,
    tags: Annotated[
        list[str] | None, typer.Option("--tags", help="この振る舞いの人だけ（複数可）。 Only users with this tag.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", envvar="BANGO_LOAD_OUT", help="結果のフォルダー。 Folder of the results.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="証明書に署名する鍵。 Issuer key that signs a certificate.")
    ] = None,
    days: Annotated[int, typer.Option("--days", help="証明書の有効な日数。 Days of validity.", min=1, max=3650)] = 730,
) -> None:
    """運転を一つ行い、期限と検査の一つ一つに判定を出す。 Run a campaign; every limit and check gets its verdict.

    終了コード exit: 0 合格 passed, 1 不合格 failed, 2 中断 interrupted, 10 対象に届かない unreachable,
    12 終わりまで測れなかった not measured to its end
    """
    from bango_loadtests.locust_process import Wanted, run
    from bango_loadtests.order import folder_for, new_folder

    wanted = Wanted(
        campaign=campaign,
        target=target,
        out=folder_for(out or new_folder()),
        seed=seed,
        as_of=as_of,
        seconds=seconds,
        scale=scale,
        processes=processes,
        tags=tuple(tags or ()),
    )
    code = run(wanted)
    if key is not None and code == 0:
        _certificate(wanted, key, days)
    raise typer.Exit(code)


def _certificate(wanted: Wanted, key: Path, days: int) -> None:
    import datetime as dt

    from bango_reports.certificate import CERTIFICATE, issue, write
    from bango_reports.keys import load_key

    path = wanted.out / CERTIFICATE
    write(path, issue(wanted.out, load_key(key), grade="self-declared", now=dt.datetime.now(dt.UTC), days=days))
    typer.echo(f"適合証明書 certificate: {path}\n次に next: bango verify {path} --run {wanted.out}")
