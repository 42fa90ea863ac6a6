from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.reports.issuer import NAME, NOW, House

from bango_reports import keys
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_trust_list_that_is_not_there_is_ones_own_to_find(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(BangoError) as caught:
            keys.load_trust(path)
        assert caught.value.code == "TRUST-MISSING"
        assert "release" not in str(caught.value)
    (tmp_path / "torn.yaml").write_text("issuers: [", encoding="utf-8")
    with pytest.raises(BangoError) as caught:
        keys.load_trust(tmp_path / "torn.yaml")
    assert caught.value.code == "TRUST-FORM"
    assert "next" not in caught.value.cause


def test_a_trust_list_or_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / keys.TRUST_FILE).write_text("mine", encoding="utf-8")
    for folder, code in ((tmp_path, "KEY-EXISTS"), (tmp_path / keys.TRUST_FILE, "KEY-FOLDER")):
        with pytest.raises(BangoError) as caught:
            keys.generate(folder, name=NAME, now=NOW)
        assert caught.value.code == code
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]
