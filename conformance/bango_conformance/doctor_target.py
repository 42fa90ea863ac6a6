"""What the target says of itself over the interface: health, clock, profile, and an administrator's account that works."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bango_conformance.operations import operation
from bango_conformance.stage.client import Answer, Unanswered
from bango_spec.assumptions import number
from bango_spec.interfaces import standalone
from bango_spec.target import TargetError

if TYPE_CHECKING:
    from bango_conformance.doctor_findings import Findings
    from bango_conformance.stage import Stage
    from bango_reports.model import Exchange, Player

PROBES: tuple[tuple[str, Player, str, str], ...] = (
    ("in_house", "in-house", "readInHouseHealth", "業務側"),
    ("network", "interface-system", "readNetworkHealth", "網側"),
)
SHOWN = 3


def examine(stage: Stage, found: Findings, answering: frozenset[str]) -> None:
    """Ask both sides for their health, the network side for its profile, and open a staff session."""
    for key, player, operation_id, ja in PROBES:
        if key in answering:
            answer, _ = _asked(stage, player, operation_id, found, ja)
            if answer is not None and isinstance(answer.json, dict):
                _clock(answer, ja, key, found)
    if "network" in answering:
        _profile(stage, found)
    if "in_house" in answering:
        _staff(stage, found)


def _asked(
    stage: Stage, player: Player, operation_id: str, found: Findings, ja: str, headers: dict[str, str] | None = None
) -> tuple[Answer | None, bool]:
    """An answer of status 200 and whether it is as documented; None, and a finding, for anything else."""
    wanted = operation(operation_id)
    name = f"{wanted.method} {wanted.path}"
    try:
        answer = stage.channel(player).send(wanted.method, wanted.path, headers=headers, seen=_unseen, began=0.0)
    except Unanswered as silence:
        found.fail(
            "DOCTOR-SILENT",
            (f"{ja}の {name} に答えがありません: {silence}", f"no answer to {name}: {silence}"),
            ("HTTP/1.1 として読めないか、切れました", "it is no HTTP/1.1, or the connection was cut"),
        )
        return None, False
    if answer.status != 200:
        found.fail(
            "DOCTOR-OPERATION",
            (
                f"{ja}の {name}（{operation_id}）が 200 ではなく {answer.short()}",
                f"{name} ({operation_id}) was answered {answer.short()} instead of 200",
            ),
            (
                "その操作がないか、正しい役割の証明書を断っています",
                "the operation is missing, or the right role is refused",
            )
            if answer.status in {401, 403, 404, 405}
            else None,
            (f"bango spec show operation {operation_id}",) * 2,
        )
        return None, False
    wrong = _faults(wanted.document, operation_id, answer.json)
    if wrong:
        found.fail(
            "DOCTOR-ANSWER",
            (
                f"{ja}の {name} の答えが定義と合いません: {'; '.join(wrong[:SHOWN])}",
                f"the answer to {name} breaks its definition: {'; '.join(wrong[:SHOWN])}",
            ),
            None,
            (f"bango spec show operation {operation_id}",) * 2,
        )
        return answer, False
    found.ok("DOCTOR-ANSWERS", (f"{ja}の {name} は定義どおり", f"{name} answers as defined"))
    return answer, True


def _faults(document: str, operation_id: str, body: Any) -> list[str]:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    answer = next(one for one in operation(operation_id).responses if one.status == 200)
    if body is None:
        return ["no JSON"]
    validator = Draft202012Validator(standalone(document, answer.schema or {}))
    return [f"{'.'.join(map(str, one.path)) or 'body'}: {one.message}" for one in validator.iter_errors(body)]


def _clock(answer: Answer, ja: str, key: str, found: Findings) -> None:
    """The later of two readings decides: a Date header has whole seconds only."""
    now = dt.datetime.now(dt.UTC)
    readings = [answer.json.get("time")]
    if "date" in answer.headers:
        readings.append(answer.headers["date"])
    limit = number("clock-skew-seconds")
    for reading in readings:
        moment = _moment(reading)
        if moment is None:
            # What has no date to it is no reading; the schema of the answer has said so where it is the body's.
            continue
        ahead = (moment - now).total_seconds()
        if abs(ahead) > limit + 1:
            found.fail(
                "DOCTOR-CLOCK",
                (
                    f"{ja}の時計が {ahead:+.0f} 秒ずれています（許されるのは {limit} 秒）",
                    f"{key}: its clock is off by {ahead:+.0f} s ({limit} s are allowed)",
                ),
                (
                    "許可の期限や記録の時刻が合わなくなります",
                    "permits expire at the wrong moment and records show wrong times",
                ),
                ("両方の機械を NTP に合わせてください", "set both machines by NTP"),
            )
            return
    if any(map(_moment, readings)):
        found.ok("DOCTOR-CLOCK", (f"{ja}の時計は合っています", f"{key}: its clock is right"))


def _moment(text: Any) -> dt.datetime | None:
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(str(text))
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return None


def _profile(stage: Stage, found: Findings) -> None:
    answer, sound = _asked(stage, "interface-system", "readNetworkProfile", found, "網側")
    if answer is None or not sound:
        return
    said, target = answer.json, stage.target
    for key, wanted, ja in (("system", target.profile, "システムの種類"), ("body", target.body.code, "機関コード")):
        if said.get(key, wanted) != wanted:
            found.fail(
                "DOCTOR-PROFILE-SAYS",
                (
                    f"製品は {ja} を {said[key]} と答え、対象ファイルは {wanted} です",
                    f"the product says {key} {said[key]}, the target file {wanted}",
                ),
                None,
                ("どちらかを直してください", "correct one of them"),
            )
    for key, wanted in (("product", target.product.name), ("product_version", target.product.version)):
        if said.get(key) != wanted:
            found.warn(
                "DOCTOR-PRODUCT-SAYS",
                (
                    f"製品は {key} を {said.get(key)} と答え、対象ファイルは {wanted} です",
                    f"the product says {key} {said.get(key)}, the target file {wanted}",
                ),
                ("証明書には対象ファイルのほうが載ります", "the certificate will name what the target file says"),
            )
    if stage.table.edition not in said["editions"]:
        found.fail(
            "DOCTOR-EDITION-SAYS",
            (
                f"製品は法令の版 {stage.table.edition} を扱いません（{', '.join(said['editions'])}）",
                f"the product does not know the edition {stage.table.edition} ({', '.join(said['editions'])})",
            ),
            None,
            (
                "対象ファイルの edition か、製品を合わせてください",
                "adjust `edition` in the target file, or the product",
            ),
        )
    if not said["layouts"]:
        found.warn(
            "DOCTOR-LAYOUTS",
            ("製品はレイアウトの版を一つも答えません", "the product names no layout version"),
            ("副本はどれも登録できないことになります", "so no replica could be registered"),
        )


def _staff(stage: Stage, found: Findings) -> None:
    """The account opens a session, and may administer: only then can the harness make its own staff."""
    account = stage.target.staff.id
    try:
        token = stage.staff.open(account, stage.target.staff.passphrase)
    except TargetError as error:
        found.error(error)
        return
    headers = {"Authorization": f"Bearer {token}"}
    wanted = operation("listStaff")
    try:
        answer = stage.channel("in-house").send(wanted.method, wanted.path, headers=headers, seen=_unseen, began=0.0)
    except Unanswered as silence:
        found.fail(
            "DOCTOR-SILENT", (f"{wanted.path} に答えがありません: {silence}", f"no answer to {wanted.path}: {silence}")
        )
        return
    if answer.status != 200:
        found.fail(
            "DOCTOR-ADMINISTRATOR",
            (
                f"{account} は職員を管理できません: {answer.short()}",
                f"{account} may not administer staff: {answer.short()}",
            ),
            ("administer の権限がありません", "the account lacks the authority administer"),
            (
                "administer の権限を持つ口座を [staff] に書いてください",
                "name an account with the authority administer in [staff]",
            ),
        )
        return
    found.ok("DOCTOR-STAFF", (f"{account} は職員を管理できます", f"{account} can administer staff"))


def _unseen(exchange: Exchange) -> None:
    """What the doctor sends belongs to no case."""
