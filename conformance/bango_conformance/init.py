"""`bango init`: a commented target file to start from, one template for each profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_conformance.suite import PROFILES
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_INTERMEDIATE_SERVER = """\
#:schema ./target.schema.json
# 試験対象ファイル / Target file of Bango Testbed
# 次に / Next: bango doctor {name}   →   bango certify {name}
# 文字列の中の ${{名前}} は環境変数に置き換わります。秘密はここに書かないでください。
# ${{NAME}} inside a string is replaced by an environment variable. Do not write secrets here.

# 試験の種類 / What the product is tested as.
profile = "intermediate-server"
# 法令の版を選ぶ日付。なければ既定の版 / Date that chooses the law's edition; the default edition without it.
# edition = "2020-09-06"
# 製品が持つ任意の機能、持たない機能。持たないと言ったものは「対象外」になる
# Optional features that the product has, and those that it does not have (their cases become not applicable).
claims = []
not_supported = []

# 証明するのは、ここに書いた製品のこの版だけ / Only this product in this version is certified.
[product]
name = "my-intermediate-server"
version = "0.0.0"
vendor = "会社の名前 / Company"
# 配布物の SHA-256。`sha256sum 配布物` で得る / SHA-256 of what is delivered, from `sha256sum FILE`.
artefact = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

# 製品の二つの口。ここに書いた先のほかには接続しない / The product's two listeners; nothing else is ever contacted.
[endpoints]
# 業務側：既存業務システムと統合宛名システムが呼ぶ口 / Where the body's own systems call.
in_house = "https://127.0.0.1:8443"
# 網側：インターフェイスシステムが呼ぶ口 / Where the interface system calls.
network = "https://127.0.0.1:8444"

# 製品を使う機関。機関コードは試験台が知るもの（bango network credentials が示す）
# The body that the product serves: one that the testbed knows (`bango network credentials` names one).
[body]
code = "{body}"
# 法令の表のどの主体か。`bango spec show party` に一覧 / Which parties of the law's tables it is; see `bango spec show party`.
parties = [{parties}]

# 試験台が演じる網 / The network that the testbed plays around the product.
[network]
# `bango network credentials --out credentials` で作ったフォルダー。このファイルからの相対
# Folder made by `bango network credentials --out credentials`, relative to this file.
credentials = "credentials"
# 試験台が待ち受ける番地。製品が別の機械やコンテナーにあるときは 0.0.0.0
# Address that the testbed listens on; 0.0.0.0 where the product runs on another machine or in a container.
bind = "127.0.0.1"
# 製品から見た試験台の名 / Name by which the product reaches the testbed.
advertise = "127.0.0.1"
# 製品に設定するインターフェイスシステムの番号。start フックがあるときは 0（毎回空いた番号）でよい
# Port of the interface system as configured in the product; 0 (any free one) is enough with a start hook.
interface_system_port = 9443
# 機構（J-LIS）の番号 / Port of J-LIS.
jlis_port = 0

# はじめから製品にいる管理者（administer の権限） / An administrator's account that the product has from the start.
[staff]
id = "administrator"
passphrase = "${{BANGO_STAFF_PASSPHRASE}}"

# フック：製品を動かし、中を見るための命令。なくても試験できるが、必要な条項は「判定できず」になり合格しない
# Hooks: commands that run the product or look inside. Without them, the clauses that need them stay inconclusive.
# 命令は語の並び。{{python}} は試験台の Python。環境変数 BANGO_INTERFACE_SYSTEM, BANGO_CREDENTIALS, BANGO_BODY,
# BANGO_PARTIES, BANGO_EDITION, BANGO_EDITIONS, BANGO_IN_HOUSE, BANGO_NETWORK を渡す / A command is a list of words; {{python}} is the
# testbed's Python. The environment tells BANGO_INTERFACE_SYSTEM and so on. `unlocks`: clauses (a note for readers);
# `seconds`: how long it may take.
# [hooks.start]            # 製品を動かす。動き続ける / starts the product and stays in the foreground
# command = ["docker", "compose", "up"]
# [hooks.stop]             # 止める。なければ SIGTERM / stops it; SIGTERM without it
# command = ["docker", "compose", "down"]
# [hooks.kill]             # 突然止める / kills it without warning
# command = ["docker", "kill", "my-server"]
# [hooks.reset]            # データを空に戻す / empties its data
# command = ["./reset.sh"]
# [hooks.clock]            # 時計を進める（秒は環境変数 BANGO_CLOCK_SECONDS） / shifts its clock
# command = ["./clock.sh"]
# [hooks.export-store]     # 保存しているものすべてを標準出力に / everything it stores, to standard output
# command = ["pg_dump", "my-server"]
# unlocks = ["IS-PRI-001"]
# seconds = 60.0
# [hooks.export-logs]      # ログを標準出力に / its logs, to standard output
# command = ["docker", "logs", "my-server"]

# 免除：分かっている不適合。期限を過ぎるか、合格するようになると、実行は失敗する。必須の免除があると証明書は出ない
# Waivers: known deviations. One that is past its date or that passes fails the run; with one on a must, no certificate.
# [[waivers]]
# obligation = "transport.network.no-certificate"
# reason = "次の版で直す / mended in the next version"
# owner = "担当者 / who answers for it"
# expires = "2027-03-31"
"""
TEMPLATES = {"intermediate-server": _INTERMEDIATE_SERVER}
SCHEMA_FILE = "target.schema.json"


def template(profile: str, name: str = "target.toml", body: str = "", parties: tuple[str, ...] = ()) -> str:
    """The commented target file of a profile, for a body (the testbed's usual one without); INIT-PROFILE for another word."""
    if profile not in TEMPLATES:
        raise UsageError(
            "INIT-PROFILE",
            f"{profile!r} という試験の種類はありません / there is no such profile",
            step="次から選んでください / choose from: " + ", ".join(PROFILES),
        )
    if not body:
        from bango_mocks.parties import parties_of  # noqa: PLC0415 - the directory of bodies takes its time
        from bango_mocks.standing import choose  # noqa: PLC0415

        usual = choose(1)[0]
        body, parties = usual.code, parties_of(usual)
    return TEMPLATES[profile].format(name=name, body=body, parties=", ".join(f'"{one}"' for one in parties))


def schema_text() -> str:
    """The JSON Schema of a target file, as it is published."""
    import msgspec  # noqa: PLC0415 - only here

    from bango_spec.target import target_schema  # noqa: PLC0415

    return msgspec.json.format(msgspec.json.encode(target_schema()), indent=2).decode() + "\n"


def write(path: Path, profile: str) -> list[Path]:
    """Write the target file and its schema beside it; INIT-EXISTS rather than overwrite a target file."""
    text = template(profile, path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        schema = path.parent / SCHEMA_FILE
        schema.write_text(schema_text(), encoding="utf-8")
    except FileExistsError as error:
        raise UsageError(
            "INIT-EXISTS",
            f"{path} はすでにあります / there is such a file already",
            step="--out で別の名前を指定してください / name another file with --out",
        ) from error
    except OSError as error:
        raise UsageError(
            "INIT-FOLDER",
            f"{path}: {error.strerror}",
            step="書き込める所を --out で指定してください / name a place that you can write to with --out",
        ) from error
    return [path, schema]
