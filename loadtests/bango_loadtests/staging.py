"""Locust's events put to use: the ground before the first test, the call to begin, the generators' reports, the verdict at the end."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import gevent
import msgspec
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from bango_loadtests import options, scene, shape
from bango_loadtests.conductor import LEAD_SECONDS, LEAST_ROOM, Conductor
from bango_loadtests.errors import IncompleteError
from bango_loadtests.ground_process import READY_SECONDS, SCENE, Control, GroundProcess
from bango_loadtests.order import Order
from bango_loadtests.part import Part
from bango_loadtests.users import USERS, CampaignUser
from bango_reports.verdicts import ExitCode
from bango_spec.errors import BangoError

BEGIN = "bango-begin"


def say(line: str) -> None:
    """A line of progress for whoever watches."""
    print(line, flush=True)


class Staging:
    """One process of Locust: master, worker or both in one."""

    def __init__(self, environment: Any) -> None:
        self.environment = environment
        self.runner = environment.runner
        self.conductor: Conductor | None = None
        self.ground: GroundProcess | None = None
        self._tests = 0

    # --- before the first test -----------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Stand the scene up, or wait for it; every process gets its part."""
        chosen = self.environment.parsed_options
        logging.getLogger("locust.stats_logger").disabled = chosen.no_tables
        if isinstance(self.runner, WorkerRunner):
            # The call may come while the scene is still awaited: it must find somebody who hears it.
            self.runner.register_message(BEGIN, self._begun, concurrent=True)
            self._take_part(_awaited(Path(chosen.out) / SCENE))
            return
        if chosen.headless:
            self._hear_sigterm()
        self.order: Order = options.order_of(chosen)
        campaign, seconds, scale = self.order.settled()
        if self._room() < LEAST_ROOM:
            raise IncompleteError(
                "LOAD-DISK",
                f"{self.order.out}: 空きが {LEAST_ROOM // 1_000_000} MB ありません / less than {LEAST_ROOM // 1_000_000} MB are free",
                cause="台帳と結果を書ききれません / the ledgers and results could not be written whole",
                step="空きのある場所を --out で指定してください / name a place with room with --out",
            )
        say(f"場面を用意しています / preparing: {campaign.id} → {self.order.target}")
        self.ground = GroundProcess(
            self.order.out,
            [
                *("--campaign", self.order.campaign, "--target", self.order.target, "--seed", str(self.order.seed)),
                *("--seconds", str(seconds), "--scale", str(scale)),
                *(("--as-of", self.order.edition) if self.order.edition else ()),
            ],
        )
        self._take_part(self.ground.ready())
        shape.CampaignShape.classes = tuple(shape.settle(campaign, scale, self.environment.user_classes, chosen))
        if not shape.CampaignShape.classes:
            raise IncompleteError(
                "LOAD-NOBODY",
                f"{campaign.id}: 来る人が一人もいません / nobody comes in this campaign",
                cause="タグで全員が外れたか、対象の機関に照会も提供もできる行がありません"
                " / tags leave nobody, or the target's body may neither ask nor provide",
                step="--tags を見直すか、対象の body.parties を確かめてください / look at --tags, or at body.parties of the target",
            )
        self.conductor = Conductor(self.part, Control(self.part.scene), say, room=self._room)
        shape.CampaignShape.over = staticmethod(self.conductor.over)
        say(f"  結果 results: {self.order.out}")

    def _room(self) -> float:
        return shutil.disk_usage(self.order.out).free

    def _hear_sigterm(self) -> None:
        # Locust hears SIGTERM only when a shape is over; until then it ends the campaign as Ctrl-C does, once.
        main = gevent.getcurrent()

        def stop() -> None:
            heard.cancel()
            gevent.kill(main, KeyboardInterrupt)

        heard = gevent.signal_handler(signal.SIGTERM, stop)

    def _take_part(self, told: scene.Scene) -> None:
        self.part = Part(told, told.campaign)
        shape.settle(told.campaign, told.scale, list(USERS.values()))
        CampaignUser.part = self.part
        CampaignUser.ready.set()

    # --- the beginning -------------------------------------------------------------------------------------------

    def test_start(self, **_: Any) -> None:
        """The campaign begins for everybody."""
        if self.conductor is None:
            return
        self._tests += 1
        self.conductor.begin()
        if isinstance(self.runner, MasterRunner):
            for client_id in list(self.runner.clients.keys()):
                self._send_begin(client_id, LEAD_SECONDS)
            self._watcher = gevent.spawn(self._watch_workers)
        else:
            self.part.start(LEAD_SECONDS)
            self._watcher = gevent.spawn(self._collect)

    def worker_came(self, client_id: str, **_: Any) -> None:
        """A worker that comes in the middle is told how far the campaign is."""
        if self.conductor is not None and self.runner.state in {"spawning", "running"}:
            self._send_begin(client_id, -self.conductor.now())

    def _send_begin(self, client_id: str, within: float) -> None:
        clients = self.runner.clients
        place = clients.get(client_id)
        index = list(clients.keys()).index(client_id) if place else 0
        self.runner.send_message(BEGIN, {"in": within, "place": index, "of": max(len(clients), 1)}, client_id)

    def _begun(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - as Locust calls it
        called = time.monotonic()
        CampaignUser.ready.wait()
        self.part.of = msg.data["of"]
        self.part.place = msg.data["place"] % self.part.of
        self.part.start(msg.data["in"] - (time.monotonic() - called))

    # --- while it goes on ----------------------------------------------------------------------------------------

    def report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:  # noqa: ARG002 - as Locust calls it
        """A worker tells its master what it counted."""
        if not CampaignUser.ready.is_set():
            return
        data["bango"] = {
            "tally": msgspec.msgpack.encode(self.part.handed_over()),
            "in_flight": self.part.in_flight,
            "second": self.part.now() if self.part.begin.is_set() else -1.0,
        }

    def reported(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        """The master hears it."""
        if self.conductor is not None and "bango" in data:
            self.conductor.take(client_id, data["bango"])

    def _collect(self) -> None:
        while True:
            gevent.sleep(1)
            self._collected()

    def _collected(self) -> None:
        if self.conductor is not None and isinstance(self.runner, LocalRunner):
            self.conductor.add("local", self.part.handed_over())

    def _watch_workers(self) -> None:
        gone: set[str] = set()
        while self.conductor is not None:
            gevent.sleep(1)
            here = set(self.runner.clients.keys())
            missing = {one.id for one in self.runner.clients.missing} | (set(self.conductor.heard) - here)
            for client_id in missing - gone:
                self.conductor.lost(client_id)
            for client_id in (gone - missing) & here:
                self.conductor.back(client_id)
            # Whoever left for good stays gone.
            gone = missing | (gone - here)

    # --- the end -------------------------------------------------------------------------------------------------

    def test_stop(self, **_: Any) -> None:
        """Judge what was seen, write the results, and leave the exit code to Locust."""
        if self.conductor is None:
            self.part.begin.clear()
            return
        gevent.kill(self._watcher)
        self._collected()
        course = self.conductor.end()
        self.part.begin.clear()
        from bango_loadtests.judge import conclude  # noqa: PLC0415 - the judge reads clauses, reports and versions

        out = self.order.out if self._tests == 1 else self.order.out / f"again-{self._tests}"
        try:
            self.environment.process_exit_code = conclude(
                self.part.scene, self.order, course, self.conductor.control, out, say
            )
        except BangoError as error:
            say(str(error))
            self.environment.process_exit_code = error.exit_code

    def quitting(self, **_: Any) -> None:
        """Take the ground down."""
        if self.ground is not None:
            self.ground.end()


def _awaited(path: Path) -> scene.Scene:
    limit = time.monotonic() + READY_SECONDS
    while not path.exists() and time.monotonic() < limit:
        gevent.sleep(0.2)
    return scene.read(path)


def _unwritten(error: OSError, out: Path) -> IncompleteError:
    return IncompleteError(
        "LOAD-UNWRITTEN",
        f"結果を書けませんでした / the results could not be written: {error.strerror or error}",
        cause=f"{error.filename or out}",
        step="空きのあるフォルダーを --out で指定してください / name a folder with room by --out",
    )


def listen(events: Any) -> None:
    """Hear what Locust says."""
    events.init_command_line_parser.add_listener(options.add)

    def begin(environment: Any, **_: Any) -> None:
        if environment.runner is None:
            return
        staging = Staging(environment)
        environment.events.test_start.add_listener(staging.test_start)
        environment.events.test_stop.add_listener(staging.test_stop)
        environment.events.quitting.add_listener(staging.quitting)
        environment.events.worker_connect.add_listener(staging.worker_came)
        environment.events.report_to_master.add_listener(staging.report)
        environment.events.worker_report.add_listener(staging.reported)
        try:
            staging.prepare()
        except (BangoError, OSError) as error:
            told = error if isinstance(error, BangoError) else _unwritten(error, Path(environment.parsed_options.out))
            sys.stderr.write(f"{told}\n")
            staging.quitting()
            raise SystemExit(told.exit_code) from error
        except KeyboardInterrupt:
            say("中断しました / interrupted")
            staging.quitting()
            raise SystemExit(ExitCode.INTERRUPTED) from None

    events.init.add_listener(begin)
