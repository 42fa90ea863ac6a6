"""How each value of the bench is made; a maker gives one value or several, and says where one cannot count."""

from __future__ import annotations

import contextlib
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bango_loadtests.bench import rivals
from bango_loadtests.bench.driver import Driven
from bango_loadtests.bench.pinned import failed, running
from bango_loadtests.bench.rivals import Rival
from bango_loadtests.bench.server import PATH, template
from bango_loadtests.bench.workshop import BUSY, USERS, Workshop

LOOK_SECONDS = 0.2


@dataclass
class Made:
    """Values by name, why some of them cannot count, and figures behind them."""

    values: dict[str, float]
    why: str = ""
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Maker:
    """Makes the values `names`; `rounds` is how often at most."""

    names: tuple[str, ...]
    make: Callable[[Workshop], Made]
    rounds: int = 99


def _answers(name: str, seen: Driven) -> Made:
    why = ""
    if seen.wrong:
        why = f"{name}: {seen.wrong} of {seen.done} answers were no success"
    elif seen.own_share > BUSY:
        why = f"{name}: the generator used {seen.own_share:.0%} of its core"
    shares = {f"{name}: generator's share of its core": seen.own_share}
    shares |= {f"{name}: server's share of its core": seen.server_cpu / seen.seconds}
    waits = {f"{name}: p50 ms": seen.p50_ms, f"{name}: p99 ms": seen.p99_ms}
    return Made({name: seen.a_second}, why, {f"{name}: answers a second": seen.a_second} | waits | shares)


def _own(name: str, what: str, *, secure: bool) -> Maker:
    def make(workshop: Workshop) -> Made:
        with workshop.serving(what, secure=secure) as served:
            return _answers(name, workshop.driven(served))

    return Maker((name,), make)


def _rival(name: str, start: Callable[[Path, int], AbstractContextManager[Rival]]) -> Maker:
    def make(workshop: Workshop) -> Made:
        with start(workshop.folder, workshop.server_core) as served:
            return _answers(name, workshop.driven(served))

    return Maker((name,), make)


def _users(name: str, user: str, *, secure: bool) -> Maker:
    def make(workshop: Workshop) -> Made:
        with workshop.serving("bare", secure=secure) as served:
            told = workshop.raced(served, user)
        why = f"{name}: {told['wrong']:.0f} exchanges failed" if told["wrong"] else ""
        rate, share = told["done"] / told["cpu"], told["cpu"] / told["seconds"]
        facts = {f"{name}: exchanges per CPU-second": rate, f"{name}: generator's share of its core": share}
        return Made({name: rate}, why, facts)

    return Maker((name,), make)


def _wrk(workshop: Workshop) -> Made:
    program = rivals.found("wrk")
    script = workshop.folder / "post.lua"
    with workshop.serving("bare", secure=False) as served:
        head, _, body = template("here").partition(b"\r\n\r\n")
        fields = [line.decode().split(": ", 1) for line in head.split(b"\r\n")[2:]]
        script.write_text(_lua([(name, value) for name, value in fields if name != "Content-Length"], body.decode()))
        words = [program, "-t1", f"-c{USERS}", f"-d{workshop.seconds:.0f}", "-s", str(script), served.url + PATH]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with running(words, workshop.driver_core, workshop.log, stdout=subprocess.PIPE) as process:
            told = process.communicate()[0].decode()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = next((int(line.split()[0]) for line in told.splitlines() if "requests in" in line), 0)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    why = "wrk: some answers were no success" if "Non-2xx" in told or not done else ""
    facts = {"wrk: exchanges per CPU-second": done / cpu, "wrk: generator's share of its core": cpu / workshop.seconds}
    return Made({"wrk": done / cpu}, why, facts)


def _lua(fields: list[tuple[str, str]], body: str) -> str:
    body = body.replace("@@@@@@@@", "00000000")
    heads = "".join(f"wrk.headers[{name!r}] = {value.replace('@@@@@@@@', '00000000')!r}\n" for name, value in fields)
    return f"wrk.method = 'POST'\nwrk.body = {body!r}\n{heads}"


def _ledger(workshop: Workshop) -> Made:
    told = workshop.measured("bango_loadtests.bench.inner", "ledger", str(workshop.folder))
    facts = {f"ledger, {name}: appends a second": rate for name, rate in told.items()}
    return Made(told, "", facts)


def _decisions(workshop: Workshop) -> Made:
    told = workshop.measured("bango_loadtests.bench.inner", "decisions", str(workshop.folder))
    return Made({"decisions": told["decisions"]})


def _nation(workshop: Workshop) -> Made:
    told = workshop.measured("bango_loadtests.bench.nation", str(workshop.folder))
    values = {f"nation-{name}": told[name] for name in ("start", "memory", "files")}
    facts = {f"nation: {name}": told[name] for name in ("tenants", "residents")}
    why = "" if told["least_items"] else "nation: some tenant got nothing"
    return Made(values, why, facts | {"nation: seconds to touch every tenant": told["touched"]})


def _cases(workshop: Workshop) -> Made:
    told = workshop.measured("bango_conformance.shape.pace")
    return Made({"cases": told.pop("median")}, "", {f"cases, {name}": figure for name, figure in told.items()})


def _harness(workshop: Workshop) -> Made:
    """The processor time of the judge and the network it plays, in the time of a whole certification of the reference."""
    out = workshop.folder / "runs"
    words = [sys.executable, "-m", "bango_conformance", "certify", "reference", "--out", str(out), "--seed", "1"]
    began, own = time.monotonic(), 0.0
    with running(words, None, workshop.log) as process:
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = psutil.Process(process.pid).cpu_times()
                own = times.user + times.system
            time.sleep(LOOK_SECONDS)
    took = time.monotonic() - began
    shutil.rmtree(out, ignore_errors=True)
    if process.returncode:
        raise failed(words, workshop.log)
    return Made({"harness": own / took}, "", {"harness: seconds of a run": took, "harness: CPU-seconds of it": own})


MAKERS = (
    _rival("prism", rivals.prism),
    _own("node-tls", "node", secure=True),
    _own("node-plain", "node", secure=False),
    _rival("mockoon", rivals.mockoon),
    _own("thin-plain", "thin", secure=False),
    _own("bare-plain", "bare", secure=False),
    _own("thin-tls", "thin", secure=True),
    _users("fast-tls", "Fast", secure=True),
    _users("usual-tls", "Usual", secure=True),
    _users("fast-plain", "Fast", secure=False),
    _users("usual-plain", "Usual", secure=False),
    Maker(("wrk",), _wrk),
    Maker(("grouped", "single"), _ledger),
    Maker(("decisions",), _decisions),
    Maker(("cases",), _cases, rounds=2),
    Maker(("harness",), _harness, rounds=2),
    Maker(("nation-start", "nation-memory", "nation-files"), _nation, rounds=3),
)
"""In the order in which a round makes them: both sides of a ratio close together."""
