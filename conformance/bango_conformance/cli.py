"""The front door `bango`: every package adds its commands through the entry-point group `bango.commands`."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points, version
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = """番号制度 適合性試験台。法令の表と仕様をデータとして持ち、模擬の全国網で製品を試験する。

Bango Testbed: the law's tables and the interface documents as data, a mock national network, conformance tests.

まず bango demo、次に bango init と bango doctor。 Begin with bango demo, then bango init and bango doctor.

終了コード exit codes: 0 よい ok, 1 不合格 failed, 2 中断 interrupted, 3 内部の誤り internal, 4 使い方 usage,
5 対象なし nothing selected, 10 試験対象に届かない target, 11 免除 waiver, 12 必須が未実行 must not run, 13 試験台の誤り harness
"""
# As a newcomer meets them; commands of others follow.
ORDER = (
    "demo",
    "init",
    "doctor",
    "certify",
    "rerun",
    "explain",
    "report",
    "diff",
    "load",
    "verify",
    "admit",
    "network",
    "spec",
)
INTERNAL, INTERRUPTED = 3, 2
# What typer makes of a KeyboardInterrupt inside a command.
OF_TYPER = 130


class FrontDoor(typer.core.TyperGroup):
    """The commands in the order in which they are needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Known ones first, the rest by name."""
        names = sorted(super().list_commands(ctx))
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def application() -> typer.Typer:
    """The command line with the commands of every installed package."""
    app = typer.Typer(
        cls=FrontDoor,
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_front)
    for entry in sorted(entry_points(group="bango.commands"), key=lambda one: one.name):
        entry.load()(app)
    return app


def _tell_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"bango-testbed {version('bango-testbed')}\n")
        raise typer.Exit


def _front(
    tell_version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="版 the version of the testbed")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; whatever goes wrong is told as code, cause and next step, never as a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(given))


def _run(given: list[str]) -> int:
    try:
        code = application()(args=given, prog_name="bango", standalone_mode=False)
        sys.stdout.flush()
    except BangoError as error:
        return _told(given, error)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        # Whoever read the output has enough (`bango … | head`); nothing more may be written to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last place that can still explain itself
        return _unexpected(given, error)
    if code == OF_TYPER:
        return _interrupted()
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    sys.stderr.write("中断しました。 interrupted\n")
    return INTERRUPTED


def _told(given: list[str], error: BangoError) -> int:
    if _wants_json(given):
        import msgspec

        body = {"code": error.code, "message": error.what, "cause": error.cause, "step": error.step}
        sys.stdout.write(msgspec.json.encode({"error": body}).decode() + "\n")
    else:
        sys.stderr.write(f"{error}\n")
    return error.exit_code


def _unexpected(given: list[str], error: Exception) -> int:
    if hasattr(error, "format_message"):
        # What the parser of the command line says: it has no type of its own that all its versions share.
        return _told(given, _usage(error, error.format_message()))
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if os.environ.get("BANGO_DEBUG"):
        raise error
    told = BangoError(
        "INTERNAL",
        f"{type(error).__name__}: {error}",
        cause="試験台の誤りです / this is an error of the testbed, not of your product",
        step="BANGO_DEBUG=1 を付けてもう一度実行し、出力を添えて知らせてください"
        " / run it again with BANGO_DEBUG=1 and report what it prints",
    )
    _told(given, told)
    return INTERNAL


def _usage(error: Exception, message: str) -> BangoError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "bango"
    if type(error).__name__ == "NoArgsIsHelpError":
        return BangoError("USAGE", f"命令が足りません / a command is missing\n\n{message}\n", step=f"{path} --help")
    return BangoError("USAGE", message, step=f"{path} --help")


def _wants_json(given: list[str]) -> bool:
    return "--format=json" in given or ("--format", "json") in pairwise(given)
