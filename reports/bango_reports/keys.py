"""Issuer keys: Ed25519 in PEM files that only their owner may read, and the list of issuers that a reader trusts."""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import os
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec

from bango_reports.model import Grade
from bango_spec.errors import BangoError, SpecError
from bango_spec.reading import Element, Text, load

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

KEY_FILE = "issuer.key.pem"
TRUST_FILE = "trust.yaml"
TRUST_HEAD = (
    b"# Issuers of certificates of conformity that you trust. "
    b"Add entries from others only after checking the key id on another way.\n"
)
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]


class Issuer(Element, frozen=True, kw_only=True):
    """One issuer on a trust list: its key, its name, the grades it may issue, and the last day it may issue on."""

    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    public_key: str
    """The 32 bytes of the Ed25519 key in base64; `key` is their SHA-256."""
    name: Text
    grades: tuple[Grade, ...]
    valid_until: Day

    def last_day(self) -> date:
        """`valid_until` as a date."""
        return date.fromisoformat(self.valid_until)


class TrustList(Element, frozen=True, kw_only=True):
    """The issuers that a reader of certificates trusts."""

    issuers: tuple[Issuer, ...] = ()

    def find(self, key: str) -> Issuer | None:
        """The issuer with this key id."""
        return next((issuer for issuer in self.issuers if issuer.key == key), None)


class IssuerKey:
    """A private key that signs certificates."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self.private = private
        self.public = private.public_key().public_bytes_raw()
        self.id = key_id(self.public)


def key_id(public: bytes) -> str:
    """The id of a key: SHA-256 over its 32 bytes, in hex."""
    return hashlib.sha256(public).hexdigest()


def verifier(public_key: str) -> SSlibKey | None:
    """A key that checks signatures, from base64; None when it is no Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - heavy
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # noqa: PLC0415 - heavy

    try:
        public = base64.b64decode(public_key, validate=True)
        return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public), keyid=key_id(public))
    except (binascii.Error, ValueError):
        return None


def generate(
    folder: Path, *, name: Text, now: datetime, grades: tuple[Grade, ...] = ("self-declared",), days: int = 730
) -> tuple[IssuerKey, Issuer]:
    """A new issuer key (mode 0600, never overwritten) in `folder`, with a trust list that holds its entry."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy

    key = IssuerKey(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    issuer = Issuer(
        key=key.id,
        public_key=base64.b64encode(key.public).decode(),
        name=name,
        grades=grades,
        valid_until=(now + timedelta(days=days)).date().isoformat(),
    )
    # JSON is YAML: quoted dates and names cannot be misread.
    entries = msgspec.json.format(msgspec.json.encode(TrustList(issuers=(issuer,))), indent=2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / TRUST_FILE).exists():
            raise FileExistsError(errno.EEXIST, "", str(folder / TRUST_FILE))
        with os.fdopen(os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(pem)
        with (folder / TRUST_FILE).open("xb") as stream:
            stream.write(TRUST_HEAD + entries + b"\n")
    except OSError as error:
        raise _not_written(folder, error) from error
    return key, issuer


def _not_written(folder: Path, error: OSError) -> BangoError:
    if isinstance(error, FileExistsError) and folder.is_dir():
        return BangoError(
            "KEY-EXISTS",
            f"{error.filename}: すでにあります。上書きはしません / it is there already and is never written over",
            step="別のフォルダーを指定してください / name another folder",
        )
    return BangoError(
        "KEY-FOLDER",
        f"{folder}: 書き込めません / the folder cannot be written to: {error.strerror}",
        step="書き込めるフォルダーを --out で指定してください / name a folder that you can write to with --out",
    )


def load_key(path: Path) -> IssuerKey:
    """The private key in a PEM file; refused when others can read it or when it is of another kind."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - heavy

    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise BangoError(
            "KEY-MISSING",
            f"{path}: 鍵を読めません / the key cannot be read: {error.strerror}",
            step="bango ca issuer-key が書いたファイルを指定してください / name the file that bango ca issuer-key wrote",
        ) from error
    if mode & 0o077:
        raise BangoError(
            "KEY-PERMISSIONS",
            f"{path}: ほかの利用者が鍵を読めます / others can read the key",
            step=f"chmod 600 {path}",
        )
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BangoError("KEY-FORM", f"{path}: 鍵のファイル（PEM）ではありません / this is no key (PEM)") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise BangoError("KEY-KIND", f"{path}: Ed25519 の鍵ではありません / not an Ed25519 key")
    return IssuerKey(private)


def load_trust(path: Path) -> TrustList:
    """The trust list in a YAML or JSON file; every key id must be the one of its key."""
    try:
        data = load(path)
    except SpecError as error:
        # The reader of the spec's own files would send one to the release for what is one's own.
        if isinstance(error.__cause__, OSError):
            raise BangoError(
                "TRUST-MISSING",
                f"{path}: 信頼する発行者の一覧がありません / there is no trust list here: {error.__cause__.strerror}",
                step="発行者から受け取った一覧をここに置くか、--trust で指定してください"
                " / put the list that the issuer gave you there, or name it with --trust",
            ) from error
        raise _no_list(path, str(error.__cause__)) from error
    try:
        trust = msgspec.convert(data, TrustList, strict=True)
        for issuer in trust.issuers:
            issuer.last_day()
    except ValueError as error:
        raise _no_list(path, str(error)) from error
    for issuer in trust.issuers:
        key = verifier(issuer.public_key)
        if key is None or key.keyid != issuer.key:
            raise BangoError("TRUST-KEY", f"{path}: 鍵と鍵番号が合いません / key id and key differ: {issuer.key}")
    return trust


def _no_list(path: Path, told: str) -> BangoError:
    return BangoError(
        "TRUST-FORM",
        f"{path}: 信頼する発行者の一覧ではありません / this is no trust list",
        cause=f"書き方が違います / it is not written as one: {told}",
        step="bango ca issuer-key が書く trust.yaml を手本にしてください / see what bango ca issuer-key writes",
    )
