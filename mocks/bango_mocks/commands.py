"""The commands `bango network …`: credentials for a vendor's server, and a mock national network that stands."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_mocks.credentials import Made
    from bango_mocks.ready import ReadyFile
    from bango_mocks.standing import Standing

network = typer.Typer(no_args_is_help=True, help="模擬の全国網。 The mock national network.")
WATCH_SECONDS = 1.0
COMPONENTS = ("core", "interface-system", "jlis")


class Lang(StrEnum):
    """The language of what is printed."""

    ja = "ja"
    en = "en"


class Format(StrEnum):
    """For people or for machines."""

    text = "text"
    json = "json"


Language = Annotated[Lang, typer.Option("--lang", envvar="BANGO_LANG", help="ja か en。 ja or en.")]


def register(app: typer.Typer) -> None:
    """Add `bango network` to the front door."""
    app.add_typer(network, name="network")


@network.command("credentials")
def credentials_command(
    out: Annotated[Path, typer.Option("--out", help="書き込むフォルダー。 Folder to write to.")],
    body: Annotated[
        list[str] | None, typer.Option("--body", help="機関コード16桁（複数可）。 Body code, may be repeated.")
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="製品が答える名や番地（複数可）。 Names the product answers to, may be repeated."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="text か json。 text or json.")] = Format.text,
    lang: Language = Lang.ja,
) -> None:
    """製品と業務側の試験用の証明書を作る。使えるものがあれば残す。 Make test credentials; what is there and still does, stays."""
    import msgspec

    from bango_mocks.credentials import make
    from bango_mocks.standing import choose

    codes = tuple(body or [choose(1)[0].code])
    made = make(out, codes, tuple(host or ()))
    if output is Format.json:
        told = {"folder": str(made.folder), "bodies": codes, "kept": made.kept, "renewed": made.renewed}
        folders = {name: str(one.folder) for name, one in made.credentials.items()}
        typer.echo(msgspec.json.encode({**told, "credentials": folders}).decode())
        return
    typer.echo("\n".join(_made(made, english=lang is Lang.en)))


def _made(made: Made, *, english: bool) -> Iterator[str]:
    from bango_mocks.credentials import README

    yield f"Test credentials: {made.folder}" if english else f"試験用の証明書: {made.folder}"
    for name in made.credentials:
        if name in made.kept:
            state = "kept: it was there and still does" if english else "前のまま（使えるので残しました）"
        elif name in made.renewed:
            state = (
                "made anew; give the server the new files, the old certificate is not revoked"
                if english
                else "作り直しました。製品にも新しいファイルを渡してください（前の証明書は失効していません）"
            )
        else:
            state = "made" if english else "作りました"
        yield f"  {name}/  {state}"
    readme = made.folder / README
    yield (
        f"Next: read {readme}, then make a target file with bango init."
        if english
        else f"次に: {readme} を読み、bango init で対象ファイルを作ってください。"
    )


@network.command("up")
def up_command(
    bodies: Annotated[
        int, typer.Option("--bodies", help="参照実装の付く機関の数。 Bodies with a reference server.")
    ] = 3,
    seed: Annotated[int, typer.Option("--seed", envvar="BANGO_SEED", help="住民の種。 Seed of the residents.")] = 1,
    edition: Annotated[
        str | None, typer.Option("--edition", "--as-of", help="法令の版の日付。 Date that chooses the law's edition.")
    ] = None,
    ready: Annotated[Path | None, typer.Option("--ready", help="用意ができたら書く JSON。 Ready file (JSON).")] = None,
    bind: Annotated[str, typer.Option("--bind", help="待ち受ける番地。 Address to listen on.")] = "127.0.0.1",
    advertise: Annotated[
        str | None, typer.Option("--advertise", help="ほかから見た名。 Name that others reach it by.")
    ] = None,
    credentials: Annotated[
        Path | None,
        typer.Option("--credentials", help="認証局と接続の許可のフォルダー。 Folder of authority and admissions."),
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", help="SQLite を置くフォルダー。なければ消える。 Folder for SQLite files.")
    ] = None,
    port: Annotated[
        list[str] | None, typer.Option("--port", help="部品=番号（core=9001 など）。 component=port, may be repeated.")
    ] = None,
    lang: Language = Lang.ja,
) -> None:
    """模擬の全国網を動かし、止められるまで続ける。 Run the mock national network until it is told to end."""
    import shutil
    import tempfile

    from bango_mocks.hosts import host_name
    from bango_mocks.ready import ReadyFile
    from bango_mocks.standing import Order, Standing
    from bango_spec.law import edition_as_of

    english = lang is Lang.en
    found = edition_as_of(edition).id
    ports, listens = _ports(port or []), host_name(bind, "--bind")
    name = host_name(advertise, "--advertise") if advertise else listens
    told = ReadyFile(ready) if ready is not None else None
    # A signal ends the network from wherever it is, also while it starts; what was started is then ended in turn.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # A network under nohup is meant to outlive its terminal.
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    folder = store
    try:
        folder = store or Path(tempfile.mkdtemp(prefix="bango-network-"))
        home = credentials or folder / "authority"
        order = Order(bodies, seed, found, folder, home, listens, name, ports)
        with Standing(order) as standing:
            _tell(standing, told, english=english)
            _watch(standing)
    except _Ended:
        typer.echo("The network has ended." if english else "網を止めました。")
    finally:
        if told is not None:
            told.remove()
        if folder is not None and store is None:
            shutil.rmtree(folder, ignore_errors=True)


class _Ended(BaseException):
    """SIGTERM or SIGINT came."""


def _end(*_: object) -> None:
    # Whoever asks twice must not cut off the ending itself.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _heard)
    raise _Ended


def _heard(*_: object) -> None:
    """Nothing more: the ending is under way. Python complains of a signal that is ignored while it waits its turn."""


def _tell(standing: Standing, ready: ReadyFile | None, *, english: bool) -> None:
    told = standing.told()
    for name, url in told["urls"].items():
        typer.echo(f"{name:18}{url}")
    for one in told["bodies"]:
        typer.echo(f"{one['body']}  {one['name']}" + ("" if english else f"（{_parties(one['parties'])}）"))
        typer.echo(f"    in-house {one['in_house']}   network {one['network']}")
    for one in told["admitted"]:
        typer.echo(f"{one['body']}  {one['product']} {one['version']}  {one['url']}  → {one['expires']}")
    if ready is not None:
        ready.write(told)
    typer.echo("The network is up; Ctrl+C ends it." if english else "網が動いています。Ctrl+C で止まります。")
    sys.stdout.flush()


def _parties(ids: tuple[str, ...]) -> str:
    from bango_spec.vocabulary import parties

    return "、".join(parties()[one].ja for one in ids)


def _watch(standing: Standing) -> None:
    import time

    from bango_spec.errors import BangoError

    while True:
        for process in standing.processes:
            code = process.ended()
            if code is not None:
                raise BangoError(
                    "NETWORK-BODY-ENDED",
                    f"{process.setting.body}: 参照実装が終わりました（{code}） / the reference server ended with {code}",
                    cause=process.said(),
                    step="bango network up をもう一度実行してください / run `bango network up` again",
                )
        time.sleep(WATCH_SECONDS)


def _ports(given: list[str]) -> tuple[tuple[str, int], ...]:
    from bango_mocks.hosts import MOST_PORT
    from bango_spec.errors import UsageError

    found: dict[str, int] = {}
    for word in given:
        name, _, number = word.partition("=")
        right = name in COMPONENTS and number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_PORT))
        if not right or int(number) > MOST_PORT or name in found or (number != "0" and int(number) in found.values()):
            raise UsageError(
                "NETWORK-PORT",
                f"--port {word}: 部品と番号の組ではありません / this names no component and port",
                cause=f"部品は {'、'.join(COMPONENTS)}、番号は 0 から {MOST_PORT}、同じ部品や番号は一度だけです"
                f" / components are {', '.join(COMPONENTS)}; ports go from 0 to {MOST_PORT}; none may be named twice",
                step="--port core=9001 --port jlis=9002",
            )
        found[name] = int(number)
    return tuple(found.items())
