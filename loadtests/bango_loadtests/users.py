"""Locust's users: one class for each behaviour of the spec. They arrive by their schedule, or come again as soon as they are done."""

from __future__ import annotations

from time import monotonic
from typing import Any, ClassVar

import gevent
from gevent.event import Event
from gevent.pool import Group
from locust import User, constant, tag, task

from bango_loadtests.flows import FLOWS
from bango_loadtests.part import Part
from bango_loadtests.schedule import arrivals, connections
from bango_loadtests.tally import OK
from bango_spec import load
from bango_spec.load import Behaviour, Campaign, Load


class CampaignUser(User):
    """A user of one behaviour; what it does stands in the behaviour's flow."""

    abstract = True
    wait_time = constant(0)
    behaviour: ClassVar[Behaviour]
    part: ClassVar[Part]
    """The process's part in the campaign, set when the process has read the scene."""
    ready: ClassVar[Event] = Event()
    """Set from then on."""

    def on_start(self) -> None:
        """Take a schedule and connect; the campaign's clock may not run yet."""
        self.ready.wait()
        self._plan = next(one for one in self.part.campaign.loads if one.behaviour == self.behaviour.id)
        self._draw = self.part.draws(self.behaviour.id)
        self._flow = FLOWS[self.behaviour.flow](self.part, self.environment, self.behaviour, self._plan, self._draw)
        self._under_way = Group()
        self._due: Any = None

    def on_stop(self) -> None:
        """End what is still under way and close the connections."""
        self._under_way.kill()
        self._flow.close()

    def work(self) -> None:
        """One turn: the next arrival, or the whole of one flow."""
        self.part.begin.wait()
        if self._plan.rate is not None:
            self._arrive()
        else:
            self._go_on()

    def _arrive(self) -> None:
        part = self.part
        if self._due is None:
            self._due = self._arrivals()
        due = next(self._due, None)
        if due is None:
            gevent.sleep(1)
            return
        moment = part.began + due
        gevent.sleep(max(moment - monotonic(), 0))
        if due >= part.campaign.warm_up_seconds:
            part.late(monotonic() - moment)
        self._under_way.spawn(self._guarded, moment)

    def _arrivals(self) -> Any:
        part, plan = self.part, self._plan
        assert plan.rate is not None  # noqa: S101 - only open loads arrive
        share = plan.rate.a_second() * part.scene.scale / count_of(part.campaign, plan, part.scene.scale)
        begun = part.now()
        return (due for due in arrivals(part.campaign, plan, share, part.seconds, self._draw) if due >= begun)

    def _go_on(self) -> None:
        part, plan = self.part, self._plan
        now = part.now()
        if now < plan.from_ * part.seconds:
            gevent.sleep(min(plan.from_ * part.seconds - now, 1))
        elif now >= plan.until * part.seconds:
            self._flow.close()
            gevent.sleep(1)
        else:
            self._guarded(monotonic())
            gevent.sleep(self.behaviour.pause_seconds)

    def _guarded(self, due: float) -> None:
        self.part.in_flight += 1
        try:
            self._flow.go(due)
        finally:
            self.part.in_flight -= 1


def count_of(campaign: Campaign, plan: Load, scale: float) -> int:
    """How many users a load has: its clients, or as many as its connections."""
    if plan.rate is None:
        return plan.clients or 0
    most = max((stage.times for stage in campaign.stages), default=1.0)
    return connections(plan.rate.a_second() * scale * most)


def _user(behaviour: Behaviour) -> type[CampaignUser]:
    @tag(behaviour.id, behaviour.flow, behaviour.role)
    @task
    def work(self: CampaignUser) -> None:
        self.work()

    name = "".join(word.title() for word in behaviour.id.split("-"))
    members = {"__doc__": behaviour.what.en, "behaviour": behaviour, "work_task": work, "abstract": False}
    return type(name, (CampaignUser,), members)


USERS: dict[str, type[CampaignUser]] = {one.id: _user(one) for one in load.every("behaviours")}
"""Behaviour → user class, as Locust finds them in the locustfile."""

__all__ = ["OK", "USERS", "CampaignUser", "count_of"]
