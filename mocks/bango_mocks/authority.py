"""The testbed's own LGWAN certificate authority: credentials that carry a component's role and body.

Synthetic by construction: keys are made here, subjects say TEST, and nothing chains to a public root.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bango_mocks._revocations import BACKDATED, LEAF_DAYS, Revocations
from bango_mocks.hosts import host_name
from bango_spec.errors import UsageError

ROLE_URI = "urn:bango:role:"
AUTHORITY_DAYS = 3650


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


def write_private(path: Path, data: bytes) -> None:
    """Write a file that nobody else can read at any moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _general_name(host: str) -> x509.GeneralName:
    name = host_name(host)
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _uris(uri: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(uri)] if uri else []


class Authority:
    """A certificate authority in a folder (`authority.pem`, `authority-key.pem`, `revoked.pem`); X.509 v3, P-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate, self._key = _pair(folder)
        self.revocations = Revocations(folder / "revoked.pem", self.certificate.subject, self._key)
        # Where somebody passes a component's certificate off as an authority's, the list is not its own.
        self.revocations.read(own=_is_authority(self.certificate))

    @classmethod
    def create(cls, folder: Path, name: str = "Bango Testbed LGWAN TEST CA") -> Authority:
        """A fresh authority in `folder`, with an empty revocation list."""
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
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
            write_private(folder / "authority-key.pem", _key_pem(key))
            Revocations(folder / "revoked.pem", subject, key).publish()
        return cls(folder)

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

        `uri` stands in the place of the role's URI; an empty one leaves it out. CREDENTIALS-FOLDER: it cannot be written.
        """
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
            .not_valid_after(ends or usual_end(now))
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
        if revoked:
            self.revocations.add(certificate.serial_number)
        credential = Credential(folder)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            write_private(credential.key, _key_pem(key))
            credential.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.accompany(credential)
        return credential

    def accompany(self, credential: Credential) -> None:
        """Lay the authority's certificate and its list as it stands now beside a credential."""
        with writing(credential.folder):
            credential.authority.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
            credential.revoked.write_bytes(self.revocations.path.read_bytes())

    def revoke(self, credential: Credential) -> None:
        """Put a certificate on the revocation list and publish it."""
        certificate = x509.load_pem_x509_certificate(credential.certificate.read_bytes())
        self.revocations.add(certificate.serial_number)


def _pair(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "authority-key.pem").read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        told = f"{Path(error.filename).name}: {error.strerror}" if isinstance(error, OSError) else "PEM"
        raise UsageError(
            "AUTHORITY-UNREADABLE",
            f"{folder}: 認証局として読めません / no authority can be read here: {told}",
            cause="bango network credentials が作ったフォルダーではないか、ファイルが欠けたか壊れています"
            " / the folder is not one that `bango network credentials` made, or its files are missing or damaged",
            step="bango network credentials --out フォルダー で作り、そのフォルダーを指定してください"
            " / make one with `bango network credentials --out DIR` and name that folder",
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise UsageError(
            "AUTHORITY-KEY",
            f"{folder}: authority-key.pem は authority.pem の鍵ではありません"
            " / authority-key.pem is not the key of authority.pem",
            cause="別のフォルダーのファイルが混ざっています / files of another folder were mixed in",
            step="元の組に戻すか、新しいフォルダーに作り直してください"
            " / put the original pair back, or make a new one in a new folder",
        )
    return certificate, key


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What writes credentials: CREDENTIALS-FOLDER instead of the system's own error."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            "CREDENTIALS-FOLDER",
            f"{folder}: 書き込めません / the folder cannot be written to: {error.strerror}",
            step="書き込めるフォルダーを指定してください / name a folder that you can write to",
        ) from error


def usual_end(now: dt.datetime) -> dt.datetime:
    """When a credential that is issued now ends, if nothing else ends it before."""
    return now + dt.timedelta(days=LEAF_DAYS)


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
