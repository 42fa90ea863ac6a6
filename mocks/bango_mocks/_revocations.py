"""An authority's revocation list: read with the authority, so that nothing once revoked is forgotten by the next list."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

BACKDATED = dt.timedelta(minutes=5)
LEAF_DAYS = 397


class Revocations:
    """The list that an authority signs to a file; every list follows the one before."""

    def __init__(self, path: Path, issuer: x509.Name, key: EllipticCurvePrivateKey) -> None:
        self.path = path
        self._issuer = issuer
        self._key = key
        self._revoked: dict[int, dt.datetime] = {}
        self._number = 0
        self._signed: dt.datetime | None = None

    def read(self, *, own: bool) -> None:
        """Take up the list in the file; AUTHORITY-REVOKED when there is none, or when it is not signed with the `own` key."""
        try:
            found = x509.load_pem_x509_crl(self.path.read_bytes())
            if own and not found.is_signature_valid(self._key.public_key()):
                raise ValueError  # noqa: TRY301 - one way out
            self._number = found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
            self._revoked = {one.serial_number: one.revocation_date_utc for one in found}
        except (OSError, ValueError, TypeError, x509.ExtensionNotFound) as error:
            raise UsageError(
                "AUTHORITY-REVOKED",
                f"{self.path}: この認証局の失効リストではありません / this is no revocation list of the authority",
                cause="ファイルが無いか、壊れているか、別の認証局のものです"
                " / the file is missing or damaged, or belongs to another authority",
                step="元のファイルに戻すか、bango network credentials --out 新しいフォルダー で作り直してください"
                " / put the original back, or begin anew in another folder with `bango network credentials --out DIR`",
            ) from error
        self._signed = found.last_update_utc

    def __contains__(self, serial: int) -> bool:
        return serial in self._revoked

    def add(self, serial: int) -> None:
        """Revoke one more certificate and publish the list."""
        self._revoked[serial] = dt.datetime.now(dt.UTC)
        self.publish()

    def publish(self) -> None:
        """Sign the list to its file, in one step; components read it when they start."""
        now = dt.datetime.now(dt.UTC)
        # Of two lists the later one counts, also when they were signed within one second.
        self._signed = max(now - BACKDATED, self._signed + dt.timedelta(seconds=1) if self._signed else now - BACKDATED)
        self._number += 1
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._issuer)
            .last_update(self._signed)
            .next_update(now + dt.timedelta(days=LEAF_DAYS))
            .add_extension(x509.CRLNumber(self._number), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        # What was revoked longer ago than a certificate lives has expired by itself.
        oldest = now - dt.timedelta(days=LEAF_DAYS)
        self._revoked = {serial: moment for serial, moment in self._revoked.items() if moment > oldest}
        for serial, moment in self._revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
            builder = builder.add_revoked_certificate(entry)
        data = builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        part = self.path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(self.path)
