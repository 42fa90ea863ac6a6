"""The shape of the load as Locust asks for it: the campaign's users at once, until the campaign says that it is over."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from locust import LoadTestShape

from bango_loadtests.users import USERS, CampaignUser, count_of
from bango_spec.load import Campaign


class CampaignShape(LoadTestShape):
    """As many users as the campaign has; arrivals are paced by the users' own schedules, not by their number."""

    over: Callable[[], bool]
    classes: tuple[type[CampaignUser], ...] = ()

    def tick(self) -> Any:
        """Users, users a second, and their classes; None at the end."""
        if not self.classes or type(self).over():
            return None
        users = sum(one.fixed_count for one in self.classes)
        return users, max(users, 1), list(self.classes)


def settle(campaign: Campaign, scale: float, known: list[Any], chosen_by: Namespace | None = None) -> list[Any]:
    """Give every user class its number of users; those of the campaign that Locust's own options leave in."""
    loads = {one.behaviour: one for one in campaign.loads}
    chosen = []
    for name, user in USERS.items():
        user.fixed_count = count_of(campaign, loads[name], scale) if name in loads else 0
        if user.fixed_count and user in known and _tagged(user, chosen_by):
            chosen.append(user)
    return chosen


def _tagged(user: type[CampaignUser], options: Namespace | None) -> bool:
    # Locust itself takes the tasks out only when the test begins, and then makes users without any.
    if options is None:
        return True
    tags = {user.behaviour.id, user.behaviour.flow, user.behaviour.role}
    return (not options.tags or bool(tags & set(options.tags))) and not tags & set(options.exclude_tags or ())
