"""Credentials that lie in a folder: whether they still do what is asked of them, and whether a folder is free for new ones."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from bango_mocks.authority import Credential, role_uri
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bango_mocks.authority import Authority

SOON = dt.timedelta(days=30)


def holds(authority: Authority, credential: Credential, role: str, body: str | None, hosts: Iterable[str]) -> bool:
    """Whether a credential is this authority's for the role, body and hosts, unrevoked, with its key, and for a while yet."""
    certificate = _own(authority, credential, role, body)
    if certificate is None or certificate.serial_number in authority.revocations:
        return False
    try:
        key = serialization.load_pem_private_key(credential.key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return False
    lasts = certificate.not_valid_after_utc > dt.datetime.now(dt.UTC) + SOON
    return lasts and key.public_key() == certificate.public_key() and set(hosts) <= set(_hosts(certificate))


def hosts_of(credential: Credential) -> tuple[str, ...]:
    """The names and addresses that a credential's certificate answers to; none where it cannot be read."""
    certificate = _read(credential)
    return () if certificate is None else _hosts(certificate)


def free(authority: Authority, folder: Path, role: str, body: str | None) -> Path:
    """The folder, if a credential for role and body may be written there; CREDENTIALS-FOLDER if it would cost something else."""
    try:
        empty = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    except OSError:
        empty = False
    if empty or _own(authority, Credential(folder), role, body) is not None:
        return folder
    raise UsageError(
        "CREDENTIALS-FOLDER",
        f"{folder}: 証明書を書くと、ほかのものが失われます / credentials written here would cost something else",
        cause="ファイルか、ほかのものの入ったフォルダーです / it is a file, or a folder that holds something else",
        step="空のフォルダーを指定してください / name an empty or a new folder",
    )


def _own(authority: Authority, credential: Credential, role: str, body: str | None) -> x509.Certificate | None:
    certificate = _read(credential)
    if certificate is None:
        return None
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return None
    names = _names(certificate)
    return certificate if names and role_uri(role, body) in names.get_values_for_type(_URI) else None


def _read(credential: Credential) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(credential.certificate.read_bytes())
    except (OSError, ValueError):
        return None


_URI = x509.UniformResourceIdentifier


def _names(certificate: x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def _hosts(certificate: x509.Certificate) -> tuple[str, ...]:
    names = _names(certificate)
    if names is None:
        return ()
    return (*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress)))
