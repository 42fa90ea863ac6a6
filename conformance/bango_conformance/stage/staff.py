"""The staff that the harness works with at the target: one member for each authority, made by the administrator."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bango_conformance.operations import operation
from bango_conformance.stage.client import Answer, Channel, Unanswered, path_of, unanswered
from bango_reports.model import Exchange
from bango_spec.target import TargetError

if TYPE_CHECKING:
    from bango_spec.target import Staff

AUTHORITIES = ("inquire", "approve", "register", "audit", "administer")
# A session is replaced well before it can run out in the middle of a case.
RENEW_AFTER_SECONDS = 300.0


class StaffDesk:
    """Session tokens by authority; members and sessions are made on first use."""

    def __init__(self, channel: Channel, administrator: Staff, tasks: list[str]) -> None:
        self._channel = channel
        self._tasks = tasks
        self._administrator = administrator
        self._lock = threading.RLock()
        self._passphrases: dict[str, tuple[str, str]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, authority: str) -> str:
        """A session token of a member who holds exactly this authority; `nobody` holds none."""
        with self._lock:
            token, since = self._tokens.get(authority, ("", 0.0))
            if not token or time.monotonic() - since > RENEW_AFTER_SECONDS:
                token = self.open(*self._member(authority))
                self._tokens[authority] = (token, time.monotonic())
            return token

    def staff_id(self, authority: str) -> str:
        """The id of the member who holds exactly this authority."""
        with self._lock:
            return self._member(authority)[0]

    def renew(self) -> None:
        """Forget the open sessions: after the target's clock was moved they may be over."""
        with self._lock:
            self._tokens.clear()

    def secrets(self) -> list[str]:
        """Every passphrase and token in play, for masking."""
        with self._lock:
            tokens = [token for token, _ in self._tokens.values()]
            return [self._administrator.passphrase, *(p for _, p in self._passphrases.values()), *tokens]

    def open(self, staff_id: str, passphrase: str) -> str:
        """Open a session; TARGET-STAFF when the target refuses."""
        answer = self._ask("openStaffSession", body={"staff_id": staff_id, "passphrase": passphrase})
        if answer.status != 201 or not isinstance(answer.json, dict) or "token" not in answer.json:
            raise TargetError(
                "TARGET-STAFF",
                f"職員 {staff_id} の認証ができません / no staff session for {staff_id}: {answer.short()}",
                cause="対象ファイルの [staff] が、対象にいる管理者ではありません"
                " / the [staff] section of the target file is not an administrator's account at the target",
                step="[staff] を直し、bango doctor で確かめてください / correct the account, then run `bango doctor`",
            )
        return str(answer.json["token"])

    def account(self, authorities: str) -> tuple[str, str]:
        """Staff id and passphrase of a member who holds exactly these authorities (`inquire+approve`)."""
        with self._lock:
            return self._member(authorities)

    def _member(self, authority: str) -> tuple[str, str]:
        if authority == "administer":
            return self._administrator.id, self._administrator.passphrase
        if authority not in self._passphrases:
            staff_id, passphrase = (
                f"bango-{authority[:9].rstrip('+').replace('+', '-')}-{secrets.token_hex(2)}",
                f"{uuid.uuid4()}",
            )
            body = {
                "name": f"試験　{authority}",
                "department_code": "BANGO",
                "authorities": [one for one in authority.split("+") if one in AUTHORITIES],
                "tasks": self._tasks,
                "passphrase": passphrase,
            }
            token = self.token("administer")
            answer = self._ask("putStaff", {"staff_id": staff_id}, body=body, token=token)
            if answer.status not in (200, 201):
                raise TargetError(
                    "TARGET-STAFF",
                    f"管理者が職員を加えられません / the administrator cannot add a staff member: {answer.short()}",
                    cause="対象ファイルの [staff] の職員に administer の権限がありません"
                    " / the account of the target file may not administer staff",
                    step="[staff] に管理者を書いてください / name an administrator in the [staff] section",
                )
            self._passphrases[authority] = (staff_id, passphrase)
        return self._passphrases[authority]

    def _ask(
        self, operation_id: str, path: dict[str, str] | None = None, *, body: Mapping[str, object], token: str = ""
    ) -> Answer:
        found = operation(operation_id)
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Bango-Correlation-Id": str(uuid.uuid4())}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            return self._channel.send(
                found.method, path_of(found.path, path or {}), body=body, headers=headers, seen=_unseen, began=0.0
            )
        except Unanswered as silence:
            raise unanswered(self._channel.origin, silence) from silence


def _unseen(exchange: Exchange) -> None:
    """Sessions of the harness's own staff belong to no case."""
