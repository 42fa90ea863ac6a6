"""The commands `bango spec …`: what the law's tables permit, one element at a time, and the check of it all."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_spec.questions import Answer, Question

YES, NO, CANNOT = 0, 1, 4

spec = typer.Typer(no_args_is_help=True, help="仕様を読む・確かめる。 Read and check the spec.")


class Lang(StrEnum):
    """The language of what is printed."""

    ja = "ja"
    en = "en"


class Format(StrEnum):
    """How an answer is printed."""

    text = "text"
    json = "json"


Asker = Annotated[str | None, typer.Option(help="情報照会者（法の言葉か id）。 Who asks: the law's term or an id.")]
Law = Annotated[str | None, typer.Option(help="事務を定める法律の名。 The name of the law of the task.")]
Task = Annotated[
    str | None, typer.Option(help="事務：支給、徴収など、又は JM・JT の符号。 The act, or a JM or JT code.")
]
Item = Annotated[str | None, typer.Option(help="項の番号で絞る（74、56-2）。 Narrow to an item.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="この日に読める版（YYYY-MM-DD、既定 2020-09-06）。 The edition of that day."),
]
Batch = Annotated[
    str | None,
    typer.Option(
        help="一行一つの JSON を読み、一行一つの JSON で答える（- は標準入力）。終了は 0、読めないファイルは 4。"
        " One JSON object a line in, one a line out; exits 0 unless the file cannot be read (4).",
    ),
]
Language = Annotated[Lang, typer.Option("--lang", envvar="BANGO_LANG", help="ja か en。 ja or en.")]
As = Annotated[Format, typer.Option("--format", help="text か json。 text or json.")]


@spec.command("permits")
def permits_command(
    asker: Asker = None,
    law: Law = None,
    task: Task = None,
    provider: Annotated[str | None, typer.Option(help="情報提供者。 Who provides.")] = None,
    information: Annotated[str | None, typer.Option(help="特定個人情報。 The kind of information.")] = None,
    item: Item = None,
    as_of: AsOf = None,
    batch: Batch = None,
    output: As = Format.text,
) -> None:
    """別表第二（2026 は命令の表）がその照会を許すか。 Whether the table permits an inquiry.

    終了コード exit: 0 可 yes, 1 不可 no, 4 答えられない cannot be answered.
    """
    from bango_spec.questions import permits

    given = {"asker": asker, "law": law, "task": task, "provider": provider, "information": information}
    _run(permits, given | {"item": item, "as_of": as_of}, batch, output, use=False)


@spec.command("may-use")
def may_use_command(
    asker: Asker = None,
    law: Law = None,
    task: Task = None,
    item: Item = None,
    as_of: AsOf = None,
    batch: Batch = None,
    output: As = Format.text,
) -> None:
    """別表第一（2025 は別表）がその事務での番号の利用を許すか。 Whether the number may be used for a task.

    終了コード exit: 0 可 yes, 1 不可 no, 4 答えられない cannot be answered.
    """
    from bango_spec.questions import may_use

    given = {"asker": asker, "law": law, "task": task, "item": item, "as_of": as_of}
    _run(may_use, given, batch, output, use=True)


@spec.command("check")
def check_command(output: As = Format.text, lang: Language = Lang.ja) -> None:
    """仕様全体を確かめ、件数を示す。 Check the whole spec and print the counts.

    終了コード exit: 0 誤りなし nothing wrong, 1 誤りあり problems.
    """
    import msgspec

    from bango_spec.check import sections

    found = list(sections())
    wrong = sum(len(one.problems) for one in found)
    if output is Format.json:
        typer.echo(msgspec.json.encode({"problems": wrong, "sections": found}).decode())
        raise typer.Exit(1 if wrong else 0)
    for one in found:
        title = one.title.en if lang is Lang.en else one.title.ja
        counts = "  ".join(f"{name} {count:,}" for name, count in one.counts.items())
        typer.echo(f"{'×' if one.problems else '○'} {title}  {counts}")
        for problem in one.problems:
            typer.echo(f"    {problem}")
    typer.echo(f"{wrong} problems" if lang is Lang.en else f"誤り {wrong} 件")
    raise typer.Exit(1 if wrong else 0)


@spec.command("show")
def show_command(
    kind: Annotated[str, typer.Argument(help="種類（clause、party、information …）。 Kind of element.")] = "",
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="id か名前。なければ一覧。 Id or name; a list without.")
    ] = "",
    output: As = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """仕様の要素を一つ示す（条項、主体、情報、項、エラー、前提 …）。 Show one element of the spec."""
    import msgspec

    from bango_spec import show

    if not identity:
        listed = show.ids(kind) if kind else show.kinds()
        typer.echo(msgspec.json.encode(listed).decode() if output is Format.json else "\n".join(listed))
        return
    found = show.show(kind, identity)
    typer.echo(msgspec.json.encode(found).decode() if output is Format.json else "\n".join(show.lines(found, lang)))


def _run(
    answer: Callable[[Question], Answer], given: dict[str, str | None], batch: str | None, output: Format, *, use: bool
) -> None:
    if batch is None:
        raise typer.Exit(_single(answer, given, output, use=use))
    if any(given.values()):
        raise typer.Exit(_refuse("--batch は他の条件と併せて使えない。 --batch stands alone."))
    raise typer.Exit(_batch(answer, batch, use=use))


def _single(answer: Callable[[Question], Answer], given: dict[str, str | None], output: Format, *, use: bool) -> int:
    import msgspec

    from bango_spec._wording import error_text, text
    from bango_spec.errors import BangoError
    from bango_spec.questions import error_record, question, record

    try:
        found = answer(question({k: v for k, v in given.items() if v is not None}, use=use))
    except BangoError as error:
        if output is Format.json:
            typer.echo(msgspec.json.encode(error_record(error)).decode())
        else:
            typer.echo(error_text(error), err=True)
        return error.exit_code
    typer.echo(msgspec.json.encode(record(found)).decode() if output is Format.json else text(found))
    return YES if found.permitted else NO


def _batch(answer: Callable[[Question], Answer], batch: str, *, use: bool) -> int:
    from bango_spec.questions import batch_lines

    try:
        lines = sys.stdin.buffer.read().splitlines() if batch == "-" else Path(batch).read_bytes().splitlines()
    except OSError as error:
        return _refuse(f"{batch}: 読めない。 cannot be read\n  {error}")
    for line in batch_lines(answer, lines, use=use):
        typer.echo(line)
    return YES


def _refuse(why: str) -> int:
    typer.echo(why, err=True)
    return CANNOT


def register(app: typer.Typer) -> None:
    """Add `bango spec` to the front door."""
    from bango_spec.law_commands import law

    spec.add_typer(law, name="law")
    app.add_typer(spec, name="spec")
