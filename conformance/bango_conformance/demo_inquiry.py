"""One inquiry through a standing network, as two bodies' own systems do it: codes, a replica, the question, the answer."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bango_conformance.operations import operation
from bango_conformance.stage.client import Channel, path_of
from bango_conformance.stage.staff import StaffDesk
from bango_conformance.subject import FINAL, FISCAL_YEAR, items_of, layout_of, span_of
from bango_conformance.times import stamp
from bango_mocks.clock import system_clock
from bango_mocks.standing import ADMINISTRATOR
from bango_mocks.tls import client_context
from bango_spec.allow_list import allow_list, party_kinds
from bango_spec.errors import BangoError
from bango_spec.items import code, kind
from bango_spec.reading import Text
from bango_spec.target import Staff
from bango_spec.vocabulary import information_by_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from bango_mocks.population import Person
    from bango_mocks.reference_process import ReferenceProcess
    from bango_mocks.standing import Standing
    from bango_reports.model import Exchange
    from bango_spec.allow_list import Entry

# 児童手当の支給 and the tax information that it rests on: an inquiry that every municipality makes.
ITEM, INFORMATION = "74", "local-tax"
SECONDS = 20.0
PAUSE = 0.02


class UnexpectedError(BangoError):
    """The network did not do what the spec says."""

    exit_code = 1


@dataclass
class Office:
    """One body's own systems: the way into its server, the way to J-LIS, and its staff."""

    process: ReferenceProcess
    in_house: Channel
    jlis: Channel
    desk: StaffDesk

    def ask(
        self,
        operation_id: str,
        wanted: int,
        *,
        path: dict[str, str] | None = None,
        body: Any = None,
        staff: str | None = None,
    ) -> Any:
        """Call an operation; DEMO-ANSWER for any status but the wanted one."""
        found = operation(operation_id)
        headers = {"Idempotency-Key": uuid.uuid4().hex} if found.method in {"POST", "PUT"} else {}
        if staff is not None:
            headers["Authorization"] = f"Bearer {self.desk.token(staff)}"
        way = self.jlis if found.document == "jlis" else self.in_house
        where = path_of(found.path, path or {})
        answer = way.send(found.method, where, body=body, headers=headers, seen=_unseen, began=0.0)
        if answer.status != wanted:
            raise UnexpectedError("DEMO-ANSWER", f"{found.method} {where}: {answer.short()}, expected {wanted}")
        return answer.json


def inquire(standing: Standing, tell: Callable[[str, str], None]) -> None:
    """Body A asks body B about a resident, end to end; UnexpectedError unless the content that comes is B's replica."""
    first, second = standing.processes[:2]
    line = line_between(standing, first, second)
    with ExitStack() as closing:
        asker, provider = (_office(standing, one, line, closing) for one in (first, second))
        person = standing.network.population.person(provider.process.setting.body, 0)
        for office in (asker, provider):
            _link(standing, office, person)
        tell(
            "二つの機関が、同じ住民のそれぞれ別の符号を得ました（個人番号は中間サーバーを通りません）",
            "both bodies hold a linkage code of one resident, each its own (no individual number passed a server)",
        )
        content = _register(standing, provider, person, line)
        registered = information_by_code(line.information)
        tell(
            f"提供側が副本を登録しました: {registered.ja}（{line.information}）",
            f"the provider registered a replica: {registered.en} ({line.information})",
        )
        answer = _answered(standing, asker, provider, person, line)
    if answer.get("outcome") != "provided" or answer.get("result", {}).get("items") != content["items"]:
        raise UnexpectedError("DEMO-OUTCOME", f"the inquiry came to {answer.get('state')} {answer.get('outcome')}")
    name, value = _example(line.information, content["items"])
    tell(
        f"照会の答えが届きました: {len(content['items'])} 項目、例 {name.ja} {value}"
        f"（別表第二の{line.item}の項、{line.line}行目による）",
        f"the answer came: {len(content['items'])} items, for example {name.en} {value}"
        f" (by Schedule 2, item {line.item}, line {line.line})",
    )


def _example(information: str, items: dict[str, Any]) -> tuple[Text, str]:
    """An item with a plain value, by its name."""
    named = information_by_code(information).id
    for item in kind(named).items:
        value = items.get(code(named, item.no))
        if isinstance(value, int) and not isinstance(value, bool):
            return item.names, f"{value:,}"
    first, value = next(iter(items.items()))
    return Text(ja=first, en=first), str(value)


def line_between(standing: Standing, asker: ReferenceProcess, provider: ReferenceProcess) -> Entry:
    """A line of the table by which one body may ask the other, the well-known one if there is it."""
    asking, providing = party_kinds(asker.setting.parties), party_kinds(provider.setting.parties)
    allowed = [one for one in allow_list(standing.order.edition) if one.asker in asking and one.provider in providing]
    if not allowed:
        raise UnexpectedError("DEMO-LINE", "no line of the table lets the first body ask the second")
    usual = (one for one in allowed if one.item == ITEM and information_by_code(one.information).id == INFORMATION)
    return next(usual, allowed[0])


def _office(standing: Standing, process: ReferenceProcess, line: Entry, closing: ExitStack) -> Office:
    context = client_context(standing.network.credential("in-house", process.setting.body))
    in_house = Channel(process.in_house, context, "in-house")
    jlis = Channel(standing.network.urls["jlis"], context, "in-house")
    for channel in (in_house, jlis):
        closing.callback(channel.close)
    desk = StaffDesk(in_house, Staff(id=ADMINISTRATOR, passphrase=process.setting.passphrase), [line.task])
    return Office(process, in_house, jlis, desk)


def _number(standing: Standing, office: Office, person: Person) -> str:
    return standing.network.population.integrated_address_number(office.process.setting.body, person)


def _link(standing: Standing, office: Office, person: Person) -> None:
    body = {"integrated_address_number": _number(standing, office, person)}
    number = office.ask("requestAcquisition", 201, body=body, staff="register")["acquisition_number"]
    request = {"acquisition_number": number, "individual_number": person.individual_number}
    office.ask("requestLinkage", 202, body=request)
    path = {"acquisition_number": number}
    _await(lambda: office.ask("readAcquisition", 200, path=path, staff="register"), frozenset({"bound", "failed"}))


def _register(standing: Standing, office: Office, person: Person, line: Entry) -> dict[str, Any]:
    number = _number(standing, office, person)
    content = {
        "layout_version": layout_of(line.information),
        "generation": 1,
        "updated_at": stamp(system_clock()),
        "automatic_answer": True,
        "withheld": False,
        **span_of(line.information),
        "items": items_of(line.information, int(number), FISCAL_YEAR),
    }
    path = {"integrated_address_number": number, "information": line.information}
    office.ask("putReplica", 201, path=path, body=content, staff="register")
    return content


def _answered(standing: Standing, asker: Office, provider: Office, person: Person, line: Entry) -> dict[str, Any]:
    body = {
        "record_id": f"R{uuid.uuid4().hex[:19]}",
        "integrated_address_number": _number(standing, asker, person),
        "requested_at": stamp(system_clock()),
        "department_code": "BANGO",
        "asker": asker.process.setting.body,
        "asker_withheld": False,
        "task": line.task,
        "procedure": line.procedure,
        "provider": provider.process.setting.body,
        "information": line.information,
        **span_of(line.information),
    }
    path = {"inquiry_id": str(asker.ask("submitInquiry", 202, body=body, staff="inquire")["inquiry_id"])}
    return _await(lambda: asker.ask("readInquiry", 200, path=path, staff="inquire"), FINAL)


def _await(read: Callable[[], Any], states: frozenset[str]) -> dict[str, Any]:
    limit = time.monotonic() + SECONDS
    while True:
        found: dict[str, Any] = read()
        if found["state"] in states:
            return found
        if time.monotonic() > limit:
            raise UnexpectedError("DEMO-SLOW", f"still {found['state']} after {SECONDS:.0f} seconds")
        time.sleep(PAUSE)


def _unseen(exchange: Exchange) -> None:
    """The demo keeps no evidence."""
