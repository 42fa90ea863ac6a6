"""The testbed's own side, before the target is spoken to: the credentials' folder, and the addresses it will listen on."""

from __future__ import annotations

import datetime as dt
import socket
from typing import TYPE_CHECKING

from bango_conformance.doctor_file import split
from bango_mocks.authority import Authority
from bango_mocks.hosting import listening
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from bango_conformance.doctor_findings import Findings
    from bango_spec.target import Target

SOON = dt.timedelta(days=30)
CONNECT_SECONDS = 1.0


def examine(target: Target, found: Findings, *, starts: bool) -> None:
    """Authority, addresses, and nobody at the target's addresses that a start hook is about to take."""
    _authority(target, found)
    _listeners(target, found)
    if starts:
        _vacant(target, found)


def _authority(target: Target, found: Findings) -> None:
    folder = target.network.credentials
    try:
        authority = Authority(folder)
    except BangoError as error:
        if error.code != "AUTHORITY-UNREADABLE":
            found.error(error)
            return
        step = f"bango network credentials --out {folder} --body {target.body.code}"
        found.fail(
            error.code,
            (
                f"network.credentials に認証局がありません: {folder}",
                f"network.credentials holds no authority: {folder}",
            ),
            (
                "bango network credentials が作ったフォルダーではありません",
                "it is no folder of `bango network credentials`",
            ),
            (step, step),
        )
        return
    ends = authority.certificate.not_valid_after_utc
    left = ends - dt.datetime.now(dt.UTC)
    if left < dt.timedelta(0):
        found.fail(
            "DOCTOR-AUTHORITY-EXPIRED",
            (f"認証局の期限が切れています（{ends:%Y-%m-%d}）", f"the authority expired ({ends:%Y-%m-%d})"),
            None,
            ("新しいフォルダーに作り直してください", "make a new one in a new folder"),
        )
    elif left < SOON:
        what = (f"認証局の期限が近い（{ends:%Y-%m-%d}）", f"the authority expires soon ({ends:%Y-%m-%d})")
        found.warn("DOCTOR-AUTHORITY-EXPIRES", what)
    else:
        found.ok("DOCTOR-AUTHORITY", (f"認証局 {folder}", f"the authority is in {folder}"))
    if (folder / "authority-key.pem").stat().st_mode & 0o077:
        found.warn(
            "DOCTOR-AUTHORITY-MODE",
            ("認証局の鍵をほかの利用者が読めます", "others can read the authority's key"),
            None,
            (f"chmod 600 {folder / 'authority-key.pem'}",) * 2,
        )


def _listeners(target: Target, found: Findings) -> None:
    network = target.network
    for name, port in (("interface_system_port", network.interface_system_port), ("jlis_port", network.jlis_port)):
        try:
            listening(network.bind, port).close()
        except BangoError as error:
            found.fail(
                "DOCTOR-LISTEN",
                (
                    f"{network.bind}:{port} で待ち受けられません（network.{name}）: {error.what}",
                    f"cannot listen on {network.bind}:{port} (network.{name}): {error.what}",
                ),
                (
                    "別のプログラムが使っているか、この機械の番地ではありません",
                    "another program has it, or the address is not one of this machine",
                ),
                (
                    "空いた番号か、bind に 127.0.0.1 か 0.0.0.0 を書いてください",
                    "write a free port, and 127.0.0.1 or 0.0.0.0 as bind",
                ),
            )
            return
    found.ok(
        "DOCTOR-LISTEN", (f"試験台は {network.bind} で待ち受けられます", f"the testbed can listen on {network.bind}")
    )


def _vacant(target: Target, found: Findings) -> None:
    for name, url in (("in_house", target.endpoints.in_house), ("network", target.endpoints.network)):
        try:
            parts = split(url)
            socket.create_connection((parts.hostname or "", parts.port or 443), CONNECT_SECONDS).close()
        except (OSError, ValueError):
            continue
        found.fail(
            "DOCTOR-OCCUPIED",
            (
                f"start フックの前から、誰かが endpoints.{name} {url} で答えています",
                f"somebody answers at endpoints.{name} {url} before the start hook has run",
            ),
            ("前の実行の製品が残っているかもしれません", "perhaps the product of an earlier run is still there"),
            ("それを止めるか、別の番号にしてください", "stop it, or choose another port"),
        )
