"""A plain load driver in a process of its own: keep-alive connections on uvloop, one request under way on each.

It is no user of a campaign and keeps no statistics of Locust: it is there to be lighter than every server that is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httptools
import msgspec
import psutil
import uvloop

from bango_loadtests.histogram import bucket, percentile
from bango_mocks.authority import Credential
from bango_mocks.tls import client_context

ORDINAL = b"@@@@@@@@"
"""Eight hex digits of the request's number stand here in every request."""
SUCCESS = range(200, 300)
SPARE_SECONDS = 20.0
"""So much longer than planned may a drive take at most, to connect and to hear the last answers."""


class Driven(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver saw: answers by end, latencies (milliseconds), and processor seconds of both sides."""

    done: int
    wrong: int
    seconds: float
    own_cpu: float
    server_cpu: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    next: int
    """The number that the next request would have had."""

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return self.done / self.seconds

    @property
    def own_share(self) -> float:
        """How much of its one processor the driver used."""
        return self.own_cpu / self.seconds


class Course:
    """What all connections share: the requests to come, and the counts since the warm-up."""

    def __init__(self, template: bytes, first: int) -> None:
        self.pieces = template.split(ORDINAL)
        self.numbers: Iterator[int] = count(first)
        self.ending = False
        self.latencies: dict[int, int] = {}
        self.done = self.wrong = 0

    def request(self) -> bytes:
        """The next request."""
        return (b"%08x" % next(self.numbers)).join(self.pieces)

    def clear(self) -> None:
        """Forget what the warm-up counted."""
        self.latencies, self.done, self.wrong = {}, 0, 0

    def answered(self, status: int, seconds: float) -> None:
        """One more answer."""
        self.done += 1
        self.wrong += status not in SUCCESS
        place = bucket(seconds * 1000)
        self.latencies[place] = self.latencies.get(place, 0) + 1


class Lane(asyncio.Protocol):
    """One connection."""

    def __init__(self, course: Course, ended: asyncio.Future[None]) -> None:
        self._course = course
        self._ended = ended

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Send the first request."""
        self._transport = transport
        self._parser = httptools.HttpResponseParser(self)
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._course.request())

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """An answer is whole; send the next request."""
        self._course.answered(self._parser.get_status_code(), time.perf_counter() - self._sent)
        if self._course.ending:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that hangs up in the middle is no server to be measured."""
        if not self._ended.done():
            if self._course.ending:
                self._ended.set_result(None)
            else:
                self._ended.set_exception(error or ConnectionResetError("the server closed the connection"))


async def drive(
    url: str, course: Course, lanes: int, warm_up: float, seconds: float, servers: list[int], tls: ssl.SSLContext | None
) -> Driven:
    """Keep `lanes` connections busy for the time; `servers` are the process ids whose processor time is told."""
    loop, where = asyncio.get_running_loop(), urlsplit(url)
    host, port = where.hostname or "", where.port or 0
    ended = [loop.create_future() for _ in range(lanes)]
    for one in ended:
        await loop.create_connection(partial(Lane, course, one), host, port, ssl=tls)
    watching = asyncio.gather(*ended)
    await asyncio.wait([watching], timeout=warm_up)
    course.clear()
    began, own, theirs = time.perf_counter(), time.process_time(), _cpu(servers)
    await asyncio.wait([watching], timeout=seconds)
    took, own, theirs = time.perf_counter() - began, time.process_time() - own, _cpu(servers) - theirs
    done, wrong, latencies = course.done, course.wrong, dict(course.latencies)
    course.ending = True
    await watching
    p50, p95, p99 = (percentile(latencies, one) or 0.0 for one in (50, 95, 99))
    return Driven(
        done=done,
        wrong=wrong,
        seconds=took,
        own_cpu=own,
        server_cpu=theirs,
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        next=next(course.numbers),
    )


def _cpu(processes: list[int]) -> float:
    total = 0.0
    for pid in processes:
        times = psutil.Process(pid).cpu_times()
        total += times.user + times.system
    return total


def main() -> int:
    """Drive, and tell what was seen as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--template", type=Path, required=True)
    parser.add_argument("--credential", type=Path)
    parser.add_argument("--lanes", type=int, required=True)
    parser.add_argument("--warm-up", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--server", type=int, action="append", default=[])
    told = parser.parse_args()
    context = client_context(Credential(told.credential)) if told.credential else None
    course = Course(told.template.read_bytes(), told.first)
    work = drive(told.url, course, told.lanes, told.warm_up, told.seconds, told.server, context)
    driven = uvloop.run(asyncio.wait_for(work, told.warm_up + told.seconds + SPARE_SECONDS))
    sys.stdout.buffer.write(msgspec.json.encode(driven) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
