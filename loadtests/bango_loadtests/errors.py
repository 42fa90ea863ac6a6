"""What can go wrong around a campaign, with the exit code that says whose move it is."""

from __future__ import annotations

from bango_spec.errors import BangoError


class TargetError(BangoError):
    """The target cannot be reached or does not do what a campaign needs before it begins."""

    exit_code = 10


class IncompleteError(BangoError):
    """The campaign ended before its time, or could not measure what it has to: what there is is kept and marked."""

    exit_code = 12
