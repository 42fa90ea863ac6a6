"""The testbed's own LGWAN certificate authority: credentials that carry a component's role and body.

Synthetic by construction: keys are made here, subjects say TEST, and nothing chains to a public root.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bango_spec.errors import UsageError

ROLE_URI = "urn:bango:role:"
LEAF_DAYS = 397
AUTHORITY_DAYS = 3650
BACKDATED = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Credential:
    """A folder with `certificate.pem`, `key.pem`, `authority.pem` and `revoked.pem` (the CRL)."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """The component's certificate (PEM)."""
        return self.folder / "certificate.pem"

    @property
    def key(self) -> Path:
        """The component's private key (PEM, PKCS #8, mode 0600)."""
        return self.folder / "key.pem"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that peers are checked against."""
        return self.folder / "authority.pem"

    @property
    def revoked(self) -> Path:
        """The revocation list of that authority."""
        return self.folder / "revoked.pem"


def role_uri(role: str, body: str | None = None) -> str:
    """`urn:bango:role:<role>[:body:<16-digit body code>]`, the SAN URI that says who a peer is."""
    return f"{ROLE_URI}{role}" if body is None else f"{ROLE_URI}{role}:body:{body}"


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _uris(uri: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(uri)] if uri else []


class Authority:
    """A certificate authority in a folder (`authority.pem`, `authority-key.pem`, `revoked.pem`); X.509 v3, P-256."""

    def __init__(self, folder: Path) -> None:
        try:
            self.certificate = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
            key = serialization.load_pem_private_key((folder / "authority-key.pem").read_bytes(), None)
        except (OSError, ValueError) as error:
            raise UsageError(
                "AUTHORITY-UNREADABLE",
                f"{folder} holds no readable authority: {error}",
                cause="the folder is not one that `bango network credentials` made",
                step="run `bango network credentials --out DIR` and name that folder",
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise UsageError("AUTHORITY-KEY", f"{folder}: the authority's key is not an elliptic-curve key")
        self.folder = folder
        self._key = key
        self._revoked: list[int] = []

    @classmethod
    def create(cls, folder: Path, name: str = "Bango Testbed LGWAN TEST CA") -> Authority:
        """A fresh authority in `folder`, with an empty revocation list."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
        )
        now = dt.datetime.now(dt.UTC)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(now + dt.timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(identifier, critical=False)
            .sign(key, hashes.SHA256())
        )
        (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_private(folder / "authority-key.pem", _key_pem(key))
        authority = cls(folder)
        authority.publish_revocations()
        return authority

    def issue(  # one keyword for each property a test wants to get wrong on purpose
        self,
        folder: Path,
        role: str,
        body: str | None = None,
        *,
        hosts: tuple[str, ...] = ("127.0.0.1", "localhost"),
        starts: dt.datetime | None = None,
        ends: dt.datetime | None = None,
        revoked: bool = False,
        uri: str | None = None,
    ) -> Credential:
        """A credential for a component of `role` (and `body`) that answers under `hosts`; few checks, so that broken ones can be made.

        `uri` stands in the place of the role's URI; an empty one leaves it out.
        """
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        name = f"TEST {role}" if body is None else f"TEST {role} {body}"
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts or now - BACKDATED)
            .not_valid_after(ends or now + dt.timedelta(days=LEAF_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName(
                    [*map(_general_name, hosts), *_uris(role_uri(role, body) if uri is None else uri)]
                ),
                critical=False,
            )
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        credential = Credential(folder)
        credential.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_private(credential.key, _key_pem(key))
        credential.authority.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        if revoked:
            self._revoked.append(certificate.serial_number)
            self.publish_revocations()
        credential.revoked.write_bytes((self.folder / "revoked.pem").read_bytes())
        return credential

    def revoke(self, credential: Credential) -> None:
        """Put a certificate on the revocation list and publish it."""
        certificate = x509.load_pem_x509_certificate(credential.certificate.read_bytes())
        self._revoked.append(certificate.serial_number)
        self.publish_revocations()

    def publish_revocations(self) -> None:
        """Sign the current revocation list to `revoked.pem`; components read it when they start."""
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            # Of two lists the later one counts, also when they were signed within one second.
            .last_update(now - BACKDATED + dt.timedelta(seconds=min(len(self._revoked), BACKDATED.seconds)))
            .next_update(now + dt.timedelta(days=LEAF_DAYS))
            .add_extension(x509.CRLNumber(len(self._revoked) + 1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for serial in self._revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(entry)
        data = builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        (self.folder / "revoked.pem").write_bytes(data)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
