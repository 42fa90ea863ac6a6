"""The commands `bango network …`: credentials for a vendor's server, and a mock national network that stands."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bango_mocks.standing import Standing

network = typer.Typer(no_args_is_help=True, help="模擬の全国網。 The mock national network.")
WATCH_SECONDS = 1.0


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
    output: Annotated[str, typer.Option("--format", help="text か json。 text or json.")] = "text",
) -> None:
    """製品と業務側の試験用の証明書を作る。 Make test credentials for a vendor's server and its in-house systems."""
    import msgspec

    from bango_mocks.credentials import README, make
    from bango_mocks.standing import choose

    codes = tuple(body or [choose(1)[0].code])
    made = make(out, codes, tuple(host or ()))
    if output == "json":
        told = {"folder": str(made.folder), "bodies": codes}
        folders = {name: str(one.folder) for name, one in made.credentials.items()}
        typer.echo(msgspec.json.encode({**told, "credentials": folders}).decode())
        return
    typer.echo(f"試験用の証明書を作りました。 Test credentials were made: {made.folder}")
    for name in made.credentials:
        typer.echo(f"  {name}/")
    typer.echo(f"次に: {made.folder / README} を読み、bango init で対象ファイルを作ってください。")
    typer.echo(f"Next: read {made.folder / README}, then make a target file with bango init.")


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
) -> None:
    """模擬の全国網を動かし、止められるまで続ける。 Run the mock national network until it is told to end."""
    import shutil
    import tempfile

    from bango_mocks.standing import Order, Standing
    from bango_spec.law import edition_as_of

    folder = store or Path(tempfile.mkdtemp(prefix="bango-network-"))
    order = Order(
        bodies=bodies,
        seed=seed,
        edition=edition_as_of(edition).id,
        folder=folder,
        credentials=credentials or folder / "authority",
        bind=bind,
        advertise=advertise or bind,
        ports=tuple(map(_port, port or ())),
    )
    # A signal ends the network from wherever it is, also while it starts; what was started is then ended in turn.
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        with Standing(order) as standing:
            try:
                _tell(standing, ready)
                _watch(standing)
            except _Ended:
                pass
            finally:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
    except _Ended:
        typer.echo("始まる前に止められました。 ended while starting", err=True)
    finally:
        if ready is not None:
            ready.unlink(missing_ok=True)
        if store is None:
            shutil.rmtree(folder, ignore_errors=True)
    typer.echo("網を止めました。 The network has ended.")


class _Ended(BaseException):
    """SIGTERM or SIGINT came."""


def _end(*_: object) -> None:
    raise _Ended


def _tell(standing: Standing, ready: Path | None) -> None:
    import os

    import msgspec

    told = standing.told()
    for name, url in told["urls"].items():
        typer.echo(f"{name:18}{url}")
    for one in told["bodies"]:
        typer.echo(f"{one['body']}  {one['name']}（{'、'.join(one['parties'])}）")
        typer.echo(f"    in-house {one['in_house']}   network {one['network']}")
    for one in told["admitted"]:
        typer.echo(f"{one['body']}  {one['product']} {one['version']}  {one['url']}  → {one['expires']}")
    if ready is not None:
        part = ready.with_name(ready.name + ".part")
        # Passphrases stand in it.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")
        part.replace(ready)
    typer.echo("網が動いています。Ctrl+C で止まります。 The network is up; Ctrl+C ends it.")
    sys.stdout.flush()


def _watch(standing: Standing) -> None:
    import time

    from bango_spec.errors import BangoError

    while True:
        for process in standing.processes:
            code: Any = process.ended()
            if code is not None:
                raise BangoError("NETWORK-BODY-ENDED", f"the server of {process.setting.body} ended with {code}")
        time.sleep(WATCH_SECONDS)


def _port(given: str) -> tuple[str, int]:
    from bango_spec.errors import UsageError

    name, _, number = given.partition("=")
    if name not in {"core", "interface-system", "jlis"} or not number.isdecimal() or int(number) > 65535:
        raise UsageError("NETWORK-PORT", f"--port {given}", step="--port core=9001, interface-system=… or jlis=…")
    return name, int(number)
