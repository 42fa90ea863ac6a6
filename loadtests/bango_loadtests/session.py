"""The staff session of a process: opened once, used by all its terminals, opened anew before it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import msgspec
from gevent.lock import BoundedSemaphore

from bango_loadtests.client import Client
from bango_loadtests.part import Part

SPARE_SECONDS = 60.0


class Session:
    """A token that several users share; the first who finds it old opens a new one, and the others wait for that."""

    _sessions: dict[int, Session] = {}  # noqa: RUF012 - one for each part

    def __init__(self, part: Part) -> None:
        self._part = part
        self._turn = BoundedSemaphore(1)
        self._token = ""
        self._until = 0.0

    @classmethod
    def of(cls, part: Part) -> Session:
        """The session of a part."""
        return cls._sessions.setdefault(id(part), cls(part))

    def token(self, client: Client, instead_of: str = "") -> str:
        """The token; a new one when the old is nearly over or is the one that did not do. Empty when none is to be had."""
        with self._turn:
            if self._token == instead_of or monotonic() > self._until:
                self._open(client)
            return self._token

    def _open(self, client: Client) -> None:
        staff = self._part.scene.staff
        body = msgspec.json.encode({"staff_id": staff.id, "passphrase": staff.passphrase})
        heard = client.call("openStaffSession", body=body)
        told = heard.json() if heard.good else None
        self._token = ""
        if told:
            self._token = told["token"]
            left = (datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)).total_seconds()
            # An idle limit may be shorter than the whole: a refused token is replaced, too.
            self._until = monotonic() + max(left - SPARE_SECONDS, left / 2)
