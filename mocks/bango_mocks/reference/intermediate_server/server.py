"""The intermediate server put together from its parts, and served on both its sides."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from dataclasses import fields
from typing import Any, Self, TypeVar

from bango_mocks.clock import Clock, system_clock
from bango_mocks.hosting import Host, Served
from bango_mocks.reference.intermediate_server.blueprint import Blueprint
from bango_mocks.reference.intermediate_server.config import Config, Listen
from bango_mocks.reference.intermediate_server.front import Front
from bango_mocks.reference.intermediate_server.log import log_stream, logger
from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Handler
from bango_mocks.store import Store

T = TypeVar("T")
SIDES = ("in_house_side", "network_side")


class IntermediateServer:
    """The parts of one body's server as attributes, by the names of the blueprint."""

    def __init__(
        self,
        config: Config,
        *,
        store: Store | None = None,
        clock: Clock = system_clock,
        plan: Blueprint | None = None,
    ) -> None:
        plan = plan or Blueprint()
        self.config = config
        self.clock = clock
        self.store = store or Store(config.store)
        self._log_stream = log_stream(config.log_file)
        self.log = logger(self._log_stream)
        self.tasks: set[asyncio.Task[Any]] = set()
        self.agenda = plan.agenda(self)
        self.transport = plan.transport(self)
        self.upstream = plan.upstream(self)
        self.outbox = plan.outbox(self)
        self.lists = plan.lists(self)
        self.allow_list = plan.allow_list(self)
        self.directory = plan.directory(self)
        self.keys = plan.keys(self)
        self.idempotency = plan.idempotency(self)
        self.staff = plan.staff(self)
        self.sessions = plan.sessions(self)
        self.operation_log = plan.operation_log(self)
        self.records = plan.records(self)
        self.failures = plan.failures(self)
        self.metrics = plan.metrics(self)
        self.system = plan.system(self)
        self.acquisitions = plan.acquisitions(self)
        self.linkage = plan.linkage(self)
        self.admission = plan.admission(self)
        self.replicas = plan.replicas(self)
        self.replica_batches = plan.replica_batches(self)
        self.reconciliation = plan.reconciliation(self)
        self.outcomes = plan.outcomes(self)
        self.record_ids = plan.record_ids(self)
        self.inquiries = plan.inquiries(self)
        self.inquiry_files = plan.inquiry_files(self)
        self.asking = plan.asking(self)
        self.endings = plan.endings(self)
        self.opening = plan.opening(self)
        self.answers = plan.answers(self)
        self.permits = plan.permits(self)
        self.contents = plan.contents(self)
        self.provisions = plan.provisions(self)
        self.approvals = plan.approvals(self)
        self.withdrawals = plan.withdrawals(self)
        self.disclosure = plan.disclosure(self)
        self.notices = plan.notices(self)
        self.parts: tuple[Part, ...] = tuple(
            getattr(self, field.name) for field in fields(plan) if field.name not in SIDES
        )
        self.handlers: dict[str, Handler] = {
            operation: handler for part in self.parts for operation, handler in part.handlers().items()
        }
        self.due: dict[str, Callable[[str], None]] = {
            topic: what for part in self.parts for topic, what in part.due().items()
        }
        self.in_house = plan.in_house_side(self)
        self.network = plan.network_side(self)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a coroutine in the background; its failure is logged, and it ends with the server."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.log.error("background-failed", error=type(task.exception()).__name__)

    async def wake(self) -> None:
        """Do what is due, take up again what a restart interrupted, and look for revocations from now on."""
        self.agenda.run()
        for part in self.parts:
            part.resume()
        await self.store.durable()
        self.spawn(self.transport.watch())
        self.spawn(self.agenda.watch())

    async def rest(self) -> None:
        """End the background work and the connections into the network."""
        running = list(self.tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.upstream.close()
        self.store.close()
        if self._log_stream is not sys.stderr:
            self._log_stream.close()


class Running:
    """A server that is being served by a host; a context manager that ends it cleanly."""

    def __init__(self, server: IntermediateServer, host: Host) -> None:
        self.server = server
        self._host = host
        host.call(server.wake())
        self.in_house: Served = self._serve(server.in_house, server.config.in_house)
        self.network: Served = self._serve(server.network, server.config.network)

    def _serve(self, side: Front, listen: Listen) -> Served:
        context = self.server.transport.listening()
        served = self._host.serve(side, None, listen.host, listen.port, listen.advertise, context)
        side.connections = served.server.server_state.connections
        return served

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Answer what has begun, then end."""
        for served in (self.in_house, self.network):
            self._host.stop(served)
        with contextlib.suppress(asyncio.CancelledError):
            self._host.call(self.server.rest())
