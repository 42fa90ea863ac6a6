"""The sub-commands `bango verify` and `bango ca issuer-key`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from bango_reports._options import Format, Lang, Language, Output

if TYPE_CHECKING:
    from datetime import datetime

    from bango_reports.verification import Findings
    from bango_spec.reading import Text

UNREADABLE = 4


def register(app: typer.Typer) -> None:
    """Add the commands; `ca` joins the group of that name if there is one."""
    from bango_reports.diff_commands import diff
    from bango_reports.report_commands import report
    from bango_reports.site_commands import site
    from bango_reports.tender_commands import tender

    app.command("report")(report)
    app.command("diff")(diff)
    app.command("tender")(tender)
    app.command("verify")(verify)
    app.add_typer(site, name="site")
    group = next((g.typer_instance for g in app.registered_groups if g.name == "ca"), None)
    if group is None:
        group = typer.Typer(help="鍵と証明書の発行 / keys and certificates", no_args_is_help=True)
        app.add_typer(group, name="ca")
    group.command("issuer-key")(issuer_key)


def verify(
    certificate: Annotated[Path, typer.Argument(help="適合証明書のファイル / the certificate of conformity")],
    run: Annotated[
        Path | None, typer.Option("--run", help="証明のもとになった実行結果 / the run folder behind it")
    ] = None,
    trust: Annotated[Path | None, typer.Option("--trust", help="信頼する発行者の一覧 / trust list")] = None,
    product: Annotated[str | None, typer.Option("--product", help="製品名 / the product it must be for")] = None,
    product_version: Annotated[str | None, typer.Option("--product-version", help="製品の版 / its version")] = None,
    artefact_digest: Annotated[str | None, typer.Option("--artefact-digest", help="sha256:…")] = None,
    profile: Annotated[str | None, typer.Option("--profile", help="試験の種類 / the profile it must be for")] = None,
    witnessed: Annotated[bool, typer.Option("--witnessed", help="立会いの証明書だけを認める / witnessed only")] = False,
    output: Output = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """適合証明書を、通信なしで確かめて説明します。終了コード: 0 認められる、1 認められない、4 読めない.

    Check and explain a certificate of conformity offline. Exit code: 0 accepted, 1 refused, 4 unreadable.
    """
    import msgspec

    from bango_reports import keys, verification
    from bango_spec.errors import BangoError

    try:
        trusted = keys.load_trust(trust) if trust else keys.TrustList()
        findings = verification.verify(
            verification.read_file(certificate),
            trusted,
            _now(),
            product=product,
            version=product_version,
            artefact_digest=artefact_digest,
            profile=profile,
            grade="witnessed" if witnessed else "self-declared",
            run_folder=run,
        )
    except BangoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREADABLE) from error
    if output is Format.json:
        typer.echo(msgspec.json.encode({"refusals": findings.refusals, **msgspec.to_builtins(findings)}).decode())
    else:
        typer.echo("\n".join(_told(findings, lang)))
    unreadable = findings.refusals == ("CERT-MALFORMED",)
    raise typer.Exit(0 if findings.accepted else UNREADABLE if unreadable else 1)


def _issuer_name(name: str | None, name_en: str, *, witnessed: bool) -> Text:
    from bango_spec.reading import Text

    if name is not None:
        return Text(ja=name, en=name_en or name)
    usual = (
        Text(ja="立会いの発行者", en="witnessing issuer")
        if witnessed
        else Text(ja="自己宣言の発行者", en="self-declaring issuer")
    )
    return Text(ja=usual.ja, en=name_en or usual.en)


def issuer_key(
    out: Annotated[Path, typer.Option("--out", help="書き込むフォルダー / folder to write to")],
    name: Annotated[str | None, typer.Option("--name", help="発行者の名前 / name of the issuer")] = None,
    name_en: Annotated[str, typer.Option("--name-en", help="英語の名前 / its English name")] = "",
    grade: Annotated[
        list[str] | None, typer.Option("--grade", help="self-declared, witnessed（複数可 / may be repeated）")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="有効な日数 / days of validity")] = 730,
    lang: Language = Lang.ja,
) -> None:
    """証明書の発行者の鍵と、信頼一覧の項目を作ります.

    Make an issuer key and its entry for a trust list.
    """
    from bango_reports import keys
    from bango_spec.errors import BangoError

    grades = tuple(dict.fromkeys(grade or ["self-declared"]))
    if not set(grades) <= {"self-declared", "witnessed"}:
        raise typer.BadParameter("self-declared | witnessed", param_hint="--grade")
    try:
        key, issuer = keys.generate(
            out,
            name=_issuer_name(name, name_en, witnessed="witnessed" in grades),
            now=_now(),
            grades=cast("tuple[Literal['self-declared', 'witnessed'], ...]", grades),
            days=days,
        )
    except BangoError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREADABLE) from error
    lines = {
        "ja": (
            f"発行者の鍵を作りました。鍵番号 {key.id}（{issuer.valid_until} まで）",
            f"  {out / keys.KEY_FILE}  署名用の鍵。人に渡さないでください。",
            f"  {out / keys.TRUST_FILE}  この発行者を信頼する人に渡す一覧です。",
            f"次に: bango certify 対象 --key {shlex.quote(str(out / keys.KEY_FILE))}",
        ),
        "en": (
            f"An issuer key was made: {key.id} (until {issuer.valid_until})",
            f"  {out / keys.KEY_FILE}  signs certificates; keep it to yourself.",
            f"  {out / keys.TRUST_FILE}  for those who are to trust this issuer.",
            f"Next: bango certify TARGET --key {shlex.quote(str(out / keys.KEY_FILE))}",
        ),
    }
    typer.echo("\n".join(lines[lang]))


def _told(findings: Findings, lang: str) -> list[str]:
    from bango_reports import words
    from bango_reports.safe import line

    english = lang == "en"
    word = {True: ("認められます", "ACCEPTED"), False: ("認められません", "REFUSED")}[findings.accepted][english]
    lines = [f"この証明書は{word}" if not english else f"The certificate is {word}"]
    for check in findings.checks:
        said = check.text.en if english else check.text.ja
        lines.append(f"  {'○' if check.passed else '×'} {line(said)}" + ("" if check.passed else f"  [{check.code}]"))
    if findings.conformity:
        conformity = findings.conformity
        lines.append("")
        lines.append(
            line(f"  {conformity.target.product} {conformity.target.version}  {conformity.target.artefact_digest}")
        )
        profile = words.profile(conformity.target.profile)
        spec, suite = conformity.spec, conformity.suite
        lines.append(
            line(
                f"  {profile.en}  law of {conformity.edition}  spec {spec.version} {spec.digest}  suite {suite.digest}"
                if english
                else f"  {profile.ja}  法令の版 {conformity.edition}  仕様 {spec.version} {spec.digest}  試験 {suite.digest}"
            )
        )
        lines += [
            line(f"  {'not tested' if english else '未試験'} {u.clause}: {u.reason.en if english else u.reason.ja}")
            for u in conformity.not_tested
        ]
    return lines


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)
