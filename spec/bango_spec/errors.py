"""The one error shape that people meet: a stable code, what happened, the likely cause, the next step."""

from __future__ import annotations


class BangoError(Exception):
    """An error with a stable code; the command line prints its four parts and exits with `exit_code`."""

    exit_code = 4

    def __init__(self, code: str, what: str, *, cause: str = "", step: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.cause = cause
        self.step = step

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.what}"]
        if self.cause:
            parts.append(f"cause: {self.cause}")
        if self.step:
            parts.append(f"next: {self.step}")
        return "\n  ".join(parts)


class SpecError(BangoError):
    """The spec data contradicts itself or cannot be read."""

    exit_code = 3


class UsageError(BangoError):
    """What the caller asked for cannot be understood."""
