"""What the target file alone can tell: whether it is read, and whether the testbed knows the things it names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from bango_conformance.suite import PROFILES
from bango_mocks import hosts
from bango_mocks.parties import parties_of
from bango_mocks.population import body as body_of
from bango_reports.masking import Masker
from bango_spec.errors import BangoError
from bango_spec.law import edition_as_of
from bango_spec.systems import systems
from bango_spec.target import TargetError, read_target, target_schema
from bango_spec.vocabulary import parties, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from urllib.parse import SplitResult

    from bango_conformance.doctor_findings import Findings
    from bango_spec.target import Target

PLACEHOLDER = "sha256:" + "0" * 64
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def examine(path: Path, found: Findings, environment: Mapping[str, str] | None) -> Target | None:
    """The target that the file describes; None when it cannot be read."""
    try:
        target = read_target(path, environment)
    except TargetError as error:
        if error.code != "TARGET-SHAPE" or not _shape(path, found):
            found.error(error)
        return None
    found.ok("DOCTOR-FILE", (f"対象ファイルを読めます: {path}", f"the target file can be read: {path}"))
    for look in (_profile, _product, _edition, _body, _endpoints, _network, _staff):
        look(target, found)
    return target


def placed(target: Target) -> bool:
    """Whether the law's tables know what the target file names, so that a suite can be made for it."""
    try:
        edition_as_of(target.edition)
    except BangoError:
        return False
    return target.profile in PROFILES and set(target.body.parties) <= set(parties())


def _shape(path: Path, found: Findings) -> bool:
    """Every fault of form at once; False when the schema sees none."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    schema = target_schema()
    known = _keys(schema)
    wrong = sorted(
        Draft202012Validator(schema).iter_errors(msgspec.toml.decode(path.read_bytes())), key=lambda one: list(one.path)
    )
    for one in wrong:
        place = ".".join(map(str, one.path)) or "(top)"
        if one.validator == "additionalProperties":
            for name in sorted(set(one.instance) - set(one.schema.get("properties", {}))):
                near = get_close_matches(name, one.schema.get("properties", known), 2, 0.5)
                step = (f"{'、'.join(near)} のことですか", f"did you mean {', '.join(near)}?") if near else None
                what = (f"{place}: 知らないキー {name}", f"{place}: unknown key {name}")
                found.fail("TARGET-SHAPE", what, None, step)
            continue
        found.fail(
            "TARGET-SHAPE",
            (f"{place}: 書き方の誤り: {one.message}", f"{place}: {one.message}"),
            None,
            ("bango init が書くファイルと比べてください", "compare with the file that `bango init` writes"),
        )
    return bool(wrong)


def _keys(schema: Mapping[str, Any]) -> list[str]:
    return [name for part in schema.get("$defs", {}).values() for name in part.get("properties", {})]


def _profile(target: Target, found: Findings) -> None:
    name = target.profile
    if name in PROFILES:
        found.ok("DOCTOR-PROFILE", (f"試験の種類 {name}", f"the profile is {name}"))
        return
    having = [systems()[one] for one in PROFILES]
    known = systems().get(name)
    near = get_close_matches(name, PROFILES, 1, 0.5)
    found.fail(
        "DOCTOR-PROFILE",
        (f"{known.names.ja}（{name}）の試験はまだありません", f"there is no suite for {known.names.en} ({name}) yet")
        if known
        else (f"{name} という試験の種類はありません", f"there is no profile {name}"),
        (f"もしかして {near[0]}", f"did you mean {near[0]}?") if near else None,
        (
            "profile を次から選んでください: " + "、".join(f"{one.id}（{one.names.ja}）" for one in having),
            "choose the profile from: " + ", ".join(f"{one.id} ({one.names.en})" for one in having),
        ),
    )


def _product(target: Target, found: Findings) -> None:
    if target.product.artefact == PLACEHOLDER:
        found.warn(
            "DOCTOR-ARTEFACT",
            ("product.artefact が見本のままです", "product.artefact is still the template's"),
            ("証明書は配布物の SHA-256 に結び付きます", "a certificate is bound to the SHA-256 of what is delivered"),
            (
                "`sha256sum 配布物` の値を sha256: に続けて書いてください",
                "write sha256: and the value of `sha256sum FILE`",
            ),
        )


def _edition(target: Target, found: Findings) -> None:
    try:
        edition = edition_as_of(target.edition)
    except BangoError as error:
        found.error(error)
        return
    found.ok(
        "DOCTOR-EDITION", (f"法令の版 {edition.id}（{edition.ja}）", f"edition of the law {edition.id} ({edition.en})")
    )
    if edition.level == "table":
        found.warn(
            "DOCTOR-EDITION-LEVEL",
            (
                f"版 {edition.id} は命令（主務省令）の段まで揃っていません",
                f"{edition.id} does not reach down to the orders",
            ),
            ("判定は別表の段で止まります", "answers stop at the table"),
            (
                "版を指定しなければ、命令の段まで揃った版になります",
                "without `edition`, the newest complete edition is used",
            ),
        )


def _body(target: Target, found: Findings) -> None:
    known = spellings(parties().values())
    for name in target.body.parties:
        if name in parties():
            continue
        near = [
            one for word in get_close_matches(name, [*known, *parties()], 4, 0.5) for one in known.get(word, (word,))
        ]
        hint = ", ".join(dict.fromkeys(known.get(name, ()) or near)) or "bango spec show party"
        found.fail(
            "DOCTOR-PARTY",
            (f"body.parties の {name} は主体の id ではありません", f"body.parties: {name} is no id of a party"),
            ("法令の表の主体は id で書きます", "parties of the law's tables are written by their ids"),
            (f"もしかして: {hint}", f"did you mean: {hint}"),
        )
    try:
        body = body_of(target.body.code)
    except BangoError:
        found.fail(
            "DOCTOR-BODY",
            (
                f"機関コード {target.body.code} は試験台の機関ではありません",
                f"{target.body.code} is no body of the testbed",
            ),
            (
                "住民も機関もすべて模擬です。実在の機関のコードは使えません",
                "people and bodies are synthetic; real codes do not work",
            ),
            ("bango init が書く機関コードを使ってください", "use the body code that `bango init` writes"),
        )
        return
    found.ok("DOCTOR-BODY", (f"機関 {body.full_name}（{body.code}）", f"the body is {body.name.en} ({body.code})"))
    own = parties_of(body)
    if not set(target.body.parties) & set(own):
        found.warn(
            "DOCTOR-BODY-PARTIES",
            (f"この機関は {', '.join(own)} です", f"this body is {', '.join(own)}"),
            ("対象ファイルは別の主体を書いています", "the target file names other parties"),
            (
                f'body.parties = ["{own[0]}"] にするか、機関を選び直してください',
                f'write body.parties = ["{own[0]}"] or choose another body',
            ),
        )


def _endpoints(target: Target, found: Findings) -> None:
    for name, url in (("in_house", target.endpoints.in_house), ("network", target.endpoints.network)):
        if not url.startswith("https://"):
            found.fail(
                "DOCTOR-SCHEME",
                (f"endpoints.{name} が https ではありません: {url}", f"endpoints.{name} is not https: {url}"),
                ("網ではどの口も相互 TLS です", "everything on this network is mutual TLS"),
                ("製品の口を TLS にし、https:// で書いてください", "serve the listener over TLS and write https://"),
            )
            continue
        _look(lambda url=url, name=name: hosts.origin(url, f"endpoints.{name}"), found)  # type: ignore[misc]


def _look(reading: Callable[[], object], found: Findings) -> None:
    try:
        reading()
    except BangoError as error:
        found.error(error)


def _network(target: Target, found: Findings) -> None:
    network = target.network
    for name in ("bind", "advertise"):
        _look(lambda name=name: hosts.host_name(getattr(network, name), f"network.{name}"), found)  # type: ignore[misc]
    if found.failed:
        return
    elsewhere = [
        url for url in (target.endpoints.in_house, target.endpoints.network) if split(url).hostname not in LOOPBACK
    ]
    if elsewhere and network.advertise in LOOPBACK:
        found.warn(
            "DOCTOR-ADVERTISE",
            (
                f"製品は {elsewhere[0]} にいますが、advertise が {network.advertise} です",
                f"the product is at {elsewhere[0]}, advertise is {network.advertise}",
            ),
            (
                "別の機械やコンテナーからは、その名で試験台に届きません",
                "from another machine or container that name does not lead to the testbed",
            ),
            (
                "製品から見た試験台の名を network.advertise に、bind に 0.0.0.0 を書いてください",
                'write the testbed\'s name as network.advertise, and bind = "0.0.0.0"',
            ),
        )
    if network.interface_system_port == 0 and "start" not in target.hooks:
        found.fail(
            "DOCTOR-PORT-UNKNOWN",
            (
                "interface_system_port が 0 で、start フックがありません",
                "interface_system_port is 0 and there is no start hook",
            ),
            (
                "製品はインターフェイスシステムの番号を知りようがありません",
                "the product cannot know where the interface system is",
            ),
            (
                "決まった番号を書き、製品に同じ番号を設定してください",
                "write a fixed port and configure the same in the product",
            ),
        )


def _staff(target: Target, found: Findings) -> None:
    if not target.staff.id or not target.staff.passphrase:
        found.fail(
            "DOCTOR-STAFF-EMPTY",
            ("staff の id か passphrase が空です", "the id or the passphrase of [staff] is empty"),
            None,
            ("製品にはじめからいる管理者を書いてください", "name an administrator that the product has from the start"),
        )
        return
    try:
        Masker().add("passphrase", target.staff.passphrase)
    except BangoError as error:
        found.fail(
            error.code,
            (
                "staff.passphrase が短すぎて、証跡の中で伏せられません",
                "staff.passphrase is too short to be masked in the evidence",
            ),
            (
                "短い値はどの文にも現れ、伏せると何も読めなくなります",
                "so short a value stands in every text, and nothing would be left to read",
            ),
            ("もっと長い合言葉にしてください", "give the account a longer passphrase"),
        )


def split(url: str) -> SplitResult:
    """The parts of an origin."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - small

    return urlsplit(url)
