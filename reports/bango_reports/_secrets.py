"""Secrets that no evidence may show, whether or not anybody named them: credentials, tokens, private keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTE = r"\\*\""
_MEMBER = r"(?i:" + _QUOTE + r"(?:%s)" + _QUOTE + r"\s*:\s*" + _QUOTE + r")"

_RULES: tuple[tuple[str, tuple[bytes, ...], re.Pattern[str]], ...] = (
    # kind, words one of which must occur (a fast refusal), pattern with the secret
    (
        "key",
        (b"private key-----",),
        re.compile(
            r"(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))",
            re.DOTALL | re.IGNORECASE,
        ),
    ),
    ("key", (b'"d"', b'"d\\', b'"k"', b'"k\\'), re.compile(_MEMBER % "d|k" + r"(?P<secret>[A-Za-z0-9_-]{22,})")),
    (
        "token",
        (b"bearer", b"basic", b"dpop"),
        re.compile(r"(?i:\b(?:bearer|basic|dpop)(?:\s|%20|\+)+)(?P<secret>[A-Za-z0-9\-._~+/]{4,}=*)"),
    ),
    (
        "token",
        (b"token", b"secret"),
        re.compile(_MEMBER % "(?:[a-z_]*_)?token|[a-z_]*secret" + r"(?P<secret>[^\"\\\s]{4,})"),
    ),
    (
        "token",
        (b"token=", b"secret="),
        re.compile(r"(?i:\b(?:[a-z_]*_)?(?:token|secret)=)(?P<secret>[^&\s\"<>]{4,})"),
    ),
    (
        "passphrase",
        (b"passphrase", b"password", b'"pin'),
        re.compile(_MEMBER % "passphrase|password|pin" + r"(?P<secret>(?:[^\"\\]|\\[^\"])+)"),
    ),
)


def always(text: str, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of every secret that shows itself by its form; `lowered` are the text's letters."""
    for kind, words, pattern in _RULES:
        if any(word in lowered for word in words):
            for place in pattern.finditer(text):
                yield kind, *place.span("secret")
