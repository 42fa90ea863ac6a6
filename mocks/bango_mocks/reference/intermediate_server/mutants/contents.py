"""Mutants of what is sealed: too much, in the open, to the wrong key."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import ECKey

from bango_mocks.clock import stamp
from bango_mocks.reference.intermediate_server.contents import Contents
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.serving.call import Problem
from bango_spec.reading import Text


@mutant(
    clause="IS-PRV-007",
    title=Text(ja="求められた項目だけに絞らない", en="Hands over every item whatever was asked"),
    reason="MORE-THAN-ASKED",
)
class EveryItem(Contents):
    """The list of items in the request is ignored."""

    def selected_items(self, items: dict[str, Any], asked: list[str] | None) -> dict[str, Any]:  # noqa: ARG002 - that is the mistake
        """All there are."""
        return items


@mutant(
    clause="IS-PRV-008",
    title=Text(
        ja="暗号化されない見出しに項目の値の初めを入れる",
        en="Puts the beginning of the items into the header, which is not encrypted",
    ),
    reason="HEADER-TELLS",
)
class ValuesInHeader(Contents):
    """Handy for the asker's router, and readable for everybody on the way."""

    def header(self, content: dict[str, Any], key: ECKey) -> dict[str, Any]:
        """The header with a glimpse of the items."""
        glimpse = str(content["items"])[:100]
        return super().header(content, key) | {"about": glimpse}


@mutant(
    clause="IS-PRV-009",
    title=Text(
        ja="使えない鍵の代わりに自ら選んだ鍵で暗号化する", en="Seals to a key of its own where the key is unusable"
    ),
    reason="UNUSABLE-KEY-USED",
)
class OwnKeyInstead(Contents):
    """The request is not refused for so small a thing as its key."""

    def usable(self, encryption_key: dict[str, Any]) -> ECKey:
        """The asker's key, or another one."""
        try:
            return super().usable(encryption_key)
        except Problem:
            return ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)


@mutant(
    clause="IS-PRV-018",
    title=Text(ja="副本の更新日時の代わりに提供の日時を入れる", en="Gives the time of provision as the time of update"),
    reason="UPDATE-TIME-WRONG",
)
class UpdatedNow(Contents):
    """The asker believes that old information is of today."""

    def content(self, replica: dict[str, Any], request: dict[str, Any], permit_id: str) -> dict[str, Any]:
        """The content with another time."""
        return super().content(replica, request, permit_id) | {"updated_at": stamp(self.clock())}


@mutant(
    clause="IS-PRV-019",
    title=Text(ja="暗号化の見出しに許可の識別子を入れない", en="Leaves the permit out of the header"),
    reason="NOT-TIED-TO-PERMIT",
)
class NotTied(Contents):
    """The header is made of constants, so that one ciphertext can be passed off as the answer to another permit."""

    def header(self, content: dict[str, Any], key: ECKey) -> dict[str, Any]:
        """The header without the permit."""
        return {name: member for name, member in super().header(content, key).items() if name != "permit_id"}
