"""What Locust loads: the users of every behaviour, the shape of a campaign, and the listeners that conduct it."""

from __future__ import annotations

from locust import events

from bango_loadtests import staging
from bango_loadtests.shape import CampaignShape  # noqa: F401 - Locust finds it here
from bango_loadtests.users import USERS

globals().update({user.__name__: user for user in USERS.values()})
staging.listen(events)
