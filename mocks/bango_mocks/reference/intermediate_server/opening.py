"""Opening answers: with the inquiry's own key, and only if they are for this inquiry (IS-INQ-011)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bango_mocks.reference.intermediate_server.part import Part
from bango_mocks.serving.call import Problem
from bango_mocks.serving.validation import compiled
from bango_spec.assumptions import value
from bango_spec.interfaces import document

if TYPE_CHECKING:
    from bango_mocks.reference.intermediate_server.server import IntermediateServer

CONTENT = {"$ref": "#/components/schemas/ProvidedContent"}


class Opening(Part):
    """What is wrong with an answer is the provider's fault: peer-invalid."""

    def __init__(self, server: IntermediateServer) -> None:
        super().__init__(server)
        chosen = value("content-encryption")
        self._registry = jwe.JWERegistry(algorithms=[chosen["alg"], chosen["enc"]], strict_check_header=False)
        self._schema = compiled(document("intermediate-server.network"), CONTENT)

    def opened(self, inquiry: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The content of an answer, if it opens and names this inquiry."""
        content: dict[str, Any]
        header, content = self.decrypted(inquiry, answer["content"])
        self.well_formed(content)
        self.meant_for(inquiry, header, content)
        return content

    def decrypted(self, inquiry: dict[str, Any], token: str) -> tuple[dict[str, Any], Any]:
        """Protected header and content of a JWE."""
        try:
            found = jwe.decrypt_compact(token, ECKey.import_key(inquiry["private_key"]), registry=self._registry)
            return dict(found.protected), msgspec.json.decode(found.plaintext or b"")
        except (JoseError, ValueError, msgspec.DecodeError, TypeError, KeyError) as error:
            raise Problem("peer-invalid", "the answer cannot be opened", origin="provider") from error

    def well_formed(self, content: Any) -> None:
        """The content must be what the documents say."""
        if not isinstance(content, dict) or not self._schema.is_valid(content):
            raise Problem("peer-invalid", "the content breaks its definition", origin="provider")

    def meant_for(self, inquiry: dict[str, Any], header: dict[str, Any], content: dict[str, Any]) -> None:
        """Header and content must name this inquiry's permit, and the content its information."""
        wanted = inquiry["permit_id"]
        if header.get("permit_id") != wanted or content.get("permit_id") != wanted:
            raise Problem("peer-invalid", "the answer is for another inquiry", origin="provider")
        if content.get("information") != inquiry["request"]["information"]:
            raise Problem("peer-invalid", "the answer is for other information", origin="provider")
