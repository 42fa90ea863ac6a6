"""An authority's folder: what is missing, torn or mixed up in it is named, and nothing once revoked is forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from bango_mocks.authority import Authority
from bango_mocks.hosts import host_name, origin
from bango_spec.errors import UsageError


def _gone(name: str) -> Callable[[Path, Path], None]:
    return lambda folder, _: (folder / name).unlink()


def _torn(name: str, content: bytes) -> Callable[[Path, Path], None]:
    def change(folder: Path, _: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def _others(name: str) -> Callable[[Path, Path], None]:
    def change(folder: Path, other: Path) -> None:
        shutil.copy(other / name, folder / name)

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_gone("authority.pem"), "AUTHORITY-UNREADABLE"),
        (_gone("authority-key.pem"), "AUTHORITY-UNREADABLE"),
        (_torn("authority.pem", b""), "AUTHORITY-UNREADABLE"),
        (_torn("authority-key.pem", b"no key"), "AUTHORITY-UNREADABLE"),
        (_others("authority-key.pem"), "AUTHORITY-KEY"),
        (_others("authority.pem"), "AUTHORITY-KEY"),
        (_gone("revoked.pem"), "AUTHORITY-REVOKED"),
        (_torn("revoked.pem", b""), "AUTHORITY-REVOKED"),
        (_torn("revoked.pem", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"), "AUTHORITY-REVOKED"),
        (_torn("revoked.pem", b"\x00\xff"), "AUTHORITY-REVOKED"),
        (_others("revoked.pem"), "AUTHORITY-REVOKED"),
    ],
)
def test_a_folder_that_is_not_whole_is_named(tmp_path: Path, change: Callable[[Path, Path], None], code: str) -> None:
    folder = tmp_path / "own"
    Authority.create(folder)
    Authority.create(tmp_path / "other")
    change(folder, tmp_path / "other")
    with pytest.raises(UsageError) as refused:
        Authority(folder)
    assert refused.value.code == code
    assert str(folder) in refused.value.what
    assert refused.value.step


def test_what_was_revoked_stays_so_when_the_authority_is_opened_again(tmp_path: Path) -> None:
    first = Authority.create(tmp_path)
    one = first.issue(tmp_path / "one", "operator", revoked=True)
    again = Authority(tmp_path)
    two = again.issue(tmp_path / "two", "operator")
    before = x509.load_pem_x509_crl((tmp_path / "revoked.pem").read_bytes())
    again.revoke(two)
    after = x509.load_pem_x509_crl((tmp_path / "revoked.pem").read_bytes())
    serials = {x509.load_pem_x509_certificate(each.certificate.read_bytes()).serial_number for each in (one, two)}
    assert {entry.serial_number for entry in after} == serials
    assert after.last_update_utc > before.last_update_utc


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("例え.jp", "xn--r8jz45g.jp"),
        ("日本語。jp", "xn--wgv71a119e.jp"),
        ("IS.Example.jp", "is.example.jp"),
        ("my_service", "my_service"),
        ("*.example.jp", "*.example.jp"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_a_host_is_written_as_certificates_hold_it(given: str, held: str) -> None:
    assert host_name(given) == held
    port = "" if given.startswith("*") else ":8444"
    shown = f"[{held}]" if ":" in held else held
    assert origin(f"https://{f'[{given}]' if ':' in given else given}{port}") == f"https://{shown}{port}"


@pytest.mark.parametrize(
    "given", ["", " ", "a b", "a..b", "a:1", "https://a", "[::1]", "1.2.3", "-a", "a" * 64, "a.\n", "xn--", "☃" * 80]
)
def test_what_is_no_host_is_refused(given: str) -> None:
    with pytest.raises(UsageError) as refused:
        host_name(given)
    assert refused.value.code == "HOST-NAME"


@pytest.mark.parametrize(
    "given",
    [
        "a",
        "http://a",
        "https://",
        "https://a/",
        "https://a?b",
        "https://u@a",
        "https://a:0",
        "https://a:65536",
        "https://a:b",
        "https://[::1",
        "https://a\n",
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(UsageError) as refused:
        origin(given)
    assert refused.value.code == "HOST-ORIGIN"
