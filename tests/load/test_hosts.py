"""Master and workers on hosts of their own (network namespaces): a worker is killed in the middle, a link is cut and healed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
import tomlkit

from bango_loadtests.locust_process import LOCUSTFILE
from bango_mocks.reference_target import write
from bango_reports.model import Run, Verdict
from bango_reports.store import load
from bango_spec.reading import load as load_yaml

pytestmark = pytest.mark.slow
MASTER = "10.77.0.1"
WORKERS = ("10.77.0.2", "10.77.0.3")
NAME = f"bango{os.getpid()}"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=20)


class Hosts:
    """A host for the master and the target, and one for each worker, on one switch."""

    def __init__(self, closing: ExitStack) -> None:
        self.master = self._host(closing, "m")
        self._ip(self.master, "link", "add", "br0", "type", "bridge")
        self._ip(self.master, "addr", "add", f"{MASTER}/24", "dev", "br0")
        self._ip(self.master, "link", "set", "br0", "up")
        self.workers = []
        for number, address in enumerate(WORKERS):
            host = self._host(closing, f"w{number}")
            ip("link", "add", f"v{number}", "netns", self.master, "type", "veth", "peer", "name", "eth0", "netns", host)
            self._ip(self.master, "link", "set", f"v{number}", "master", "br0", "up")
            self._ip(host, "addr", "add", f"{address}/24", "dev", "eth0")
            self._ip(host, "link", "set", "eth0", "up")
            self.workers.append(host)

    def _host(self, closing: ExitStack, name: str) -> str:
        host = f"{NAME}{name}"
        ip("netns", "add", host)
        closing.callback(ip, "netns", "del", host)
        self._ip(host, "link", "set", "lo", "up")
        return host

    @staticmethod
    def _ip(host: str, *words: str) -> None:
        ip("-n", host, *words)

    def link(self, number: int, state: str) -> None:
        """Cut (`down`) or heal (`up`) a worker's cable."""
        self._ip(self.master, "link", "set", f"v{number}", state)


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2: apt-get install iproute2")
    with ExitStack() as closing:
        try:
            made = Hosts(closing)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this machine permits no network namespaces: {error.stderr}")
        yield made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The reference on the master's host, reached under the host's own address."""
    path = write(tmp_path / "target")
    told: Any = tomlkit.parse(path.read_text(encoding="utf-8"))
    for side, origin in told["endpoints"].items():
        told["endpoints"][side] = origin.replace("127.0.0.1", MASTER)
    told["network"] |= {"bind": MASTER, "advertise": MASTER}
    path.write_text(tomlkit.dumps(told), encoding="utf-8")
    return path


def compose(service: str, **values: str) -> tuple[list[str], dict[str, str]]:
    """A service's command line and environment as the compose file has them, with its variables filled in."""
    told = load_yaml(LOCUSTFILE.parents[1] / "compose.yaml")["services"][service]

    def filled(text: str) -> str:
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: values.get(found[1], found[2]), text)

    environment = {name: filled(value) for name, value in told["environment"].items()}
    return [filled(str(word)) for word in told["command"]], environment


class Campaign:
    """Master and two workers as the compose file starts them, each on its host; `/runs` and `/target` are folders here."""

    def __init__(self, hosts: Hosts, target: Path, runs: Path, seconds: int, closing: ExitStack) -> None:
        self._places = {
            "/runs": str(runs),
            "/target/target.toml": str(target),
            "/bango/loadtests/locustfile.py": str(LOCUSTFILE),
        }
        more = ["--master-bind-host", MASTER, "--seconds", str(seconds)]
        self.master = self._start(closing, hosts.master, *compose("master", WORKERS=str(len(WORKERS))), more)
        self.workers = [self._start(closing, host, *compose("worker", MASTER=MASTER), []) for host in hosts.workers]
        self.said: list[str] = []

    def _start(
        self, closing: ExitStack, host: str, words: list[str], told: dict[str, str], more: list[str]
    ) -> subprocess.Popen[str]:
        assert words[0] == "locust"
        whole = ["ip", "netns", "exec", host, sys.executable, "-m", *map(self._placed, words), *more]
        environment = os.environ | {name: self._placed(value) for name, value in told.items()}
        process = subprocess.Popen(whole, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        closing.enter_context(process)
        closing.callback(process.kill)
        return process

    def _placed(self, word: str) -> str:
        for there, here in self._places.items():
            word = word.replace(there, here)
        return word

    def until(self, pattern: str) -> None:
        """Read what the master says until a line matches."""
        assert self.master.stdout is not None
        for line in self.master.stdout:
            self.said.append(line)
            if re.search(pattern, line):
                return
        raise AssertionError("".join(self.said))

    def end(self) -> int:
        """Wait for the end."""
        assert self.master.stdout is not None
        self.said += self.master.stdout.readlines()
        return self.master.wait(30)


def verdicts(made: Run) -> dict[str, Verdict]:
    return {case.obligation.rpartition(".")[2]: case.verdict for case in made.cases}


RIGHT = ("right-person", "right-provision", "once-only", "nothing-lost", "records-whole", "chain-whole", "correlation")


@pytest.mark.timeout(180)
def test_a_worker_killed_and_a_link_cut_are_told_and_what_was_seen_is_still_right(
    hosts: Hosts, target: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    with ExitStack() as closing:
        campaign = Campaign(hosts, target, tmp_path, 45, closing)
        campaign.until(r"\[\s*10/45 s\]")
        hosts.link(0, "down")
        campaign.until("LOAD-WORKER-LOST")
        hosts.link(0, "up")
        campaign.until("LOAD-WORKER-BACK")
        campaign.workers[1].send_signal(signal.SIGKILL)
        campaign.until("LOAD-WORKER-LOST")
        code = campaign.end()
        assert psutil.Process(campaign.workers[0].pid).is_running()
    made = load(out)
    assert code == made.exit_code
    seen = verdicts(made)
    assert {name: seen[name] for name in RIGHT} == dict.fromkeys(RIGHT, Verdict.PASS), "".join(campaign.said)
    codes = [one.code for one in made.difficulties]
    assert codes == ["LOAD-WORKER-LOST", "LOAD-WORKER-BACK", "LOAD-WORKER-LOST"]
    # The worker that was left did the work of both until the end.
    figures = msgspec.json.decode((out / "load.json").read_bytes())
    assert sum(count for second, count, *_ in figures["over_time"]["submitInquiry"] if second >= 35) > 5
