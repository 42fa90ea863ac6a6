"""An issuer of certificates with its key and its trust list."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bango_reports import certificate, keys
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
NAME = Text(ja="試験所", en="Test house")


class House:
    """An issuer with its key, its trust list and a certificate for a green run."""

    def __init__(self, folder: Path, run_folder: Path) -> None:
        self.folder = folder
        self.run_folder = run_folder
        self.key, self.issuer = keys.generate(folder, name=NAME, now=NOW, grades=("self-declared", "witnessed"))
        self.trust = keys.TrustList(issuers=(self.issuer,))
        self.envelope = certificate.issue(run_folder, self.key, grade="self-declared", now=NOW)

    def payload(self) -> Any:
        return json.loads(base64.b64decode(self.envelope["payload"]))

    def forged(self, change: Callable[[Any], None]) -> dict[str, Any]:
        """A certificate with another content, rightly signed by this issuer."""
        payload = self.payload()
        change(payload)
        return certificate.sign(json.dumps(payload).encode(), self.key)


def conformity(payload: Any) -> Any:
    return payload["predicate"]["bango_conformity"]
