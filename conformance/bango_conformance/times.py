"""Times on the wire as the judge reads and writes them, apart from how any server does."""

from __future__ import annotations

import datetime as dt
import re

JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")
_WIRE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))\Z", re.ASCII
)


def stamp(when: dt.datetime) -> str:
    """A moment as RFC 3339 with milliseconds, in Japanese time."""
    local = when.astimezone(JAPAN)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}+09:00"


def moment(text: str) -> dt.datetime:
    """The moment that an RFC 3339 time names, to the microsecond; ValueError for a text that is none."""
    found = _WIRE.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no RFC 3339 time")
    *whole, fraction, sign, hours, minutes = found.groups()
    away = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    microseconds = int((fraction or "").ljust(6, "0")[:6])
    return dt.datetime(*map(int, whole), microseconds, tzinfo=dt.timezone(away))  # type: ignore[misc,arg-type]
