"""Which permits open the door: the core's own, for this request, in time, once."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bango_conformance import forging
from bango_conformance.covering import COORDINATES, Cover
from bango_conformance.kinds._permission_words import COORDINATES as WORDS
from bango_conformance.lines import asked_of, entries_of, own_kinds
from bango_conformance.obligation import Obligation
from bango_conformance.stage.peers import peer_code
from bango_conformance.times import stamp
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.forging import Claims
    from bango_conformance.stage.client import Answer
    from bango_conformance.subject import AllowedLine, Provision, Subject
    from bango_conformance.suite import Scope
    from bango_mocks.core.permits import PermitSigner
    from bango_spec.allow_list import Entry

ELEMENT = "interfaces/common#PermitClaims"
FORGERIES: tuple[tuple[str, Callable[[Claims, PermitSigner], str], Text], ...] = (
    ("other-key", forging.by_stranger_as_core, Text(ja="他の鍵で署名した許可", en="a permit signed with another key")),
    (
        "unknown-key",
        forging.by_stranger,
        Text(ja="コアのものでない鍵の許可", en="a permit of a key the core never had"),
    ),
    ("key-inside", forging.with_own_key_inside, Text(ja="鍵を自ら添えた許可", en="a permit that brings its own key")),
    ("unsigned", forging.unsigned, Text(ja="署名なし（alg none）の許可", en="an unsigned permit (alg none)")),
    ("no-signature", forging.without_signature, Text(ja="署名が空の許可", en="a permit with an empty signature")),
    (
        "public-key-as-secret",
        forging.with_public_key_as_secret,
        Text(ja="公開鍵を秘密として署名した許可", en="a permit signed with the public key as a secret (HS256)"),
    ),
    ("altered", forging.altered, Text(ja="署名の後に一文字変えた許可", en="a permit changed by one character")),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Forged, out of time, for something else, used before."""
    cover = Cover(scope.edition, own_kinds(scope), "provider")
    if not cover.own:
        return
    base = cover.own[0]
    line = asked_of(scope, base)
    for number, (name, forge, title) in enumerate(FORGERIES):
        yield _one(f"forged.{name}", "IS-PRV-001", title, _refuses(line, forge), smoke=number == 0)
    yield _one(
        "expired",
        "IS-PRV-003",
        Text(ja="期限を過ぎた許可", en="a permit past its time"),
        _refuses_claims(line, "permit-expired", _past),
        smoke=True,
    )
    for coordinate in COORDINATES:
        other = _with_another(cover, base, coordinate, scope)
        word = WORDS[coordinate]
        title = Text(ja=f"{word.ja}が求めと異なる許可", en=f"a permit whose {word.en} differs from the request")
        check = _refuses_claims(line, "permit-mismatch", _saying(other))
        yield _one(f"mismatch.{coordinate}", "IS-PRV-002", title, check)
    title = Text(ja="他の機関に宛てた許可と求め", en="a permit and a request meant for another body")
    yield _one("mismatch.other-body", "IS-PRV-002", title, _refuses_other_body(line))
    for name, title, check in (
        (
            "key",
            Text(ja="同じ許可と別の暗号鍵の求め", en="a used permit with another key"),
            _refuses_reuse(line, other_key),
        ),
        (
            "person",
            Text(ja="同じ許可と別の人の求め", en="a used permit for another person"),
            _refuses_reuse(line, other_person),
        ),
    ):
        yield _one(f"reused.{name}", "IS-PRV-004", title, check)
    yield Obligation(
        id="permission.permit.repeated",
        kind="permission",
        clauses=("IS-PRV-004",),
        element=ELEMENT,
        title=Text(ja="同じ求めの再送に同じ応答を返す", en="Gives the same answer to the same request sent again"),
        check=_repeats(line),
    )
    for member in ("jku", "x5u"):
        yield Obligation(
            id=f"permission.permit.fetches-nothing.{member}",
            kind="permission",
            clauses=("IS-TRN-010",),
            element=f"{ELEMENT}/{member}",
            title=Text(
                ja=f"許可の{member}のURLへ接続せず、その許可を拒む",
                en=f"Does not contact the {member} URL of a permit, and refuses the permit",
            ),
            check=_fetches_nothing(line, member),
        )


def _one(name: str, clause: str, what: Text, check: Callable[[Case], None], *, smoke: bool = False) -> Obligation:
    return Obligation(
        id=f"permission.permit.{name}",
        kind="permission",
        clauses=(clause,),
        element=ELEMENT,
        title=Text(ja=f"{what.ja}を拒む", en=f"Refuses {what.en}"),
        check=check,
        smoke=smoke,
    )


def _with_another(cover: Cover, base: Entry, coordinate: str, scope: Scope) -> dict[str, str]:
    """The coordinate as a permit for another line of the table would have it."""
    # A body with few lines may have but one party, task or kind of information: then anybody's line gives another.
    entries = (*cover.own, *entries_of(scope.edition))
    if coordinate == "provider":
        return {"provider": peer_code(_foreign(scope, entries))}
    held = getattr(base, coordinate)
    other = next(getattr(entry, coordinate) for entry in entries if getattr(entry, coordinate) != held)
    return {coordinate: peer_code(other) if coordinate == "asker" else other}


def _foreign(scope: Scope, entries: Sequence[Entry]) -> str:
    """A party that asks and that the body is not; where it is every one of them, the first: a peer is another body still."""
    own = own_kinds(scope)
    return next((entry.asker for entry in entries if entry.asker not in own), entries[0].asker)


def _ready(case: Case, line: AllowedLine) -> Subject:
    subject = case.subject()
    subject.link()
    subject.put(line.information)
    return subject


def _must_serve(case: Case, subject: Subject, line: AllowedLine) -> None:
    # Bound to its cause: with a right permit the same request is served.
    case.need(case.ask("requestProvision", body=subject.provision(line).body), 200)


def _expect(case: Case, answer: Answer, codes: tuple[str, ...], sent: str) -> None:
    case.refused(answer, "PERMIT-HONOURED", codes, sent=sent)


def _refuses(line: AllowedLine, forge: Callable[[Claims, PermitSigner], str]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = _ready(case, line)
        provision = subject.provision(line)
        permit = forge(provision.claims, case.stage.core.signer)
        # An empty signature breaks the form of a permit, too: either reason names the permit as what is wrong.
        codes = ("permit-forged", "malformed-request") if permit.endswith(".") else ("permit-forged",)
        answer = case.ask("requestProvision", body=provision.body | {"permit": permit})
        _expect(case, answer, codes, (forge.__doc__ or "").rstrip("."))
        _must_serve(case, subject, line)

    return check


def _refuses_claims(line: AllowedLine, code: str, change: Callable[[Case], dict[str, Any]]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = _ready(case, line)
        changed = change(case)
        answer = case.ask("requestProvision", body=subject.provision(line, claims_changed=changed).body)
        _expect(case, answer, (code,), f"a permit signed by the core that says {changed}, the request unchanged")
        _must_serve(case, subject, line)

    return check


def _saying(claims: dict[str, Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda _: claims


def _past(case: Case) -> dict[str, Any]:
    now = case.stage.clock()
    return {"issued_at": stamp(now - dt.timedelta(minutes=10)), "expires_at": stamp(now - dt.timedelta(minutes=5))}


def _refuses_other_body(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = _ready(case, line)
        other = {"provider": line.asker}
        answer = case.ask("requestProvision", body=subject.provision(line, claims_changed=other, **other).body)
        _expect(case, answer, ("permit-mismatch",), "a request and its permit that both name another body as provider")
        _must_serve(case, subject, line)

    return check


def other_key(case: Case, line: AllowedLine, first: Provision) -> dict[str, Any]:
    """The first request with another encryption key."""
    again = case.subject().provision(line)
    return first.body | {"encryption_key": again.body["encryption_key"]}


def other_person(case: Case, line: AllowedLine, first: Provision) -> dict[str, Any]:
    """The first request for another person of the same body."""
    return first.body | {"linkage_code": _ready(case, line).linkage_code}


def _refuses_reuse(
    line: AllowedLine, change: Callable[[Case, AllowedLine, Provision], dict[str, Any]]
) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        first = _ready(case, line).provision(line)
        case.need(case.ask("requestProvision", body=first.body), 200)
        answer = case.ask("requestProvision", body=change(case, line, first))
        _expect(
            case, answer, ("permit-reused",), f"a permit that was used before: {(change.__doc__ or '').rstrip('.')}"
        )

    return check


def _repeats(line: AllowedLine) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        first = _ready(case, line).provision(line)
        came = case.need(case.ask("requestProvision", body=first.body), 200)
        again = case.ask("requestProvision", body=first.body)
        if (again.status, again.json) != (came.status, came.json):
            case.fail(
                "REPEAT-ANSWERED-DIFFERENTLY",
                sent="the same request under the same permit, with a fresh idempotency key",
                expected="the first answer, unchanged",
                came=again.short(),
            )

    return check


def _fetches_nothing(line: AllowedLine, member: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        subject = _ready(case, line)
        provision = subject.provision(line)
        network = case.stage.target.network
        with _listening(network.bind) as (port, called):
            url = f"https://{network.advertise}:{port}/keys"
            permit = forging.signed(provision.claims, forging.stranger(), **{member: url})
            answer = case.ask("requestProvision", body=provision.body | {"permit": permit})
            sent = f"a permit of an unknown key whose {member} names a listener of the testbed"
            if called.is_set():
                case.fail("URL-CONTACTED", sent=sent, expected="no connection", came="a connection to the listener")
        _expect(case, answer, ("permit-forged",), sent)
        _must_serve(case, subject, line)

    return check


@contextlib.contextmanager
def _listening(host: str) -> Iterator[tuple[int, threading.Event]]:
    """A port that notes whether anybody connects, and hangs up."""
    called = threading.Event()
    with socket.create_server((host, 0)) as listener:

        def wait() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    called.set()
                    caller.close()

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        try:
            yield listener.getsockname()[1], called
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    waiting.join(5)
