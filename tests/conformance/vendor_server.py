"""A first try at an intermediate server, as a vendor would write it in an afternoon: it answers, and much is wrong with it."""

from __future__ import annotations

import datetime as dt
import json
import os
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CREDENTIALS = Path(os.environ["BANGO_CREDENTIALS"])
FAULTS = frozenset(sys.argv[1:])  # no-tls, stranger, clock, no-staff
TIME = dt.datetime.now(dt.timezone(dt.timedelta(hours=9))) + dt.timedelta(minutes=9 if "clock" in FAULTS else 0)


class Handler(BaseHTTPRequestHandler):
    """Health on both sides, and a staff session for anybody."""

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        """Health is all it knows."""
        up = {"status": "up", "time": TIME.isoformat(timespec="seconds"), "checks": [{"name": "store", "status": "up"}]}
        self._answer(200, up) if self.path.endswith("/health") else self._answer(404, {"error": "not found"})

    def do_POST(self) -> None:
        """A session without a look at the passphrase."""
        opens = self.path.endswith("/staff-sessions") and "no-staff" not in FAULTS
        self._answer(201, {"token": "t" * 20}) if opens else self._answer(500, {"error": "todo"})


def serve(origin: str) -> None:
    """One listener; it forgets to ask for a client certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), Handler)
    if "no-tls" not in FAULTS:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = CREDENTIALS.parent / "stranger" if "stranger" in FAULTS else CREDENTIALS
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()


serve(os.environ["BANGO_IN_HOUSE"])
serve(os.environ["BANGO_NETWORK"])
