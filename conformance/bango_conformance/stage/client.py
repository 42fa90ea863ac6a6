"""The harness's calls to the target: any operation by its id, valid or wrong on purpose, each one recorded as evidence."""

from __future__ import annotations

import base64
import json
import ssl
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from bango_reports.model import Exchange, Message, Player
from bango_spec.target import TargetError

JSON = "application/json"
SECONDS = 15.0
LARGEST = 64 * 1024 * 1024
LONGEST = 120.0


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers (lower case) and body; `json` is None where the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    json: Any

    @property
    def problem(self) -> str | None:
        """The error code of a problem answer, if it is one."""
        return self.json.get("code") if isinstance(self.json, dict) and self.status >= 400 else None

    def short(self) -> str:
        """The answer in one line."""
        return (
            f"{self.status} {self.problem}"
            if self.problem
            else f"{self.status} {self.raw[:300].decode('utf-8', 'replace')}"
        )


def unanswered(origin: str, silence: object) -> TargetError:
    """TARGET-UNREACHABLE: there is no answer, so that nothing can be judged."""
    return TargetError(
        "TARGET-UNREACHABLE",
        f"{origin} が答えません / does not answer: {silence}",
        cause="対象が動いていないか、番地か証明書が違います"
        " / the target is not running, or its address or certificates are wrong",
        step="この対象ファイルで bango doctor を実行してください / run `bango doctor` with this target file",
    )


class Unanswered(Exception):  # noqa: N818 - an observation, not an error
    """No HTTP answer came: the connection was refused, cut or ran into the time limit."""


class Channel:
    """One way into the target under one certificate; safe to share between threads."""

    def __init__(self, origin: str, context: ssl.SSLContext | None, player: Player) -> None:
        self.origin = origin
        self.player = player
        self._context = context
        self._client = self._new()

    def _new(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.origin,
            verify=self._context if self._context is not None else True,
            timeout=SECONDS,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
            trust_env=False,
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        seen: Callable[[Exchange], None],
        began: float,
    ) -> Answer:
        """One exchange; `raw` goes out as it is, `body` as JSON; a header with an empty value is left out.

        Unanswered when no HTTP answer came.
        """
        sent = {"Bango-Correlation-Id": str(uuid.uuid4()), "Bango-Profile-Version": "1.0", **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}
        content = raw
        if raw is None and body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        if content is not None:
            sent.setdefault("Content-Type", JSON)
        request = self._client.build_request(method, path, content=content, headers=sent, params=_pairs(query))
        started = time.perf_counter()
        response, failed = None, ""
        data = b""
        try:
            response, data = self._whole(request, started + LONGEST)
        except httpx.HTTPError as error:
            failed = f"{type(error).__name__}: {error}"
        except Unanswered as error:
            failed = str(error)
        ended = time.perf_counter()
        seen(
            Exchange(
                direction="sent-to-target",
                player=self.player,
                method=method,
                url=str(request.url),
                request=shown(list(request.headers.items()), content or b""),
                status=response.status_code if response is not None else None,
                response=shown(list(response.headers.items()), data) if response is not None else None,
                error=failed,
                offset_ms=round((started - began) * 1000, 1),
                duration_ms=round((ended - started) * 1000, 1),
            )
        )
        if response is None:
            raise Unanswered(failed)
        return Answer(response.status_code, response.headers, data, _parsed(response.headers, data))

    def _whole(self, request: httpx.Request, limit: float) -> tuple[httpx.Response, bytes]:
        # An answer without end must not take the memory or the time of the run.
        response = self._client.send(request, stream=True)
        try:
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > LARGEST:
                    raise Unanswered(f"the answer is longer than {LARGEST} bytes")
                if time.perf_counter() > limit:
                    raise Unanswered(f"the answer had not ended after {LONGEST:.0f} s")
        finally:
            response.close()
        return response, bytes(data)

    def disconnect(self) -> None:
        """Close every connection that is open now; the next call opens one."""
        before, self._client = self._client, self._new()
        before.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _pairs(
    query: Mapping[str, str] | Sequence[tuple[str, str]] | None,
) -> list[tuple[str, str | int | float | bool | None]] | None:
    found = query.items() if isinstance(query, Mapping) else query or ()
    return [(name, value) for name, value in found] or None


def _parsed(headers: Mapping[str, str], data: bytes) -> Any:
    if "json" not in headers.get("content-type", "") or "ndjson" in headers["content-type"]:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def shown(headers: list[tuple[str, str]], data: bytes) -> Message:
    """A message as the checks search it, whole; only what is kept of it is shortened."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Message(
            headers=tuple(headers), body=base64.b64encode(data).decode(), encoding="base64", size=len(data), cut=False
        )
    return Message(headers=tuple(headers), body=text, size=len(data), cut=False)


def path_of(template: str, values: Mapping[str, str]) -> str:
    """A path from its template; every value stays one segment, whatever it holds."""
    path = template
    for name, value in values.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path
