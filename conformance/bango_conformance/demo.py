"""`bango demo`."""

from __future__ import annotations


def demo(lang: str = "ja") -> int:  # noqa: ARG001
    """The tour."""
    return 0
