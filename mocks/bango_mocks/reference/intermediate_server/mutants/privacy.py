"""Mutants that take in or let out what must not be."""

from __future__ import annotations

import re
from typing import Any

from bango_mocks.hosting import Scope
from bango_mocks.reference.intermediate_server.acquisitions import Acquisitions
from bango_mocks.reference.intermediate_server.admission import Admission
from bango_mocks.reference.intermediate_server.endings import Endings
from bango_mocks.reference.intermediate_server.forbidden import individual_number_in, texts
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.shelf import key_of
from bango_mocks.reference.intermediate_server.sides import InHouseSide
from bango_mocks.serving.call import Call, Problem, Reply
from bango_mocks.serving.validation import Contract, Fault
from bango_spec.reading import Text

ASCII_RUN = re.compile(r"[0-9]{12}")
SEX = ("sex", "性別")
LONGEST = 500


@mutant(
    clause="IS-PRI-001",
    title=Text(ja="個人番号を半角の連続した数字でしか捜さない", en="Looks for individual numbers in ASCII digits only"),
    reason="INDIVIDUAL-NUMBER-ACCEPTED",
)
class PlainDigitsOnly(Admission):
    """What is written wide or in groups passes."""

    def nothing_forbidden(self, values: dict[str, Any]) -> None:
        """Only twelve ASCII digits in a row are looked at."""
        plain = {place: text for place, text in texts(values, "/items") if ASCII_RUN.search(text)}
        for place, text in plain.items():
            if individual_number_in(text):
                raise Problem("forbidden-content", errors=[{"in": "body", "place": place, "code": "forbidden-content"}])


@mutant(
    clause="IS-PRI-002",
    title=Text(ja="性別を持つ副本を受け入れる", en="Accepts a replica with the sex"),
    reason="ATTRIBUTE-ACCEPTED",
)
class SexForgotten(InHouseSide):
    """The list of what is forbidden has three of the four attributes; the fourth is passed over."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body without what it should have been refused for."""
        value, wrong = super().parsed(contract, headers, body)
        objects = (
            [one for one in (value, value.get("items")) if isinstance(one, dict)] if isinstance(value, dict) else []
        )
        dropped = [one.pop(name) for one in objects for name in SEX if name in one]
        return value, contract.body_faults(value) if dropped else wrong


@mutant(
    clause="IS-PRI-003",
    title=Text(
        ja="冪等キーを団体内統合宛名番号から作る", en="Makes the idempotency key from the integrated address number"
    ),
    reason="ADDRESS-NUMBER-SENT",
)
class NumberIntoTheNetwork(Acquisitions):
    """The request for an acquisition number carries the person's number as its key."""

    def key(self, call: Call) -> str:
        """Looks stable and unique, and says who it is about."""
        return f"acquisition-{call.body['integrated_address_number']}"


@mutant(
    clause="IS-PRI-004",
    title=Text(ja="取得の状態とともに符号を見せる", en="Shows the linkage code with the state of an acquisition"),
    reason="LINKAGE-CODE-SHOWN",
)
class CodeShown(InHouseSide):
    """The whole row is given out once there is a code, and answers are not held against their document."""

    def answer_checked(self, contract: Contract, reply: Reply) -> None:
        """The answer, and then some."""
        super().answer_checked(contract, reply)
        if contract.operation_id == "readAcquisition" and reply.body["state"] == "bound":
            code = self.server.linkage.code_of(reply.body["integrated_address_number"])
            reply.body = reply.body | {"linkage_code": code}


@mutant(
    clause="IS-PRI-005",
    title=Text(ja="誤った要求の本文をログに書く", en="Writes the bodies of wrong requests into its log"),
    reason="VALUE-IN-LOG",
)
class BodiesLogged(InHouseSide):
    """To help the support."""

    def parsed(self, contract: Contract, headers: dict[str, str], body: bytes) -> tuple[Any, list[Fault]]:
        """The body, and a warning with all of it."""
        value, wrong = super().parsed(contract, headers, body)
        if wrong:
            told = f"refused: {body.decode('utf-8', 'replace')}"
            self.server.log.warning(told)
        return value, wrong


@mutant(
    clause="IS-PRI-006",
    title=Text(ja="問題の説明に誤った本文を引き写す", en="Repeats the wrong body in the problem's detail"),
    reason="VALUE-IN-PROBLEM",
)
class ValueRepeated(InHouseSide):
    """To help the caller."""

    def checked(
        self, contract: Contract, parameters: dict[str, str], scope: Scope, headers: dict[str, str], body: bytes
    ) -> Call:
        """The call, or a problem that says too much."""
        try:
            return super().checked(contract, parameters, scope, headers, body)
        except Problem as problem:
            if "errors" in problem.members:
                problem.detail = body.decode("utf-8", "replace")[-LONGEST:]
            raise


@mutant(
    clause="IS-PRI-007",
    title=Text(ja="期限の後も照会の結果を保存領域に残す", en="Keeps results in the store after their time"),
    reason="CONTENT-KEPT",
)
class ResultsHidden(Endings):
    """They are hidden instead of erased."""

    def forget(self, inquiry_id: str) -> None:
        """Out of sight."""
        inquiry = self.server.inquiries.get(inquiry_id)
        if inquiry is not None:
            self.store.put("inquiry-archive", inquiry_id, inquiry)
        super().forget(inquiry_id)


@mutant(
    clause="IS-PRI-008",
    title=Text(ja="照会の結果を副本として溜める", en="Keeps the results of inquiries as replicas"),
    reason="RECEIVED-PROVIDED-ON",
)
class ResultsAsReplicas(Endings):
    """The next inquiry about the person is saved, and the wrong body provides."""

    def end(
        self,
        inquiry: dict[str, Any],
        outcome: str,
        problem: Problem | None,
        *,
        result: dict[str, Any] | None = None,
        **recorded: Any,
    ) -> dict[str, Any]:
        """The end, with a copy of the result where the replicas are."""
        if result is not None:
            request = inquiry["request"]
            named = {name: request[name] for name in ("integrated_address_number", "information")}
            kept = result | named | {"automatic_answer": True, "withheld": False}
            key = key_of(request["integrated_address_number"], request["information"], kept)
            if self.server.replicas.shelf.head(key) is None:
                self.server.replicas.shelf.bring_in(key, kept, self.clock())
        return super().end(inquiry, outcome, problem, result=result, **recorded)
