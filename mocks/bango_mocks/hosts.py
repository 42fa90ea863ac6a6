"""The names under which components answer, as certificates write them: DNS names in ASCII (A-labels), and addresses."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

import idna

from bango_spec.errors import UsageError

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST = 253
MOST_PORT = 65535


def host_name(given: str, option: str = "") -> str:
    """The host as a certificate holds it (`例え.jp` as `xn--r8jz45g.jp`); HOST-NAME for what is neither name nor address."""
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        pass
    try:
        name = given if given.isascii() else idna.encode(given, uts46=True).decode()
    except idna.IDNAError:
        name = ""
    labels = name.removeprefix("*.").split(".")
    # A last label of digits alone would be read as an address that it is not.
    if len(name) > _LONGEST or labels[-1].isdecimal() or not all(map(_LABEL.fullmatch, labels)):
        raise UsageError(
            "HOST-NAME",
            f"{option} {given}: 名前でも番地でもありません / this is neither a host's name nor an address".lstrip(),
            cause="https:// や番号（:8443）、空白は付けません / no https://, no port and no blanks belong to it",
            step="is.example.jp、192.0.2.1、2001:db8::1 のように書いてください / write a name or an address alone",
        )
    return name.lower()


def origin(given: str, option: str = "--url") -> str:
    """An https origin with its host in ASCII; HOST-ORIGIN for anything else, HOST-NAME for a host that is none."""
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    rest = given.removeprefix("https://")
    if not host or rest == given or port == 0 or any(character in rest for character in "/?#@\\ \t\n\r"):
        raise UsageError(
            "HOST-ORIGIN",
            f"{option} {given}: 接続先の書き方ではありません / this is not where a server answers",
            cause=f"https:// と名前と番号（1 から {MOST_PORT}）だけを書きます。道（/…）は付けません"
            f" / it is https://, a host and a port (1 to {MOST_PORT}), without a path",
            step=f"{option} https://is.example.jp:8444",
        )
    name = host_name(host, option)
    shown = f"[{name}]" if ":" in name else name
    return f"https://{shown}" + (f":{port}" if port is not None else "")


def host_of(url: str) -> str:
    """The host of an origin."""
    return urlsplit(url).hostname or ""
