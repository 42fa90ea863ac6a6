from __future__ import annotations

import base64
import copy
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from bango_reports import certificate, commands, keys, store
from bango_reports.model import Selection, Waiver
from bango_reports.verification import verify
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reports.conftest import Saver

    from bango_reports.model import CaseResult, ClauseResult, Run

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
NAME = Text(ja="試験所", en="Test house")


class House:
    """An issuer with its key, its trust list and a certificate for a green run."""

    def __init__(self, folder: Path, run_folder: Path) -> None:
        self.folder = folder
        self.run_folder = run_folder
        self.key, self.issuer = keys.generate(folder, name=NAME, now=NOW, grades=("self-declared", "witnessed"))
        self.trust = keys.TrustList(issuers=(self.issuer,))
        self.envelope = certificate.issue(run_folder, self.key, grade="self-declared", now=NOW)

    def payload(self) -> Any:
        return json.loads(base64.b64decode(self.envelope["payload"]))

    def forged(self, change: Callable[[Any], None]) -> dict[str, Any]:
        """A certificate with another content, rightly signed by this issuer."""
        payload = self.payload()
        change(payload)
        return certificate.sign(json.dumps(payload).encode(), self.key)


@pytest.fixture
def house(tmp_path: Path, green: Run, saved: Saver) -> House:
    folder, _ = saved(green)
    return House(tmp_path / "house", folder)


def test_a_green_run_is_certified_and_accepted(house: House) -> None:
    findings = verify(
        house.envelope,
        house.trust,
        NOW,
        product="例示中間サーバー",
        profile="intermediate-server",
        run_folder=house.run_folder,
    )
    assert findings.refusals == ()
    assert findings.accepted
    assert findings.conformity is not None
    assert [u.clause for u in findings.conformity.not_tested] == ["IS-OPS-001"]
    assert findings.conformity.clauses["IS-PRV-001"] == "pass"
    statement = house.payload()
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"][0]["digest"] == {"sha256": "a" * 64}
    assert statement["predicate"]["result"] == "WARNED"


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in paths(v, (*here, k))]
    if isinstance(value, list) and value:
        return [p for n, v in enumerate(value) for p in paths(v, (*here, n))]
    return [here]


def put(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = change(value[path[-1]])


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value.startswith("sha256:"):
        return "sha256:" + "f" * 64
    if isinstance(value, str) and value[:4].isdigit():
        return "2027" + value[4:]
    return value + "x" if isinstance(value, str) else ["x"]


def test_every_field_of_the_statement_is_bound_by_the_signature(house: House) -> None:
    payload = house.payload()
    places = paths(payload)
    assert len(places) > 60
    for place in places:
        changed = copy.deepcopy(payload)
        put(changed, place, other)
        envelope = {**house.envelope, "payload": base64.b64encode(json.dumps(changed).encode()).decode()}
        refusals = verify(envelope, house.trust, NOW).refusals
        assert refusals[0] in {"CERT-TAMPERED", "CERT-MALFORMED"}, place


def test_every_field_of_the_envelope_is_bound(house: House) -> None:
    for place in paths(house.envelope):
        changed = copy.deepcopy(house.envelope)
        put(changed, place, lambda value: value[:-4] + ("AAA=" if value[-4:] != "AAA=" else "BBB="))
        refusals = verify(changed, house.trust, NOW).refusals
        assert refusals, place
        assert refusals[0] in {"CERT-TAMPERED", "CERT-MALFORMED"}, place


def test_whitespace_alone_breaks_the_signature(house: House) -> None:
    payload = json.dumps(house.payload(), indent=1).encode()
    assert verify({**house.envelope, "payload": base64.b64encode(payload).decode()}, house.trust, NOW).refusals == (
        "CERT-TAMPERED",
    )


def test_an_unknown_issuer_is_untrusted_not_tampered(house: House) -> None:
    assert verify(house.envelope, keys.TrustList(), NOW).refusals == ("CERT-UNTRUSTED",)


def test_a_stranger_who_signs_under_a_trusted_key_id_is_found_out(house: House, tmp_path: Path) -> None:
    stranger, _ = keys.generate(tmp_path / "stranger", name=NAME, now=NOW)
    forged = certificate.sign(base64.b64decode(house.envelope["payload"]), stranger)
    assert verify(forged, house.trust, NOW).refusals[:2] == ("CERT-TAMPERED", "CERT-UNTRUSTED")
    forged["signatures"][0]["keyid"] = house.key.id
    assert verify(forged, house.trust, NOW).refusals == ("CERT-TAMPERED",)


def conformity(payload: Any) -> Any:
    return payload["predicate"]["bango_conformity"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("CERT-PRODUCT", {"product": "別の製品"}),
        ("CERT-PRODUCT", {"version": "9"}),
        ("CERT-PRODUCT", {"artefact_digest": "sha256:" + "b" * 64}),
        ("CERT-PROFILE", {"profile": "core"}),
        ("CERT-SELF-DECLARED", {"grade": "witnessed"}),
    ],
)
def test_each_wish_of_the_reader_has_its_refusal(house: House, code: str, asked: dict[str, Any]) -> None:
    findings = verify(house.envelope, house.trust, NOW, **asked)
    assert findings.refusals == (code,)
    refused = next(check for check in findings.checks if not check.passed)
    assert refused.text.ja
    assert refused.text.en


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("CERT-PARTIAL", lambda p: conformity(p).update(complete=False)),
        ("CERT-NOT-PASSED", lambda p: p["predicate"].update(result="FAILED")),
        ("CERT-NOT-PASSED", lambda p: p["predicate"]["failedTests"].append("a.b")),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["clauses"].update({"IS-INQ-001": "inconclusive"})),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["counts"].update(waived=1)),
        ("CERT-NOT-PASSED", lambda p: conformity(p)["counts"]["verdicts"].update({"pass": 99})),
        ("CERT-SUBJECT", lambda p: p["subject"][0].update(digest={"sha256": "b" * 64})),
        ("CERT-NOT-YET", lambda p: conformity(p).update(issued="2026-02-01T00:00:00+00:00")),
        ("CERT-ISSUER-EXPIRED", lambda p: conformity(p).update(issued="2029-02-01T00:00:00+00:00")),
        ("CERT-MALFORMED", lambda p: conformity(p).update(expires="2026-13-41T00:00:00+00:00")),
        ("CERT-MALFORMED", lambda p: conformity(p).update(schema_version=2)),
        ("CERT-MALFORMED", lambda p: conformity(p).update(extra="x")),
        ("CERT-MALFORMED", lambda p: p.update(_type="https://in-toto.io/Statement/v0")),
    ],
)
def test_what_an_issuer_should_not_have_signed_is_refused(
    house: House, code: str, change: Callable[[Any], None]
) -> None:
    assert code in verify(house.forged(change), house.trust, NOW).refusals


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, {"payload": "!", "payloadType": "x", "signatures": []}])
def test_anything_else_is_malformed(house: House, junk: Any) -> None:
    assert verify(junk, house.trust, NOW).refusals == ("CERT-MALFORMED",)


def test_time_decides(house: House) -> None:
    last = NOW + timedelta(days=730)
    assert verify(house.envelope, house.trust, last - timedelta(seconds=1)).accepted
    assert verify(house.envelope, house.trust, last).refusals == ("CERT-EXPIRED",)
    assert verify(house.envelope, house.trust, NOW - timedelta(seconds=1)).refusals == ("CERT-NOT-YET",)


def test_an_issuer_cannot_issue_beyond_its_grade(house: House) -> None:
    narrow = msgspec.structs.replace(house.issuer, grades=("self-declared",))
    forged = house.forged(lambda p: conformity(p).update(grade="witnessed"))
    trust = keys.TrustList(issuers=(narrow,))
    assert verify(forged, trust, NOW, grade="witnessed").refusals == ("CERT-ISSUER-GRADE",)
    assert verify(forged, house.trust, NOW, grade="witnessed").accepted


def test_a_run_folder_changed_after_issue_is_refused(house: House) -> None:
    evidence = next((house.run_folder / "evidence").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b" ")
    assert verify(house.envelope, house.trust, NOW, run_folder=house.run_folder).refusals == ("CERT-EVIDENCE",)
    assert verify(house.envelope, house.trust, NOW, run_folder=house.run_folder / "x").refusals == ("CERT-EVIDENCE",)


def test_witnessed_needs_a_witnessed_run(house: House, green: Run, saved: Saver, tmp_path: Path) -> None:
    with pytest.raises(BangoError) as caught:
        certificate.issue(house.run_folder, house.key, grade="witnessed", now=NOW)
    assert caught.value.code == "CERT-GRADE"
    folder, _ = saved(msgspec.structs.replace(green, grade="witnessed"), tmp_path / "witnessed")
    envelope = certificate.issue(folder, house.key, grade="witnessed", now=NOW)
    assert verify(envelope, house.trust, NOW, grade="witnessed").accepted


@pytest.mark.parametrize(
    ("code", "cases", "more"),
    [
        ("CERT-PARTIAL", ["pass"], {"selection": Selection(complete=False, filters=("--kind shape",))}),
        ("CERT-MUST-FAILED", ["pass", "fail"], {}),
        ("CERT-MUST-NOT-RUN", ["pass", "inconclusive"], {}),
        ("CERT-HARNESS-ERROR", ["harness-error"], {}),
        ("CERT-INTERRUPTED", ["pass"], {"interrupted": True}),
        ("CERT-NOTHING-RUN", [], {"selection": Selection(complete=False)}),
    ],
)
def test_a_run_that_shows_no_conformity_gets_no_certificate(
    house: House,
    case: Callable[..., CaseResult],
    clause: Callable[..., ClauseResult],
    run: Callable[..., Run],
    saved: Saver,
    tmp_path: Path,
    code: str,
    cases: list[str],
    more: dict[str, Any],
) -> None:
    made = [case(f"shape.x.{n}", verdict, f"IS-X-{n}") for n, verdict in enumerate(cases)]
    folder, _ = saved(run(made, [clause(f"IS-X-{n}") for n in range(len(cases))], **more), tmp_path / "refused")
    with pytest.raises(BangoError) as caught:
        certificate.issue(folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == code
    assert caught.value.exit_code == 1


def test_a_waived_must_gets_no_certificate(
    house: House,
    case: Callable[..., CaseResult],
    clause: Callable[..., ClauseResult],
    run: Callable[..., Run],
    saved: Saver,
    tmp_path: Path,
) -> None:
    waiver = Waiver(obligation="shape.x.0", reason="r", owner="o", expires="2026-12-31")
    made = run([case("shape.x.0", "fail", "IS-X-0", waived=True)], [clause("IS-X-0")], waivers=(waiver,))
    folder, _ = saved(made, tmp_path / "waived")
    with pytest.raises(BangoError) as caught:
        certificate.issue(folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == "CERT-MUST-WAIVED"


def test_altered_evidence_gets_no_certificate(house: House) -> None:
    evidence = next((house.run_folder / "evidence").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b" ")
    with pytest.raises(BangoError) as caught:
        certificate.issue(house.run_folder, house.key, grade="self-declared", now=NOW)
    assert caught.value.code == "RESULT-EVIDENCE-ALTERED"


def test_the_key_is_for_its_owner_alone(house: House, tmp_path: Path) -> None:
    file = house.folder / keys.KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.load_key(file).id == house.key.id
    file.chmod(0o644)
    for path, code in ((file, "KEY-PERMISSIONS"), (tmp_path / "none", "KEY-MISSING")):
        with pytest.raises(BangoError) as caught:
            keys.load_key(path)
        assert caught.value.code == code
    with pytest.raises(BangoError) as caught:
        keys.generate(house.folder, name=NAME, now=NOW)
    assert caught.value.code == "KEY-EXISTS"


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as ser
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    pem = generate_private_key(SECP256R1()).private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
    for content, code in ((pem, "KEY-KIND"), (b"no key", "KEY-FORM")):
        file = tmp_path / "key.pem"
        file.write_bytes(content)
        file.chmod(0o600)
        with pytest.raises(BangoError) as caught:
            keys.load_key(file)
        assert caught.value.code == code


def test_the_trust_list_is_read_and_checked(house: House, tmp_path: Path) -> None:
    assert keys.load_trust(house.folder / keys.TRUST_FILE) == house.trust
    for change, code in (
        ({"valid_until": "2026-13-01"}, "TRUST-FORM"),
        ({"grades": ["royal"]}, "TRUST-FORM"),
        ({"key": "0" * 64}, "TRUST-KEY"),
        ({"public_key": "AAAA"}, "TRUST-KEY"),
        ({"extra": 1}, "TRUST-FORM"),
    ):
        entry = {**msgspec.to_builtins(house.issuer), **change}
        file = tmp_path / "trust.yaml"
        file.write_text(json.dumps({"issuers": [entry]}), encoding="utf-8")
        with pytest.raises(BangoError) as caught:
            keys.load_trust(file)
        assert caught.value.code == code


def bango(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    commands.register(app)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_the_command_line_from_key_to_verdict(tmp_path: Path, green: Run, saved: Saver) -> None:
    folder, _ = saved(green)
    code, out = bango("ca", "issuer-key", "--out", tmp_path / "k", "--name", "試験所", "--name-en", "Test house")
    assert code == 0
    assert "trust.yaml" in out
    key = keys.load_key(tmp_path / "k" / keys.KEY_FILE)
    file = tmp_path / "certificate.json"
    certificate.write(file, certificate.issue(folder, key, grade="self-declared", now=datetime.now(UTC)))
    trust = ("--trust", tmp_path / "k" / keys.TRUST_FILE)
    code, out = bango("verify", file, *trust, "--run", folder)
    assert (code, out.splitlines()[0]) == (0, "この証明書は認められます")
    assert "未試験 IS-OPS-001" in out
    code, out = bango("verify", file, *trust, "--product", "other", "--lang", "en")
    assert code == 1
    assert "[CERT-PRODUCT]" in out
    code, out = bango("verify", file, "--format", "json")
    assert code == 1
    assert json.loads(out)["refusals"] == ["CERT-UNTRUSTED"]
    assert bango("verify", file, *trust, "--witnessed")[0] == 1
    assert bango("ca", "issuer-key", "--out", tmp_path / "k")[0] == 4
    assert bango("ca", "issuer-key", "--out", tmp_path / "l", "--grade", "royal")[0] == 2
    file.write_text("{", encoding="utf-8")
    assert bango("verify", file)[0] == 4
    file.write_text("{}", encoding="utf-8")
    assert bango("verify", file)[0] == 4
    assert bango("verify", tmp_path / "none")[0] == 4


def test_the_ca_group_is_shared(tmp_path: Path) -> None:
    app, group = typer.Typer(), typer.Typer()
    group.command("show")(lambda: None)
    app.add_typer(group, name="ca")
    commands.register(app)
    assert CliRunner().invoke(app, ["ca", "show"]).exit_code == 0
    assert CliRunner().invoke(app, ["ca", "issuer-key", "--out", str(tmp_path)]).exit_code == 0


def test_a_hostile_product_name_cannot_steer_the_terminal(tmp_path: Path, green: Run, saved: Saver) -> None:
    target = msgspec.structs.replace(green.target, product="evil\x1b[2J\u202eproduct")
    folder, _ = saved(msgspec.structs.replace(green, target=target))
    key, _ = keys.generate(tmp_path / "k", name=NAME, now=NOW)
    file = tmp_path / "c.json"
    certificate.write(file, certificate.issue(folder, key, grade="self-declared", now=NOW))
    _, out = bango("verify", file)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "⟨U+202E⟩" in out


def test_the_folder_digest_covers_names_and_contents(green: Run, saved: Saver) -> None:
    folder, _ = saved(green)
    before = store.folder_digest(folder)
    (folder / "report.html").write_text("x", encoding="utf-8")
    assert store.folder_digest(folder) == before
    one, two, *_ = sorted((folder / "evidence").iterdir())
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert store.folder_digest(folder) != before
