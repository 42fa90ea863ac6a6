"""One server of the bench in a process of its own: the core as it is, its thin route, or a bare answer; plain or over mutual TLS.

All three answer the same request, the core's `recordWithdrawal`. The core as it is reads and changes the permit's state,
appends to the hash-chained ledger, and answers after the commit. The thin route checks request and answer and does nothing
between. The bare answer is what the same server gives without any of it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bango_loadtests.bench.driver import ORDINAL
from bango_mocks.authority import Credential
from bango_mocks.clock import stamp, system_clock
from bango_mocks.core.application import CoreSystem
from bango_mocks.core.codes import LinkageCodes
from bango_mocks.core.core import PERMIT, Core, Lifetimes
from bango_mocks.core.permits import PermitSigner, claims
from bango_mocks.directory import Directory
from bango_mocks.hosting import ASGI, Host, Receive, Scope, Send
from bango_mocks.law_table import law_table
from bango_mocks.serving import Application, Call, Reply
from bango_mocks.store import Store
from bango_spec.allow_list import allow_list
from bango_spec.interfaces import operations
from bango_spec.law import edition_as_of

OPERATION = "recordWithdrawal"
PATH = "/v1/withdrawals"
ASKER, PROVIDER = "9000163102700001", "9000163102700002"
ID = "{ordinal}-0000-4000-8000-000000000000"
WHATS = ("node", "thin", "bare")
LIFETIME = dt.timedelta(days=1)


def template(host: str) -> bytes:
    """The request that everybody gets, with ORDINAL where its number goes."""
    number = ID.replace("{ordinal}", ORDINAL.decode())
    body = msgspec.json.encode({"permit_id": number, "requested_at": stamp(system_clock())})
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Bango-Profile-Version: 1.0\r\nBango-Correlation-Id: {number}\r\nIdempotency-Key: {number}\r\n\r\n"
    )
    return head.encode() + body


def node(folder: Path, permits: int) -> ASGI:
    """The core with so many open permits, its store in the folder."""
    edition = edition_as_of(None).id
    store = Store(folder / "core.db")
    lifetimes = Lifetimes(acquisition=LIFETIME, permit=LIFETIME)
    codes = LinkageCodes(secrets.token_bytes(32))
    core = Core(store, law_table(edition), Directory([]), codes, PermitSigner(), system_clock, lifetimes)
    line = allow_list(edition)[0]
    bound: dict[str, Any] = {"asker": ASKER, "provider": PROVIDER, "task": line.task, "information": line.information}
    bound |= {"requested_at": stamp(system_clock()), "asker_withheld": False, "edition": edition}
    issued = claims(bound, system_clock(), LIFETIME) | {"state": "issued"}
    for number in range(permits):
        ident = ID.format(ordinal=f"{number:08x}")
        store.put(PERMIT, ident, issued | {"permit_id": ident})
    store.commit()
    return CoreSystem(core).application()


def thin() -> ASGI:
    """The same operation with a constant answer behind the checks of request and answer."""
    answer = {"permit_id": ID.format(ordinal="00000000"), "provider": PROVIDER}

    async def handler(_: Call) -> Reply:
        return Reply(200, answer)

    return Application("core", {one.operation_id: handler for one in operations("core")})


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """The same constant answer from an ASGI application that only reads the body."""
    while (await receive()).get("more_body"):
        pass
    data = b'{"permit_id":"00000000-0000-4000-8000-000000000000","provider":"9000163102700002"}'
    number = next(value for name, value in scope["headers"] if name == b"bango-correlation-id")
    head = [
        (b"content-length", str(len(data)).encode()),
        (b"content-type", b"application/json"),
        (b"bango-correlation-id", number),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": data})


def main() -> int:
    """Serve until SIGTERM; the first line that is written is where."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=WHATS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--permits", type=int, default=0)
    parser.add_argument("--credential", type=Path)
    told = parser.parse_args()
    makers: dict[str, Callable[[], ASGI]] = {
        "node": lambda: node(told.folder, told.permits),
        "thin": thin,
        "bare": lambda: bare,
    }
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with Host() as host:
        served = host.serve(makers[told.what](), Credential(told.credential) if told.credential else None)
        sys.stdout.write(served.url + "\n")
        sys.stdout.flush()
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
