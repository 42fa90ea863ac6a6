"""A target that cannot be tested is told so before the run: what is wrong, why, and what to do."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from bango_conformance import doctor
from bango_conformance.doctor_findings import Finding
from bango_mocks.authority import Authority
from bango_mocks.parties import parties_of
from bango_mocks.reference_target import free_ports
from bango_mocks.standing import choose

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

SERVER = Path(__file__).with_name("vendor_server.py")
TODAY = dt.date(2026, 11, 23)
Change = Callable[[dict[str, Any]], None]


class Vendor:
    """A vendor's folder: a target file, credentials, and a server that the start hook runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "target.toml"
        body = choose(1)[0]
        ports = free_ports(2)
        Authority.create(folder / "credentials")
        self.data: dict[str, Any] = {
            "profile": "intermediate-server",
            "product": {"name": "p", "version": "1", "vendor": "v", "artefact": "sha256:" + "1" * 64},
            "endpoints": {"in_house": f"https://127.0.0.1:{ports[0]}", "network": f"https://127.0.0.1:{ports[1]}"},
            "body": {"code": body.code, "parties": list(parties_of(body))},
            "network": {"credentials": "credentials"},
            "staff": {"id": "administrator", "passphrase": "correct horse battery"},
            "hooks": {"start": {"command": ["{python}", str(SERVER)]}},
        }

    def examined(self, *faults: str, hooks: bool = True, change: Change | None = None) -> dict[str, Finding]:
        self.data["hooks"]["start"]["command"] += faults
        if change:
            change(self.data)
        self.file.write_text(tomlkit.dumps(self.data), encoding="utf-8")
        return {one.code: one for one in doctor.examine(self.file, TODAY, hooks=hooks, environment=dict(os.environ))}


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path)


def failing(found: dict[str, Finding]) -> set[str]:
    return {code for code, one in found.items() if one.state == "fail"}


def test_a_first_try_is_told_what_it_lacks(vendor: Vendor) -> None:
    found = vendor.examined()
    assert found["DOCTOR-TLS"].state == "ok"
    assert found["DOCTOR-ROLE"].state == "ok"
    assert found["DOCTOR-NO-CLIENT-CERTIFICATE"].state == "warn"
    assert "IS-TRN-001" in found["DOCTOR-NO-CLIENT-CERTIFICATE"].what.en
    # Neither the profile nor the list of staff is there: the first is told as a missing operation, the second by its account.
    assert failing(found) == {"DOCTOR-OPERATION", "DOCTOR-ADMINISTRATOR"}
    assert "readNetworkProfile" in found["DOCTOR-OPERATION"].what.ja
    assert "404" in found["DOCTOR-OPERATION"].what.ja
    assert found["DOCTOR-OPERATION"].step is not None
    assert found["DOCTOR-OPERATION"].step.en == "bango spec show operation readNetworkProfile"


def test_plain_http_is_named_as_such(vendor: Vendor) -> None:
    found = vendor.examined("no-tls")
    assert failing(found) == {"DOCTOR-NO-TLS"}
    cause = found["DOCTOR-NO-TLS"].cause
    assert cause is not None
    assert "plain HTTP" in cause.en


def test_a_certificate_of_elsewhere_for_somebody_else(vendor: Vendor) -> None:
    strange = Authority.create(vendor.folder / "other")
    made = strange.issue(vendor.folder / "stranger", "in-house", "9" * 16, hosts=("example.invalid",))
    script = "import os, runpy, sys; os.environ['BANGO_CREDENTIALS'] = sys.argv[1]; runpy.run_path(sys.argv[2])"

    def change(data: dict[str, Any]) -> None:
        data["hooks"]["start"]["command"] = ["{python}", "-c", script, str(made.folder), str(SERVER)]

    found = vendor.examined(change=change)
    assert {"DOCTOR-ISSUER", "DOCTOR-ROLE", "DOCTOR-HOST-NAME"} <= failing(found)
    assert "in-house" in found["DOCTOR-ROLE"].what.en
    assert "example.invalid" in found["DOCTOR-HOST-NAME"].what.en
    assert "--host 127.0.0.1" in str(found["DOCTOR-HOST-NAME"].step)


def test_a_clock_that_is_off_and_staff_that_cannot_enter(vendor: Vendor) -> None:
    found = vendor.examined("clock", "no-staff")
    assert {"DOCTOR-CLOCK", "TARGET-STAFF"} <= failing(found)
    assert "off by +5" in found["DOCTOR-CLOCK"].what.en


def test_a_server_that_ends_at_once_is_quoted(vendor: Vendor) -> None:
    def change(data: dict[str, Any]) -> None:
        data["hooks"]["start"]["command"] = [sys.executable, "-c", "raise SystemExit('no database')"]

    found = vendor.examined(change=change)
    assert failing(found) == {"DOCTOR-ENDED"}
    assert "no database" in found["DOCTOR-ENDED"].what.ja


def test_without_hooks_nobody_answers(vendor: Vendor) -> None:
    found = vendor.examined(hooks=False)
    assert failing(found) == {"DOCTOR-UNREACHED"}


def _set(place: str, value: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        *path, last = place.split(".")
        for step in path:
            data = data.setdefault(step, {})
        data[last] = value

    return change


def _waive(obligation: str, expires: str) -> Change:
    return _set("waivers", [{"obligation": obligation, "reason": "r", "owner": "o", "expires": expires}])


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        (_set("profile", "intermediate-serve"), "DOCTOR-PROFILE", "intermediate-server"),
        (_set("edition", "1999-01-01"), "LAW-EDITION", "2015-12-27"),
        (_set("edition", "soon"), "TARGET-SHAPE", "edition"),
        (_set("body.code", "1234567890123456"), "DOCTOR-BODY", "bango init"),
        (_set("body.parties", ["市町村長"]), "DOCTOR-PARTY", "mayor"),
        (_set("body.parties", ["mayer"]), "DOCTOR-PARTY", "mayor"),
        (_set("endpoints.network", "http://127.0.0.1:9"), "DOCTOR-SCHEME", "https://"),
        (_set("network.credentials", "nowhere"), "AUTHORITY-UNREADABLE", "bango network credentials --out"),
        (_set("network.bind", "192.0.2.1"), "DOCTOR-LISTEN", "0.0.0.0"),
        (_set("network.binding", "x"), "TARGET-SHAPE", "bind"),
        (_set("claims", ["telepathy"]), "DOCTOR-CLAIM", "choose"),
        (_set("staff.passphrase", ""), "DOCTOR-STAFF-EMPTY", "administrator"),
        (_set("staff.passphrase", "${NOT_SET_ANYWHERE}"), "TARGET-ENVIRONMENT", "NOT_SET_ANYWHERE"),
        (
            _waive("transport.network.no-certificat", "2027-01-01"),
            "DOCTOR-WAIVER-UNKNOWN",
            "transport.network.no-certificate",
        ),
        (_waive("transport.network.no-certificate", "2026-11-22"), "DOCTOR-WAIVER-EXPIRED", "2026-11-22"),
        (_waive("transport.network.no-certificate", "2026-02-30"), "TARGET-DATE", "2026-02-30"),
        (_set("profile", "core"), "DOCTOR-PROFILE", "intermediate-server"),
        (_set("staff.passphrase", "abc"), "MASK-SHORT", "longer passphrase"),
        (_set("network.interface_system_port", 70000), "TARGET-SHAPE", "65535"),
        (_set("network.advertise", "a b.example"), "HOST-NAME", "network.advertise"),
        (_set("endpoints.in_house", "https://127.0.0.1:99999"), "HOST-ORIGIN", "65535"),
        (_set("endpoints.in_house", "https://[::1"), "HOST-ORIGIN", "endpoints.in_house"),
        (_set("hooks.stop.command", []), "TARGET-SHAPE", "hooks.stop.command"),
        (_set("hooks.stop.command", ["a\0b"]), "TARGET-SHAPE", "hooks.stop.command"),
        (_set("product.name", "p\nq"), "TARGET-SHAPE", "product.name"),
        (_set("product.version", "1\n"), "TARGET-SHAPE", "product.version"),
        (_set("body.parties", []), "TARGET-SHAPE", "body.parties"),
    ],
)
def test_mistakes_in_the_file(vendor: Vendor, change: Change, code: str, hint: str) -> None:
    found = vendor.examined(hooks=False, change=change)
    assert code in failing(found)
    assert hint in " ".join(str(text) for text in (found[code].what, found[code].cause, found[code].step))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("profile", "intermediate-serve"), "DOCTOR-PROFILE"),
        (_set("profile", "core"), "DOCTOR-PROFILE"),
        (_set("edition", "1999-01-01"), "LAW-EDITION"),
        (_set("body.code", "1234567890123456"), "DOCTOR-BODY"),
        (_set("body.parties", ["mayer"]), "DOCTOR-PARTY"),
        (_set("network.credentials", "nowhere"), "AUTHORITY-UNREADABLE"),
        (_set("network.bind", "192.0.2.1"), "DOCTOR-LISTEN"),
        (_set("not_supported", ["telepathy"]), "DOCTOR-CLAIM"),
        (_set("staff.passphrase", "abc"), "MASK-SHORT"),
        (_set("endpoints.in_house", "https://[::1"), "HOST-ORIGIN"),
        (_waive("transport.network.no-certificat", "2999-01-01"), "DOCTOR-WAIVER-UNKNOWN"),
        (_waive("transport.network.no-certificate", "2026-02-30"), "TARGET-DATE"),
    ],
)
def test_a_run_is_refused_for_the_same_before_it_begins(
    vendor: Vendor, bango: Bango, change: Change, code: str
) -> None:
    vendor.examined(hooks=False, change=change)
    said = bango.here("certify", vendor.file, "--smoke", "--format", "json")
    assert (said.code, said.data["error"]["code"]) == (10, code)
    assert said.data["error"]["step"]
    assert not (bango.folder / "runs").exists()


def test_and_told_everything_at_once(vendor: Vendor, bango: Bango) -> None:
    vendor.data["claims"] = ["telepathy"]
    vendor.data["staff"]["passphrase"] = "abc"
    vendor.examined(hooks=False, change=_set("network.credentials", "nowhere"))
    said = bango.here("certify", vendor.file, "--smoke")
    assert said.code == 10
    for code in ("TARGET-FAULTS", "DOCTOR-CLAIM", "MASK-SHORT", "AUTHORITY-UNREADABLE"):
        assert code in said.err


def test_an_unknown_port_of_the_interface_system_needs_a_start_hook(vendor: Vendor) -> None:
    found = vendor.examined(change=lambda data: data.pop("hooks"))
    assert failing(found) == {"DOCTOR-PORT-UNKNOWN"}


def test_the_report_leads_with_what_is_wrong(vendor: Vendor) -> None:
    vendor.examined(hooks=False)
    told = list(doctor.lines(doctor.examine(vendor.file, TODAY, hooks=False), vendor.file, "en"))
    assert told[0].startswith("× ")
    assert told[1].strip().startswith("cause: ")
    assert told[2].strip().startswith("next: ")
    assert str(vendor.file) in told[-1]


@pytest.mark.slow
def test_a_first_try_gets_a_useful_failing_run(vendor: Vendor, bango: Bango) -> None:
    vendor.examined(hooks=False)
    chosen = [f"transport.{side}.no-certificate" for side in ("in-house", "network")]
    said = bango("certify", vendor.file, "--only", chosen[0], "--only", chosen[1], "--format", "json")
    assert said.code == 1, said.err
    broken = {one["obligation"]: one for one in said.data["failures"]}
    assert set(broken) == set(chosen)
    assert broken["transport.in-house.no-certificate"]["clause"] == "IS-TRN-001"
    assert broken["transport.in-house.no-certificate"]["at_fault"] == "target"
    assert str(vendor.file) in broken["transport.in-house.no-certificate"]["rerun"]


@pytest.mark.slow
def test_the_reference_is_ready(bango: Bango) -> None:
    said = bango("doctor", "reference", "--format", "json")
    assert said.code == 0, said.out
    assert said.data["ready"]
    assert {one["state"] for one in said.data["findings"]} == {"ok"}


def test_a_target_that_is_not_ready_exits_10(vendor: Vendor, bango: Bango) -> None:
    vendor.examined(hooks=False)
    said = bango.here("doctor", vendor.file, "--no-hooks", "--format", "json")
    assert said.code == 10
    assert not said.data["ready"]
    text = bango.here("doctor", vendor.file, "--no-hooks", "--lang", "en")
    assert (text.code, text.out[0]) == (10, "×")
