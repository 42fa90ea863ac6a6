"""A locustfile of the bench: the fast user class and Locust's own FastHttpUser, doing the same against the same server.

Both send the same request over kept connections, look at the status and the correlation id of every answer, and check one
good answer of SAMPLED against its whole schema; Locust counts both.
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent
import jsonschema_rs
import msgspec
from locust import FastHttpUser, User, constant, events, task

from bango_loadtests.bench.server import ID, OPERATION, PATH
from bango_loadtests.client import DIALECT, SAMPLED, Client
from bango_loadtests.tally import Tally
from bango_mocks.authority import Credential
from bango_mocks.tls import client_context
from bango_spec import interfaces

ORIGIN = os.environ["BANGO_BENCH_ORIGIN"]
CREDENTIAL = os.environ["BANGO_BENCH_CREDENTIAL"]
OUT = Path(os.environ["BANGO_BENCH_OUT"])
SECONDS = float(os.environ["BANGO_BENCH_SECONDS"])
WARM_UP_SECONDS = 1.5
BODY = msgspec.json.encode({"permit_id": ID.format(ordinal="00000000"), "requested_at": "2020-09-07T10:00:00+09:00"})
SECURE = urlsplit(ORIGIN).scheme == "https"


@dataclass
class Counted:
    """The process as a client of the fast class sees it."""

    tally: Tally = field(default_factory=Tally)
    began: float = field(default_factory=time.monotonic)
    credentials: dict[str, str] = field(default_factory=lambda: {"it": CREDENTIAL})
    warm_up_seconds: float = 0.0


class Fast(User):
    """The fast user class."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Connect."""
        self.client = Client(COUNTED, self.environment, ORIGIN, "it")

    @task
    def work(self) -> None:
        """One exchange."""
        self.client.call(OPERATION, body=BODY)


class Usual(FastHttpUser):
    """Locust's own, with one connection each and the same looks at the answers."""

    wait_time = constant(0)
    host = ORIGIN
    concurrency = 1
    ssl_context_factory = staticmethod(lambda: client_context(Credential(Path(CREDENTIAL)))) if SECURE else None
    insecure = False

    def on_start(self) -> None:
        """Count from nothing."""
        self._seen = 0

    @task
    def work(self) -> None:
        """One exchange."""
        number = str(uuid.uuid4())
        headers = {
            "Content-Type": "application/json",
            "Bango-Profile-Version": "1.0",
            "Bango-Correlation-Id": number,
            "Idempotency-Key": number,
        }
        with self.client.post(PATH, data=BODY.decode(), headers=headers, name=OPERATION, catch_response=True) as answer:
            if answer.status_code != 200 or answer.headers.get("bango-correlation-id") != number:
                answer.failure(f"{answer.status_code}")
                return
            self._seen += 1
            if self._seen % SAMPLED == 1 and not _schema().is_valid(msgspec.json.decode(answer.content)):
                answer.failure("the answer breaks its schema")


@cache
def _schema() -> Any:
    found = interfaces.operation(OPERATION)
    schema = next(one.schema for one in found.responses if one.status == 200)
    whole = {"$schema": DIALECT, "components": interfaces.document(found.document)["components"], "allOf": [schema]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


COUNTED = Counted()


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def measure(environment: Any, **_: Any) -> None:
    """Count between the end of the warm-up and the end, and write it down."""

    def count() -> None:
        gevent.sleep(WARM_UP_SECONDS)
        total = environment.stats.total
        done, failed, cpu, began = total.num_requests, total.num_failures, time.process_time(), time.monotonic()
        gevent.sleep(SECONDS)
        told = {
            "done": total.num_requests - done,
            "wrong": total.num_failures - failed,
            "cpu": time.process_time() - cpu,
            "seconds": time.monotonic() - began,
        }
        OUT.write_bytes(msgspec.json.encode(told))
        environment.runner.quit()

    gevent.spawn(count)
