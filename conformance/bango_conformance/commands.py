"""The commands of the harness."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bango_reports.catalogue import Kill

TargetWord = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="対象ファイル（TOML）か reference。 Target file (TOML), or the word reference."
    ),
]


class Lang(StrEnum):
    """The language of what is printed."""

    ja = "ja"
    en = "en"


class Format(StrEnum):
    """For people or for machines."""

    text = "text"
    json = "json"


Language = Annotated[Lang, typer.Option("--lang", envvar="BANGO_LANG", help="言語。 Language.")]
Output = Annotated[Format, typer.Option("--format", help="機械には json。 json for machines.")]
Out = Annotated[
    Path, typer.Option("--out", envvar="BANGO_OUT", help="結果を置くフォルダー。 Folder that runs are written to.")
]
NoHooks = Annotated[
    bool, typer.Option("--no-hooks", envvar="BANGO_NO_HOOKS", help="対象ファイルの命令を実行しない。 Run no hook.")
]


def register(app: typer.Typer) -> None:
    """Add the harness's commands."""
    app.command("demo")(demo)
    app.command("init")(init)
    app.command("doctor")(doctor)
    app.command("certify")(certify)
    app.command("rerun")(rerun)
    app.command("explain")(explain)
    app.command("admit")(admit)
    app.command("mutants")(mutants)


def certify(
    target: TargetWord,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="この義務（か、その下）だけ。 Only this obligation, or all below it."),
    ] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="この種類だけ。 Only this kind.")] = None,
    clause: Annotated[list[str] | None, typer.Option("--clause", help="この条項だけ。 Only this clause.")] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="短い抜粋だけ。 Only the smoke selection.")] = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", envvar="BANGO_SEED", min=0, max=2**31 - 1, help="乱数の種。 Seed of everything drawn."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", envvar="BANGO_AS_OF", help="法令の版の日付。 Date of the law's edition.")
    ] = None,
    out: Out = Path("runs"),
    jobs: Annotated[
        int, typer.Option("--jobs", envvar="BANGO_JOBS", help="同時に試す数。 Cases at a time.", min=1, max=64)
    ] = 8,
    no_hooks: NoHooks = False,
    key: Annotated[
        Path | None,
        typer.Option("--key", "--issuer", help="証明書に署名する鍵。 Issuer key that signs a certificate."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="証明書の有効な日数。 Days of validity.")] = 730,
    witnessed: Annotated[
        bool,
        typer.Option("--witnessed", help="運営者の立会い（種は選べない）。 Run by the operator; the seed is drawn."),
    ] = False,
    artefact: Annotated[
        Path | None,
        typer.Option("--artefact", help="試す配布物。要約値を確かめる。 What is delivered, to check its digest."),
    ] = None,
    output: Output = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """対象を仕様のすべてに照らして試験する。選択を付けた実行は何も証明しない。 Test a target against the whole spec.

    終了コード exit: 0 合格 passed, 1 不合格 failed, 5 対象なし nothing selected, 10 対象に届かない unreachable, 11 免除 waiver,
    12 必須が未実行 a must did not run, 13 試験台の誤り harness error
    """
    from bango_conformance.certify import Request
    from bango_conformance.certify import certify as work
    from bango_conformance.suite import Filters

    request = Request(
        target=target,
        out=out,
        filters=Filters(tuple(only or ()), tuple(kind or ()), tuple(clause or ()), smoke),
        seed=seed,
        as_of=as_of,
        jobs=jobs,
        hooks=not no_hooks,
        key=key,
        days=days,
        witnessed=witnessed,
        artefact=artefact,
        json=output is Format.json,
        lang=lang,
    )
    raise typer.Exit(work(request).run.exit_code)


def rerun(
    run: Annotated[str, typer.Argument(help="実行結果のフォルダーか名前。 Folder or name of a run.")],
    failed: Annotated[
        bool, typer.Option("--failed", help="不合格と判定できずだけ。 Only what failed or stayed inconclusive.")
    ] = False,
    out: Out = Path("runs"),
    output: Output = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """同じ対象、種、版でもう一度実行する。 Run again with the same target, seed and edition."""
    from bango_conformance.certify import certify as work
    from bango_conformance.rerun import request

    again = request(run, out, failed=failed, json=output is Format.json, lang=lang)
    raise typer.Exit(work(again).run.exit_code)


def init(
    profile: Annotated[str, typer.Option("--profile", help="試験の種類。 Profile.")] = "intermediate-server",
    out: Annotated[Path, typer.Option("--out", help="書くファイル。 File to write.")] = Path("target.toml"),
    schema: Annotated[
        bool, typer.Option("--schema", help="JSON Schema を標準出力に。 The JSON Schema to standard output.")
    ] = False,
) -> None:
    """注釈の付いた対象ファイルを書く。上書きはしない。 Write a commented target file; never overwrites."""
    from bango_conformance.init import schema_text, write

    if schema:
        typer.echo(schema_text(), nl=False)
        return
    for path in write(out, profile):
        typer.echo(f"書きました。 Written: {path}")
    typer.echo(
        f"次に: ファイルを埋め、bango network credentials --out {out.parent / 'credentials'}、bango doctor {out}"
    )
    typer.echo("Next: fill in the file, make credentials with the first command, check with the second.")


def doctor(
    target: TargetWord,
    no_hooks: NoHooks = False,
    output: Output = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """実行の前に、設定、証明書、接続、時計、口座を確かめる。 Check everything that would spoil a run, before the run.

    終了コード exit: 0 準備ができている ready, 10 直すものがある something to mend
    """
    import datetime as dt

    import msgspec

    from bango_conformance import doctor as work
    from bango_mocks.reference_target import target_file

    with target_file(target) as path:
        found = work.examine(path, dt.datetime.now(dt.UTC).date(), hooks=not no_hooks)
    if output is Format.json:
        told = {"target": target, "ready": not found.failed, "findings": list(found)}
        typer.echo(msgspec.json.encode(told).decode())
    else:
        typer.echo("\n".join(work.lines(found, target, lang)))
    raise typer.Exit(work.exit_code(found))


def explain(
    word: Annotated[
        str, typer.Argument(metavar="CLAUSE", help="条項、義務、エラーの id。 Id of a clause, obligation or error.")
    ],
    output: Output = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """条項の文、理由、根拠と、それを確かめる義務を示す。 Show a clause, why it is, its sources and what verifies it."""
    import msgspec

    from bango_conformance import explain as work

    told = work.explain(word)
    if output is Format.json:
        typer.echo(msgspec.json.encode(told).decode())
    else:
        typer.echo("\n".join(work.lines(told, lang)))


def admit(
    certificate: Annotated[Path, typer.Argument(help="適合証明書。 Certificate of conformity.")],
    network: Annotated[
        Path, typer.Option("--network", help="網の認証局のフォルダー。 Folder of the network's authority.")
    ],
    body: Annotated[str, typer.Option("--body", help="接続する機関の機関コード。 Body that connects.")],
    url: Annotated[str, typer.Option("--url", help="製品の網側の口。 Network side of the product.")] = "",
    trust: Annotated[
        Path | None, typer.Option("--trust", help="信頼する発行者の一覧。 Trust list; the folder's trust.yaml without.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="証明のもとになった実行結果。 Run folder behind the certificate.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="証明書を書くフォルダー。 Folder for the credentials.")
    ] = None,
    host: Annotated[list[str] | None, typer.Option("--host", help="製品が答える名。 Names of the product.")] = None,
    product: Annotated[str | None, typer.Option("--product", help="製品名。 The product it must be for.")] = None,
    product_version: Annotated[str | None, typer.Option("--product-version", help="製品の版。 Its version.")] = None,
    artefact_digest: Annotated[str | None, typer.Option("--artefact-digest", help="sha256:…")] = None,
    output: Output = Format.text,
) -> None:
    """立会いの適合証明書を確かめ、網への接続を認める。 Admit a product with a witnessed certificate to the network.

    終了コード exit: 0 認めた admitted, 1 認めない refused, 4 読めない unreadable
    """
    import datetime as dt

    import msgspec

    from bango_conformance import gate

    applicant = gate.Applicant(body, url, product, product_version, artefact_digest, tuple(host or ()))
    made = gate.admit(certificate, network, applicant, dt.datetime.now(dt.UTC), trust=trust, run=run, out=out)
    if output is Format.json:
        told = {"admission": made.admission, "entry": str(made.entry), "credentials": str(made.credential.folder)}
        typer.echo(msgspec.json.encode(told).decode())
        return
    one = made.admission
    typer.echo(f"接続を認めました。 Admitted: {one.product} {one.version} → {one.body}（{one.expires} まで until）")
    typer.echo(f"  証明書 credentials: {made.credential.folder}")
    typer.echo(f"  記録 entry: {made.entry}")
    typer.echo(f"次に next: bango network up --credentials {network}")


def demo(out: Out = Path("runs"), lang: Language = Lang.ja) -> None:
    """90秒の見学：三つの機関と一件の照会、参照実装の試験、一つの変異体。 A tour in 90 seconds.

    終了コード exit: 0 見込みどおり as expected, 1 違う not as expected
    """
    from bango_conformance.demo import demo as work

    raise typer.Exit(work(lang, out))


def mutants(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="この変異体か条項だけ。 Only this mutant or clause.")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="一覧を出すだけ。 Only list them.")] = False,
    size: Annotated[
        int | None, typer.Option("--slice", min=1, help="抜き取る数。 How many, drawn by the state's digest.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="乱数の種。 Seed.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="同時に試す数。 Cases at a time.")] = 4,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=16, help="同時に試す変異体の数。 Mutants at a time.")
    ] = 1,
    write: Annotated[bool, typer.Option("--write", help="catalogue.json を書く。 Write catalogue.json.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="保存された行列がこの状態のものか。 Is the kept matrix of this state?")
    ] = False,
) -> None:
    """条項を一つだけ破った参照実装を試し、試験が見抜くことを確かめる。 Run servers that break one clause each.

    終了コード exit: 0 すべて見抜いた all killed, 1 見逃した、または行列が古い survived, or the matrix is stale
    """
    from bango_conformance import matrix
    from bango_conformance import mutants as kept

    if check:
        against = list(kept.stale())
        print("\n".join(against) or f"行列はこの状態のものです / the matrix is of this state: {kept.CATALOGUE.name}")
        raise typer.Exit(1 if against else 0)
    which = kept.chosen(only or (), size)
    if listing:
        for one in which:
            print(f"{one.id}  {one.clause}  {one.expected}  {one.title.ja} / {one.title.en}")
        return
    print(f"変異体 {len(which)} 体、種 {seed} / {len(which)} mutants, seed {seed}")

    def told(kill: Kill) -> None:
        sign = "○" if kill.killed else "×"
        print(f"{sign} {kill.mutant}  {len(kill.by)}  {kill.note}{'' if kill.smoke else '  smoke failed'}", flush=True)

    kills = kept.trials(which, seed, jobs, told, workers=workers)
    left = matrix.survivors(kills)
    if write:
        print(kept.publish(kills))
    print(
        f"見抜いた {len(kills) - len(left)}、見逃した {len(left)} / killed {len(kills) - len(left)}, survived {len(left)}"
    )
    raise typer.Exit(1 if left else 0)
