from __future__ import annotations

import base64
import copy
import json
from typing import TYPE_CHECKING, Any

from tests.reports.issuer import NAME, NOW, House

from bango_reports import certificate, keys, store
from bango_reports.verification import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reports.conftest import Saver

    from bango_reports.model import Run


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in paths(v, (*here, k))]
    if isinstance(value, list) and value:
        return [p for n, v in enumerate(value) for p in paths(v, (*here, n))]
    return [here]


def put(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = change(value[path[-1]])


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value.startswith("sha256:"):
        return "sha256:" + "f" * 64
    if isinstance(value, str) and value[:4].isdigit():
        return "2027" + value[4:]
    return value + "x" if isinstance(value, str) else ["x"]


def test_every_field_of_the_statement_is_bound_by_the_signature(house: House) -> None:
    payload = house.payload()
    places = paths(payload)
    assert len(places) > 60
    for place in places:
        changed = copy.deepcopy(payload)
        put(changed, place, other)
        envelope = {**house.envelope, "payload": base64.b64encode(json.dumps(changed).encode()).decode()}
        refusals = verify(envelope, house.trust, NOW).refusals
        assert refusals[0] in {"CERT-TAMPERED", "CERT-MALFORMED"}, place


def test_every_field_of_the_envelope_is_bound(house: House) -> None:
    for place in paths(house.envelope):
        changed = copy.deepcopy(house.envelope)
        put(changed, place, lambda value: value[:-4] + ("AAA=" if value[-4:] != "AAA=" else "BBB="))
        refusals = verify(changed, house.trust, NOW).refusals
        assert refusals, place
        assert refusals[0] in {"CERT-TAMPERED", "CERT-MALFORMED"}, place


def test_whitespace_alone_breaks_the_signature(house: House) -> None:
    payload = json.dumps(house.payload(), indent=1).encode()
    assert verify({**house.envelope, "payload": base64.b64encode(payload).decode()}, house.trust, NOW).refusals == (
        "CERT-TAMPERED",
    )


def test_an_unknown_issuer_is_untrusted_not_tampered(house: House) -> None:
    assert verify(house.envelope, keys.TrustList(), NOW).refusals == ("CERT-UNTRUSTED",)


def test_a_stranger_who_signs_under_a_trusted_key_id_is_found_out(house: House, tmp_path: Path) -> None:
    stranger, _ = keys.generate(tmp_path / "stranger", name=NAME, now=NOW)
    forged = certificate.sign(base64.b64decode(house.envelope["payload"]), stranger)
    assert verify(forged, house.trust, NOW).refusals[:2] == ("CERT-TAMPERED", "CERT-UNTRUSTED")
    forged["signatures"][0]["keyid"] = house.key.id
    assert verify(forged, house.trust, NOW).refusals == ("CERT-TAMPERED",)


def test_the_folder_digest_covers_names_and_contents(green: Run, saved: Saver) -> None:
    folder, _ = saved(green)
    before = store.folder_digest(folder)
    (folder / "report.html").write_text("x", encoding="utf-8")
    assert store.folder_digest(folder) == before
    one, two, *_ = sorted((folder / "evidence").iterdir())
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert store.folder_digest(folder) != before
