"""Where the bench measures: two cores, a folder on a real disk, the credentials, and the processes of one side at a time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bango_loadtests.bench import server
from bango_loadtests.bench.driver import Driven
from bango_loadtests.bench.pinned import cores, failed, output, running
from bango_loadtests.bench.rivals import Rival
from bango_mocks.authority import Authority

LANES = 32
USERS = 32
WARM_UP_SECONDS = 1.0
BUSY = 0.9
"""A generator that uses more of its core than this measures itself."""
MOST_A_SECOND = 10_000
"""So many permits stand ready for each second that the full node is driven."""


class Workshop:
    """One run's place; `folder` is emptied by whoever made it."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder = folder
        self.seconds = seconds
        self.server_core, self.driver_core = cores()
        self.log = folder / "log"
        authority = Authority.create(folder / "authority")
        self.server_side = authority.issue(folder / "server", "core").folder
        self.client_side = authority.issue(folder / "client", "interface-system").folder

    @contextmanager
    def serving(self, what: str, *, secure: bool) -> Iterator[Rival]:
        """One of our own servers, started anew."""
        own = self.folder / what
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        permits = int((self.seconds + WARM_UP_SECONDS + 1) * MOST_A_SECOND) if what == "node" else 0
        words = [sys.executable, "-m", server.__name__, what, "--folder", str(own), "--permits", str(permits)]
        words += ["--credential", str(self.server_side)] if secure else []
        with running(words, self.server_core, self.log, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            url = process.stdout.readline().decode().strip()
            if not url:
                raise failed(words, self.log)
            yield Rival(url, [process.pid])

    def driven(self, served: Rival) -> Driven:
        """What the driver saw of a server."""
        template = self.folder / "template"
        template.write_bytes(server.template(urlsplit(served.url).netloc))
        words = [sys.executable, "-m", "bango_loadtests.bench.driver", served.url, "--template", str(template)]
        words += ["--lanes", str(LANES), "--warm-up", str(WARM_UP_SECONDS), "--seconds", str(self.seconds)]
        words += ["--credential", str(self.client_side)] if served.url.startswith("https") else []
        for pid in served.processes:
            words += ["--server", str(pid)]
        return msgspec.json.decode(output(words, self.driver_core, self.log), type=Driven)

    def raced(self, served: Rival, user: str) -> dict[str, float]:
        """What a user class of Locust did against a server."""
        out = self.folder / "raced.json"
        out.unlink(missing_ok=True)
        race = Path(__file__).with_name("race.py")
        words = [sys.executable, "-m", "locust", "-f", str(race), user, "--headless", "--loglevel", "WARNING"]
        words += ["--only-summary", "-u", str(USERS), "-r", str(USERS)]
        told = {
            "BANGO_BENCH_ORIGIN": served.url,
            "BANGO_BENCH_CREDENTIAL": str(self.client_side),
            "BANGO_BENCH_OUT": str(out),
            "BANGO_BENCH_SECONDS": str(self.seconds),
        }
        output(words, self.driver_core, self.log, told)
        if not out.exists():
            raise failed(words, self.log)
        raced: dict[str, float] = msgspec.json.decode(out.read_bytes())
        return raced

    def measured(self, module: str, *words: str) -> Any:
        """What a module that measures within one process tells as JSON."""
        return msgspec.json.decode(output([sys.executable, "-m", module, *words], self.driver_core, self.log))
