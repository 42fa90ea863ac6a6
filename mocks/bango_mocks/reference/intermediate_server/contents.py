"""What is provided, and sealed to the asker's key (IS-PRV-007 to 009, 016 to 019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_spec.assumptions import value

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

COPIED = ("information", "layout_version", "fiscal_year", "period", "generation", "updated_at")


class Contents(Part):
    """Contents never leave unsealed."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        self._chosen = value("content-encryption")
        self._registry = jwe.JWERegistry(
            algorithms=[self._chosen["alg"], self._chosen["enc"]], strict_check_header=False
        )

    def usable(self, encryption_key: dict[str, Any]) -> ECKey:
        """The asker's key; key-unusable if it is no public point of the curve."""
        try:
            key = ECKey.import_key(encryption_key)
            key.get_op_key("deriveKey")
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Problem("key-unusable") from error
        if key.is_private or key.curve_name != self._chosen["curve"]:
            raise Problem("key-unusable")
        return key

    def content(self, replica: dict[str, Any], request: dict[str, Any], permit_id: str) -> dict[str, Any]:
        """The plaintext: which permit it is for, what the replica is, and the items asked for."""
        copied = {name: replica[name] for name in COPIED if name in replica}
        return copied | {"permit_id": permit_id, "items": self.selected_items(replica["items"], request.get("items"))}

    def selected_items(self, items: dict[str, Any], asked: list[str] | None) -> dict[str, Any]:
        """The items asked for and no others; all if none is named. Absent, null and zero stay what they are."""
        if asked is None:
            return items
        wanted = set(asked)
        return {code: held for code, held in items.items() if code in wanted}

    def sealed(self, content: dict[str, Any], key: ECKey) -> str:
        """The content as a compact JWE to the key."""
        header = self.header(content, key)
        return jwe.encrypt_compact(header, msgspec.json.encode(content), key, registry=self._registry)

    def header(self, content: dict[str, Any], key: ECKey) -> dict[str, Any]:
        """The protected header; it ties the ciphertext to its permit."""
        chosen = {"alg": self._chosen["alg"], "enc": self._chosen["enc"]}
        return chosen | {"kid": key.kid, "permit_id": content["permit_id"]}
