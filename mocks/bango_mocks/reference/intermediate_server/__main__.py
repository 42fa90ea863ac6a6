"""Run the reference intermediate server: `python -m bango_mocks.reference.intermediate_server --config FILE`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path

import structlog

from bango_mocks.clock import system_clock
from bango_mocks.hosting import Host
from bango_mocks.reference.intermediate_server.blueprint import blueprint
from bango_mocks.reference.intermediate_server.clocks import MovableClock
from bango_mocks.reference.intermediate_server.config import read_config
from bango_mocks.reference.intermediate_server.log import masked_for_log
from bango_mocks.reference.intermediate_server.overlays import find, mutants
from bango_mocks.reference.intermediate_server.server import IntermediateServer, Running
from bango_spec.errors import BangoError


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end."""
    parser = argparse.ArgumentParser(prog="intermediate-server", description=__doc__)
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--config", type=Path, help="TOML file")
    task.add_argument("--list-mutants", action="store_true", help="print what may be laid over the server, as JSON")
    parser.add_argument("--overlay", action="append", default=[], metavar="MUTANT", help="break one rule on purpose")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.list_mutants:
            print(listed())
            return 0
        return serve(chosen.config, chosen.overlay)
    except BangoError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def listed() -> str:
    """Every mutant as JSON: id, clause, title in both languages, the reason the suite must give, the families or the campaign it fails."""
    return json.dumps(
        [
            {
                "id": one.id,
                "clause": one.clause,
                "title": {"ja": one.title.ja, "en": one.title.en},
                "reason": one.reason,
                "breaks": one.breaks,
                "campaign": one.campaign,
            }
            for one in mutants()
        ],
        ensure_ascii=False,
        indent=1,
    )


def serve(path: Path, overlays: list[str]) -> int:
    """Serve a configuration with mutants laid over it."""
    config = read_config(path)
    structlog.configure(
        processors=[structlog.processors.add_log_level, masked_for_log, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    plan = blueprint(*(find(name).overlay for name in overlays))
    clock = MovableClock(config.clock_file) if config.clock_file else system_clock
    with Host() as host, Running(IntermediateServer(config, clock=clock, plan=plan), host) as running:
        ready = {"pid": os.getpid(), "in_house": running.in_house.url, "network": running.network.url}
        told = json.dumps(ready)
        if config.ready_file is not None:
            part = config.ready_file.with_suffix(".part")
            part.write_text(told + "\n", encoding="utf-8")
            part.replace(config.ready_file)
        print(told, flush=True)
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
