"""What a check works with: its own persons, the ways into the target, what the target sent, and the evidence of it all."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from bango_conformance.findings import Broken, Located, Unmet
from bango_conformance.operations import operation
from bango_conformance.stage.client import Answer, Channel, Unanswered, path_of
from bango_conformance.stage.inbox import Received
from bango_reports.model import Evidence, Exchange

if TYPE_CHECKING:
    from bango_conformance.obligation import Obligation
    from bango_conformance.stage import Stage
    from bango_conformance.subject import Subject

PERSONS = 16
# Walks try many courses of events, each with persons of its own: they come from beyond those of the other cases, and stay
# within what a body of some size knows.
CROWD, CROWD_BEGINS, CROWDS = 256, 100_000, 1024
PLAYER_OF = {"intermediate-server.in-house": "in-house", "intermediate-server.network": "interface-system"}


class Case:
    """One run of one obligation."""

    def __init__(self, stage: Stage, obligation: Obligation, ordinal: int) -> None:
        self.stage = stage
        self.obligation = obligation
        self.ordinal = ordinal
        self.keys: set[str] = set()
        self._began = time.perf_counter()
        self._sent: list[Exchange] = []
        self._subjects = itertools.count()
        self._taken: list[Subject] = []

    # --- calls -------------------------------------------------------------------------------------------------

    def ask(
        self,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        body: Any = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        staff: str | None = None,
        player: str | None = None,
        channel: Channel | None = None,
    ) -> Answer:
        """Call an operation of the target; `staff` names the authority whose session goes along; Broken if nothing answers.

        A header with an empty value is left out, also one that every call carries.
        """
        found = operation(operation_id)
        fields = {"Bango-Correlation-Id": str(uuid.uuid4())}
        if found.method in ("POST", "PUT"):
            fields["Idempotency-Key"] = uuid.uuid4().hex
        if staff is not None:
            fields["Authorization"] = f"Bearer {self.stage.staff.token(staff)}"
        fields |= headers or {}
        self.keys.add(fields["Bango-Correlation-Id"])
        return self.send(
            player or PLAYER_OF[found.document],
            found.method,
            path_of(found.path, path or {}),
            query=query,
            body=body,
            raw=raw,
            headers=fields,
            channel=channel,
            label=operation_id,
        )

    def send(
        self,
        player: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        body: Any = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        channel: Channel | None = None,
        label: str = "",
    ) -> Answer:
        """Any request, also one that no document has; Broken if nothing answers."""
        way = channel or self.stage.channel(player)
        try:
            return way.send(
                method,
                path,
                body=body,
                raw=raw,
                headers=headers,
                query=query,
                seen=lambda exchange: self.saw(msgspec.structs.replace(exchange, label=label)),
                began=self._began,
            )
        except Unanswered as silence:
            raise Broken(
                "NO-ANSWER",
                sent=f"{method} {label or path}",
                expected="an HTTP answer",
                came=str(silence),
            ) from silence

    def need(self, answer: Answer, *statuses: int) -> Answer:
        """A step that prepares the check must succeed, or nothing can be said about the clause."""
        if answer.status not in statuses:
            raise Unmet(
                f"準備の段階で想定外の応答がありました（{answer.short()}）。",
                f"a preparing step was answered {answer.short()}, expected {' or '.join(map(str, statuses))}",
            )
        return answer

    def saw(self, exchange: Exchange) -> None:
        """Keep an exchange that the case made by other ways as evidence."""
        self._sent.append(exchange)

    def last_sent(self) -> Exchange:
        """The case's last exchange with the target."""
        return self._sent[-1]

    def subjects(self) -> tuple[Subject, ...]:
        """The persons that the case has taken so far."""
        return tuple(self._taken)

    @property
    def began(self) -> float:
        """When the case began (`time.perf_counter`)."""
        return self._began

    def hook(self, name: str, **more: str) -> bytes:
        """Run a hook of the vendor's; what it wrote. Unmet when the run has none."""
        hooks = self.stage.hooks
        if hooks is None or not hooks.has(name):
            raise Unmet(
                f"前提「hook:{name}」が対象ファイルにありません。", f"the target file does not give hook:{name}"
            )
        return hooks.run(name, **more)

    # --- findings ----------------------------------------------------------------------------------------------

    def fail(  # one keyword for each thing that a reader of the failure needs
        self, code: str, *, sent: str, expected: str, came: str, clause: str | None = None, located: Located = "sent"
    ) -> NoReturn:
        """The target broke a clause."""
        raise Broken(code, sent=sent, expected=expected, came=came, clause=clause, located=located)

    def refused(
        self, answer: Answer, code: str, reasons: tuple[str, ...], *, sent: str, clause: str | None = None
    ) -> None:
        """The target had to refuse, and for one of these reasons (codes of the error catalogue)."""
        if answer.status < 400 or answer.problem not in reasons:
            self.fail(
                code, sent=sent, expected=f"a refusal with {' or '.join(reasons)}", came=answer.short(), clause=clause
            )

    # --- persons -----------------------------------------------------------------------------------------------

    def subject(self) -> Subject:
        """A person of this case's own, known to no other case."""
        from bango_conformance.subject import Subject  # noqa: PLC0415 - a subject needs the case

        n = next(self._subjects)
        place = self.ordinal * PERSONS + n if n < PERSONS else CROWD_BEGINS + self.ordinal % CROWDS * CROWD + n
        if n >= CROWD:
            raise LookupError(f"{self.obligation.id} asks for more than {CROWD} persons")
        made = Subject(self, self.stage.person(place))
        self.stage.hide(made)
        self._taken.append(made)
        return made

    # --- what the target sent ----------------------------------------------------------------------------------

    def received(self, operation_id: str | None = None) -> list[Received]:
        """What the target sent on this case's account, in the order of arrival."""
        found = self.stage.inbox.of(self.keys)
        return [one for one in found if operation_id in (None, one.operation)]

    def await_received(self, operation_id: str, seconds: float = 10.0) -> Received | None:
        """The first request to this operation on this case's account; None when none came in time."""
        return self.stage.inbox.wait(lambda: list(self.keys), lambda one: one.operation == operation_id, seconds)

    # --- evidence ----------------------------------------------------------------------------------------------

    def evidence(self) -> Evidence:
        """All exchanges of the case in the order of time."""
        came = [
            msgspec.structs.replace(one.exchange, offset_ms=round((one.at - self._began) * 1000, 1))
            for one in self.stage.inbox.of(self.keys)
        ]
        exchanges = sorted([*self._sent, *came], key=lambda exchange: exchange.offset_ms)
        return Evidence(obligation=self.obligation.id, exchanges=tuple(exchanges), masked=False)
