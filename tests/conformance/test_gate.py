"""`bango admit`: a witnessed certificate that holds lets its product in; every other one is refused with the reason."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from cryptography import x509

from bango_mocks import admission, issued, shared_answers
from bango_mocks.authority import Authority, Credential
from bango_mocks.core.codes import LinkageCodes
from bango_mocks.core.core import Core, Lifetimes
from bango_mocks.core.permits import PermitSigner
from bango_mocks.directory import Directory
from bango_mocks.law_table import law_table
from bango_mocks.parties import parties_of
from bango_mocks.population import bodies
from bango_mocks.serving import Problem
from bango_mocks.standing import choose
from bango_mocks.store import Store
from bango_mocks.tls import client_context
from bango_reports import certificate, keys
from bango_reports.model import CaseResult, ClauseResult, ClauseState, Grade, Named, Run, Selection, Target, Verdict
from bango_reports.store import save
from bango_reports.verdicts import NO_COUNTS, finish
from bango_spec.allow_list import party_kinds
from bango_spec.reading import Text

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango, Said

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
TEXT = Text(ja="字", en="t")
DIGEST = "sha256:" + "a" * 64
BODY = choose(1)[0]


class House:
    """An operator's network, its issuer on the trust list, and a run that it witnessed."""

    def __init__(self, bango: Bango) -> None:
        self.bango = bango
        self.network = bango.folder / "network"
        Authority.create(self.network)
        self.key, issuer = keys.generate(
            bango.folder / "keys", name=TEXT, now=NOW, grades=("self-declared", "witnessed")
        )
        trust = keys.TrustList(issuers=(issuer,))
        (self.network / keys.TRUST_FILE).write_bytes(msgspec.json.encode(trust))
        self.run = self.made("witnessed")

    def made(self, grade: Grade) -> Path:
        named = Named(version="1", digest=DIGEST)
        moment = NOW.isoformat()
        case = CaseResult(
            obligation="transport.a",
            kind="transport",
            clauses=("IS-TRN-001",),
            title=TEXT,
            element="e",
            verdict=Verdict.PASS,
        )
        folder = self.bango.folder / grade
        run = Run(
            run=grade, tool="1", spec=named, suite=named, edition="2020-09-06", seed=5, cases=(case,), grade=grade,
            clauses=(ClauseResult(clause="IS-TRN-001", level="must", state=ClauseState.NOT_RUN, text=TEXT),),
            target=Target(
                product="p", version="1", artefact_digest=DIGEST, profile="intermediate-server", body_kinds=parties_of(BODY)
            ),
            selection=Selection(complete=True), started=moment, ended=moment, counts=NO_COUNTS, exit_code=0,
        )  # fmt: skip
        save(folder, finish(run))
        return folder

    def certificate(self, grade: Grade = "witnessed", **more: Any) -> dict[str, Any]:
        folder = self.run if grade == "witnessed" else self.made(grade)
        return certificate.issue(folder, self.key, grade=grade, **{"now": NOW, **more})

    def forged(self, change: Callable[[Any], None]) -> dict[str, Any]:
        """Another content, rightly signed by the trusted issuer: only the content can be the reason."""
        payload = json.loads(base64.b64decode(self.certificate()["payload"]))
        change(payload["predicate"]["bango_conformity"])
        return certificate.sign(json.dumps(payload).encode(), self.key)

    def admit(self, envelope: Any, *words: str | Path, body: str = BODY.code) -> Said:
        path = self.bango.folder / "certificate.json"
        path.write_bytes(msgspec.json.encode(envelope))
        return self.bango.here("admit", path, "--network", self.network, "--body", body, *words)


@pytest.fixture
def house(bango: Bango) -> House:
    return House(bango)


def test_a_witnessed_product_gets_credentials_and_an_entry(house: House) -> None:
    said = house.admit(house.certificate(), "--url", "https://127.0.0.1:8444", "--run", house.run, "--format", "json")
    assert said.code == 0, said.err
    folder = Path(said.data["credentials"])
    assert folder.is_relative_to(house.network)
    client_context(type(Authority(house.network).issue(house.network / "x", "core"))(folder))
    (entry,) = admission.admissions(house.network)
    assert (entry.body, entry.parties, entry.url) == (BODY.code, parties_of(BODY), "https://127.0.0.1:8444")
    assert (entry.product, entry.version, entry.artefact) == ("p", "1", DIGEST)
    assert entry.stands(NOW)


def _tampered(house: House) -> Any:
    envelope = house.certificate()
    payload = base64.b64decode(envelope["payload"]).replace(b'"product":"p"', b'"product":"q"')
    return envelope | {"payload": base64.b64encode(payload).decode()}


def _untrusted(house: House) -> Any:
    other, _ = keys.generate(house.bango.folder / "other", name=TEXT, now=NOW, grades=("witnessed",))
    return certificate.issue(house.run, other, grade="witnessed", now=NOW)


def _changed(name: str, value: Any) -> Callable[[House], Any]:
    return lambda house: house.forged(lambda conformity: conformity.update({name: value}))


def _other_profile(house: House) -> Any:
    return house.forged(lambda conformity: conformity["target"].update({"profile": "card-reader"}))


@pytest.mark.parametrize(
    ("made", "words", "reason"),
    [
        (lambda house: house.certificate("self-declared"), (), "CERT-SELF-DECLARED"),
        (_tampered, (), "CERT-TAMPERED"),
        (_untrusted, (), "CERT-UNTRUSTED"),
        (lambda house: house.certificate(now=NOW - dt.timedelta(days=40), days=30), (), "CERT-EXPIRED"),
        (lambda house: house.certificate(), ("--product", "q"), "CERT-PRODUCT"),
        (lambda house: house.certificate(), ("--product-version", "2"), "CERT-PRODUCT"),
        (lambda house: house.certificate(), ("--artefact-digest", "sha256:" + "b" * 64), "CERT-PRODUCT"),
        (_other_profile, (), "CERT-PROFILE"),
        (_changed("complete", value=False), (), "CERT-PARTIAL"),
    ],
)
def test_every_other_certificate_is_refused_with_its_reason(
    house: House, made: Callable[[House], Any], words: tuple[str, ...], reason: str
) -> None:
    said = house.admit(made(house), *words)
    assert said.code == 1
    assert said.err.startswith(reason)
    assert "cause: " in said.err
    assert list(admission.admissions(house.network)) == []
    assert not (house.network / "connections").exists()


def test_a_run_folder_that_was_changed_is_noticed(house: House) -> None:
    envelope = house.certificate()
    result = house.run / "result.json"
    result.write_bytes(result.read_bytes() + b"\n")
    said = house.admit(envelope, "--run", house.run)
    assert (said.code, said.err.split(":")[0]) == (1, "CERT-EVIDENCE")


def test_a_product_judged_as_a_municipality_does_not_connect_as_another_kind(house: House) -> None:
    said = house.admit(house.certificate(), body=bodies("prefecture")[0].code)
    assert said.code == 4
    assert said.err.startswith("ADMIT-BODY")
    assert list(admission.admissions(house.network)) == []


def test_a_body_is_what_it_is_whatever_else_its_product_was_judged_as(house: House) -> None:
    more = (*parties_of(BODY), *parties_of(bodies("prefecture")[0]))
    envelope = house.forged(lambda conformity: conformity["target"].update({"body_kinds": more}))
    said = house.admit(envelope)
    assert said.code == 0, said.err
    (entry,) = admission.admissions(house.network)
    assert entry.parties == parties_of(BODY)
    # An entry that says more, whoever wrote it, gives the body no other part either.
    admission.write(house.network, msgspec.structs.replace(entry, parties=more))
    directory = Directory([])
    admission.enter(directory, house.network)
    found = directory.get(BODY.code)
    assert found is not None
    assert found.kinds == party_kinds(parties_of(BODY))


def test_a_body_of_two_kinds_needs_a_product_that_was_judged_as_both(house: House) -> None:
    both = next(one for one in bodies() if len(parties_of(one)) > 1)
    envelope = house.forged(lambda conformity: conformity["target"].update({"body_kinds": parties_of(both)[:1]}))
    said = house.admit(envelope, body=both.code)
    assert (said.code, said.err.split(":")[0]) == (4, "ADMIT-BODY")
    assert list(admission.admissions(house.network)) == []


def test_an_admission_ends_while_the_network_stands_and_its_credential_with_it(house: House) -> None:
    said = house.admit(house.certificate(days=30), "--format", "json")
    assert said.code == 0, said.err
    (entry,) = admission.admissions(house.network)
    end = dt.datetime.fromisoformat(entry.expires)
    leaf = x509.load_pem_x509_certificate(Credential(Path(said.data["credentials"])).certificate.read_bytes())
    assert leaf.not_valid_after_utc <= end
    directory = Directory([])
    admission.enter(directory, house.network)
    moments = iter([end - dt.timedelta(seconds=1), end])
    core = Core(
        Store(), law_table("2020-09-06"), directory, LinkageCodes(b"k" * 32), PermitSigner(), lambda: next(moments),
        Lifetimes(dt.timedelta(hours=1), dt.timedelta(hours=1)),
    )  # fmt: skip
    assert core.admitted(BODY.code) == party_kinds(parties_of(BODY))
    with pytest.raises(Problem) as refused:
        core.admitted(BODY.code)
    assert refused.value.code == "not-admitted"
    shown = [shared_answers.directory(directory, now)[0]["admitted"] for now in (NOW, end)]
    assert shown == [True, False]


def test_what_is_no_certificate_is_unreadable(house: House) -> None:
    (house.bango.folder / "c.json").write_text("no")
    said = house.bango.here("admit", "c.json", "--network", house.network, "--body", BODY.code)
    assert said.code == 4
    assert said.err.startswith("CERT-UNREADABLE")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--url", "http://127.0.0.1:8444"), "HOST-ORIGIN"),
        (("--url", "https://127.0.0.1:99999"), "HOST-ORIGIN"),
        (("--url", "https://a_b c"), "HOST-ORIGIN"),
        (("--host", "a b"), "HOST-NAME"),
        (("--out", "/dev/null"), "CREDENTIALS-FOLDER"),
        (("--out", "/dev/null/c"), "CREDENTIALS-FOLDER"),
        (("--out", "keys"), "CREDENTIALS-FOLDER"),
        (("--trust", "nowhere.yaml"), "TRUST-MISSING"),
        (("--run", "nowhere"), "RESULT-MISSING"),
    ],
)
def test_an_admission_that_cannot_be_costs_nothing(house: House, words: tuple[str, ...], code: str) -> None:
    before = sorted(house.bango.folder.rglob("*.pem"))
    said = house.admit(house.certificate(), *words)
    assert (said.code, said.err.split(":")[0]) == (4, code)
    assert sorted(house.bango.folder.rglob("*.pem")) == before
    assert list(admission.admissions(house.network)) == []


def test_the_credentials_answer_to_the_name_in_the_address(house: House) -> None:
    said = house.admit(house.certificate(), "--url", "https://例え.jp:8444", "--host", "b.example", "--format", "json")
    assert said.code == 0, said.err
    names = issued.hosts_of(Credential(Path(said.data["credentials"])))
    assert {"xn--r8jz45g.jp", "b.example"} <= set(names)
    (entry,) = admission.admissions(house.network)
    assert entry.url == "https://xn--r8jz45g.jp:8444"
    again = house.admit(house.certificate(), "--url", "https://例え.jp:8445", "--format", "json")
    assert again.code == 0, again.err
