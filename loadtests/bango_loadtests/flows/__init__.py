"""What those who come do, one module for each flow of `spec/load/behaviours.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_loadtests.flows.disclosure import Disclosure
from bango_loadtests.flows.file import File
from bango_loadtests.flows.inquiry import Inquiry
from bango_loadtests.flows.linkage import Linkage
from bango_loadtests.flows.presence import Presence
from bango_loadtests.flows.provision import Provision
from bango_loadtests.flows.registration import Registration

if TYPE_CHECKING:
    from bango_loadtests.flows.flow import Flow

FLOWS: dict[str, type[Flow]] = {
    "inquiry": Inquiry,
    "provision": Provision,
    "registration": Registration,
    "disclosure": Disclosure,
    "linkage": Linkage,
    "file": File,
    "presence": Presence,
}
