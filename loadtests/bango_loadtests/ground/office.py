"""The target's in-house systems before a campaign begins: staff, linkage codes and replicas of those who will be met."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Self
from urllib.parse import quote

import httpx
import msgspec

from bango_loadtests.errors import TargetError
from bango_loadtests.ground.contents import span_of
from bango_loadtests.scene import Account
from bango_mocks.authority import Credential
from bango_mocks.tls import client_context
from bango_spec.interfaces import operation

AT_ONCE = 8
BATCH_ROWS = 1000
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.1
AUTHORITIES = ("inquire", "register", "audit")
UNDER_WAY = frozenset({"accepted", "sent", "waiting", "requested"})


class Office:
    """One body's own systems; use as a context manager."""

    def __init__(self, origin: str, credential: Credential, administrator: Account, tasks: list[str]) -> None:
        self._client = httpx.Client(
            base_url=origin,
            verify=client_context(credential),
            timeout=30.0,
            trust_env=False,
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        )
        self._administrator = administrator
        self._tasks = tasks
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def wait(self, ended: Callable[[], int | None]) -> None:
        """Return once the target answers; LOAD-TARGET when time is up or it ended."""
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.ask("readInHouseHealth", (200,))
            except TargetError:
                if ended() is not None or time.monotonic() > limit:
                    raise
            else:
                return
            time.sleep(PAUSE_SECONDS)

    def staff(self) -> Account:
        """A member of staff who may do all that a campaign does; the office works as that member from now on."""
        self._token = self._session(self._administrator)
        made = Account(f"bango-load-{secrets.token_hex(3)}", str(uuid.uuid4()))
        body = {
            "name": "試験　負荷",
            "department_code": "BANGO",
            "authorities": list(AUTHORITIES),
            "tasks": self._tasks,
            "passphrase": made.passphrase,
        }
        self.ask("putStaff", (200, 201), body, staff_id=made.id)
        self._token = self._session(made)
        return made

    def _session(self, account: Account) -> str:
        told = self.ask("openStaffSession", (201,), {"staff_id": account.id, "passphrase": account.passphrase})
        return str(told["token"])

    def link(self, numbers: Iterable[str], named: Callable[[str, str], None]) -> None:
        """Let the target obtain linkage codes: `named` tells J-LIS who is behind an acquisition number.

        LOAD-PREPARATION when one does not get bound in time.
        """

        def begin(number: str) -> str:
            told = self.ask("requestAcquisition", (201, 202), {"integrated_address_number": number})
            named(str(told["acquisition_number"]), number)
            return str(told["acquisition_number"])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for acquisition in list(pool.map(begin, numbers)):
                self._bound(acquisition)

    def _bound(self, acquisition: str) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            state = self.ask("readAcquisition", (200,), acquisition_number=acquisition)["state"]
            if state == "bound":
                return
            if state == "failed" or time.monotonic() > limit:
                raise TargetError(
                    "LOAD-PREPARATION",
                    f"符号の取得が {state} のままです / an acquisition of a linkage code is {state}",
                    cause="製品が符号を受け取れていません / the product does not take linkage codes in",
                    step="先に bango certify で機能を確かめてください / run bango certify first",
                )
            time.sleep(PAUSE_SECONDS)

    def register(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Register replicas in batches; LOAD-PREPARATION when one is refused."""
        rest = iter(entries)
        while rows := list(islice(rest, BATCH_ROWS)):
            told = self.ask("submitReplicaBatch", (202,), {"entries": rows})
            limit = time.monotonic() + PATIENCE_SECONDS
            while told["pending"] and time.monotonic() < limit:
                time.sleep(PAUSE_SECONDS)
                told = self.ask("readReplicaBatch", (200,), batch_id=told["id"])["batch"]
            if told["pending"] or told["failed"]:
                raise TargetError(
                    "LOAD-PREPARATION",
                    f"副本の一括登録: {told['failed']} 件失敗、{told['pending']} 件未了"
                    f" / batch of replicas: {told['failed']} failed, {told['pending']} pending",
                    step="先に bango certify で機能を確かめてください / run bango certify first",
                )

    def states(self, kind: str, ids: Iterable[str]) -> dict[str, Any]:
        """What the target now says of inquiries, acquisitions (state) or replicas (generation); None of what it does not know.

        What is still under way is looked at again, for as long as patience lasts.
        """
        limit, found = time.monotonic() + PATIENCE_SECONDS, dict[str, Any]()
        waiting = list(ids)
        while waiting:
            found |= {one: self._state(kind, one) for one in waiting}
            waiting = [one for one in waiting if found[one] in UNDER_WAY]
            if time.monotonic() > limit:
                break
            time.sleep(PAUSE_SECONDS if waiting else 0)
        return found

    def _state(self, kind: str, one: str) -> Any:
        if kind == "inquiries":
            told = self.ask("readInquiry", (200, 404), inquiry_id=one)
            return told.get("outcome") or told.get("state")
        if kind == "acquisitions":
            return self.ask("readAcquisition", (200, 404), acquisition_number=one).get("state")
        number, information = one.split("/")
        place = {"integrated_address_number": number, "information": information}
        span = span_of(information)
        query = {"fiscal_year": span["fiscal_year"]} if "fiscal_year" in span else None
        if "period" in span:
            query = {"period": f"{span['period']['from']}/{span['period']['to']}"}
        return self.ask("readReplica", (200, 404), query=query, **place).get("generation")

    def records(self) -> list[dict[str, Any]]:
        """Every provision record of the target, in order; those of its two sides together."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            query = {"limit": "1000", **({"cursor": cursor} if cursor else {})}
            told = self.ask("listRecords", (200,), query=query)
            found += told["records"]
            cursor = told.get("next_cursor") or ""
            if not cursor:
                return found

    def ask(
        self,
        operation_id: str,
        wanted: tuple[int, ...],
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        **path: str,
    ) -> Any:
        """The JSON of a wanted answer; LOAD-TARGET says what came instead."""
        found = operation(operation_id)
        where = found.path
        for name, value in path.items():
            where = where.replace("{" + name + "}", quote(value, safe=""))
        headers = {
            "Bango-Correlation-Id": str(uuid.uuid4()),
            "Bango-Profile-Version": "1.0",
            "Content-Type": "application/json",
        }
        if any(one.get("name") == "Idempotency-Key" for one in found.parameters):
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if found.staff_session:
            headers["Authorization"] = f"Bearer {self._token}"
        content = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._client.request(found.method, where, content=content, headers=headers, params=query)
        except httpx.HTTPError as error:
            raise TargetError(
                "LOAD-TARGET",
                f"{operation_id} に応答がありません / no answer to {operation_id}: {error}",
                cause="製品が動いていないか、宛先や証明書が違います / the product is down, or its address or certificates are wrong",
                step="bango doctor で確かめてください / run bango doctor",
            ) from error
        if answer.status_code not in wanted:
            raise TargetError(
                "LOAD-TARGET",
                f"{operation_id}: {answer.status_code} {answer.text[:800]}",
                cause="製品の状態か、対象ファイルの設定が違います / the product's state or the target file differs",
                step="bango doctor で確かめてください / run bango doctor",
            )
        return msgspec.json.decode(answer.content) if answer.content else None
