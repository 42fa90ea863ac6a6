"""The interface system as the tests play it."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
from joserfc import jwe, jws
from joserfc.jwk import ECKey
from tests.mocks.reference.samples import EDITION, LAYOUT, LINE, OTHER_BODY, OWN, PEER, SEALING

from bango_mocks.clock import stamp, system_clock
from bango_mocks.serving import Application, Call, Handler, Problem, Reply
from bango_spec.interfaces import operations


class Network:
    """The interface system as the tests play it: it keeps what it is sent and answers what the test says."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
        self.key.ensure_kid()
        self.seen: list[Call] = []
        self.inquiry: Callable[[Call], Reply] = self.answered
        self.answer: Callable[[Call], Reply] = lambda call: Reply(
            200, {"permit_id": call.body["permit_id"], "state": "answered"}
        )
        self.down = False
        self.changed = threading.Condition()
        self.lines = [
            {"edition": EDITION, "item": "74", "line": 1, "asker": "municipal-mayor", "provider": "municipal-mayor"}
            | LINE
        ]

    def application(self) -> Application:
        made: dict[str, Handler] = {one.operation_id: self.other for one in operations("interface-system")}
        made |= {
            "obtainAcquisitionNumber": self.acquisition,
            "relayInquiry": self.relay,
            "relayAnswer": self.late,
            "relayWithdrawal": self.withdrawal,
            "forwardLinkageRevocation": self.revocation,
            "readAllowList": self.allow_list,
            "readDirectory": self.directory,
            "readKeys": self.keys,
        }
        return Application("interface-system", made)

    def note(self, call: Call) -> None:
        if self.down:
            raise Problem("core-down")
        with self.changed:
            self.seen.append(call)
            self.changed.notify_all()

    def sent(self, operation: str, **members: Any) -> list[Call]:
        return [
            call
            for call in list(self.seen)
            if call.operation == operation and all(call.body.get(name) == value for name, value in members.items())
        ]

    def wait(self, operation: str, count: int = 1, **members: Any) -> list[Call]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.sent(operation, **members)) >= count, 10)
        return self.sent(operation, **members)

    async def other(self, call: Call) -> Reply:
        self.note(call)
        if call.operation == "readInterfaceHealth":
            return Reply(200, {"status": "up", "time": stamp(system_clock()), "checks": []})
        raise Problem("internal-error")

    async def acquisition(self, call: Call) -> Reply:
        self.note(call)
        now = system_clock()
        number = f"{secrets.randbelow(10**20):020d}"
        return Reply(
            201,
            {
                "acquisition_number": number,
                "issued_at": stamp(now),
                "expires_at": stamp(now + dt.timedelta(days=1)),
            },
        )

    async def relay(self, call: Call) -> Reply:
        self.note(call)
        return self.inquiry(call)

    async def late(self, call: Call) -> Reply:
        self.note(call)
        return self.answer(call)

    async def withdrawal(self, call: Call) -> Reply:
        self.note(call)
        return Reply(200, {"permit_id": call.body["permit_id"], "state": "withdrawn"})

    async def revocation(self, call: Call) -> Reply:
        self.note(call)
        return Reply(200, {"state": "revoked", "revoked_at": stamp(system_clock())})

    async def allow_list(self, call: Call) -> Reply:
        return Reply(200, {"edition": call.query.get("edition", EDITION), "entries": self.lines})

    async def directory(self, _call: Call) -> Reply:
        one = {"name": "試験市", "kinds": ["municipal-mayor"], "admitted": True}
        bodies = [
            one | {"body": OWN, "municipality": "631019"},
            one
            | {
                "body": PEER,
                "municipality": "631027",
                "wards": ["631116"],
                "predecessors": [{"municipality": "632015", "until": "2015-03-31"}],
            },
            one | {"body": OTHER_BODY, "municipality": "632015", "replaced_by": PEER, "admitted": False},
        ]
        return Reply(200, {"bodies": bodies})

    async def keys(self, _call: Call) -> Reply:
        return Reply(200, {"keys": [self.key.as_dict(private=False)]})

    @staticmethod
    def content(call: Call, permit_id: str, /, **changes: Any) -> dict[str, Any]:
        return {
            "permit_id": permit_id,
            "information": call.body["information"],
            "layout_version": LAYOUT,
            "generation": 1,
            "updated_at": "2020-06-10T18:00:00+09:00",
            "items": {"TK90000000200001": 120000},
        } | changes

    def sealed(self, call: Call, permit_id: str, /, **changes: Any) -> dict[str, Any]:
        key = ECKey.import_key(call.body["encryption_key"])
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "permit_id": permit_id}
        token = jwe.encrypt_compact(
            header, msgspec.json.encode(self.content(call, permit_id, **changes)), key, registry=SEALING
        )
        return {
            "permit_id": permit_id,
            "outcome": "provided",
            "answered_at": stamp(system_clock()),
            "layout_version": LAYOUT,
            "content": token,
            "withheld": False,
        }

    def answered(self, call: Call) -> Reply:
        return Reply(200, self.sealed(call, str(uuid.uuid4())))

    def refused(self, _call: Call) -> Reply:
        raise Problem("not-permitted")

    def waits(self, _call: Call, permit_id: str | None = None) -> Reply:
        expires = stamp(system_clock() + dt.timedelta(days=15))
        return Reply(202, {"permit_id": permit_id or str(uuid.uuid4()), "state": "waiting", "expires_at": expires})

    def permit(self, signer: ECKey | None = None, **claims: Any) -> str:
        now = system_clock()
        made = {
            "permit_id": str(uuid.uuid4()),
            "edition": EDITION,
            "asker": PEER,
            "provider": OWN,
            **LINE,
            "requested_at": "2020-09-07T09:30:00+09:00",
            "issued_at": stamp(now),
            "expires_at": stamp(now + dt.timedelta(minutes=5)),
            "asker_withheld": False,
        } | claims
        header = {"alg": "ES256", "kid": self.key.kid}
        return jws.serialize_compact(header, msgspec.json.encode(made), signer or self.key, algorithms=["ES256"])
