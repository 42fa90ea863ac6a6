"""The built site over HTTP on loopback, for those whose browser will not open a folder."""

from __future__ import annotations

import signal
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of its callers."""

    def log_message(self, *told: Any) -> None:
        """Nothing is logged."""

    def end_headers(self) -> None:
        """With every answer: no guessing of types, nothing for others to frame."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        super().end_headers()


def serve(folder: Path, bind: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; SITE-PORT if the address is taken."""
    try:
        server = ThreadingHTTPServer((bind, port), partial(Quiet, directory=str(folder)))
    except (OSError, UnicodeError) as error:
        raise UsageError(
            "SITE-PORT",
            f"{bind}:{port} で待ち受けられません / cannot listen there",
            cause=getattr(error, "strerror", None) or str(error),
            step="--bind 127.0.0.1 --port 0（空いている番号 / any free port）",
        ) from error
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    tell(f"http://{bind}:{server.server_port}/ （Ctrl+C で止まります / Ctrl+C ends it）")
    signal.sigwait(ends)
    server.shutdown()
    server.server_close()
