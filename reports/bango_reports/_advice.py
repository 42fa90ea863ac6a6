"""What to do next after a run, in both languages, most urgent first."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from bango_spec.reading import Text

if TYPE_CHECKING:
    from pathlib import Path

    from bango_reports.model import Run
    from bango_reports.verdicts import Outcome

_STEPS: dict[str, Text] = {
    "HARNESS-ERROR": Text(
        ja="試験台の側の誤りです。製品の判定には使えません。result.json を添えて試験台の開発者に知らせてください。",
        en="This is an error of the testbed; it says nothing about the product. Report it with result.json.",
    ),
    "MUST-FAILED": Text(
        ja="不合格の項目を直し、「bango rerun {run} --failed」で確かめてから、全体をもう一度実行してください。",
        en="Mend what failed, check with `bango rerun {run} --failed`, then run the whole suite again.",
    ),
    "INTERRUPTED": Text(
        ja="実行は途中で止められました。もう一度、最後まで実行してください。",
        en="The run was interrupted. Run it again to its end.",
    ),
    "MUST-WAIVED": Text(
        ja="必須の項目に免除があります。免除があるうちは合格にも証明書にもなりません。",
        en="A waiver stands on a must. As long as it does, the run is neither green nor certifiable.",
    ),
    "WAIVER-BROKEN": Text(
        ja="不要になった、または期限の切れた免除があります。対象ファイルから消すか、理由を改めてください。",
        en="A waiver is stale or expired. Remove it from the target file or renew its reason.",
    ),
    "MUST-NOT-RUN": Text(
        ja="必須の項目に、実行できなかったものがあります。「bango doctor」で足りない設定を調べてください。",
        en="Some musts could not be run. Let `bango doctor` name the settings that are missing.",
    ),
    "NOTHING-RUN": Text(
        ja="実行した項目がありません。選択の条件を見直してください。",
        en="Nothing was run. Look at the selection again.",
    ),
    "PARTIAL": Text(
        ja="一部だけの実行です。何も証明しません。証明には、選択を付けずに「bango certify」を実行してください。",
        en="This was a partial run and certifies nothing. Run `bango certify` without a selection to certify.",
    ),
}
_ABORTED = Text(
    ja="試験対象に接続できませんでした。「bango doctor」が原因を調べます。",
    en="The target could not be reached. `bango doctor` looks for the cause.",
)
_GREEN = Text(
    ja="すべての必須項目に合格しました。証明書は「bango verify」で確かめられます。",
    en="Every testable must passed. Check the certificate with `bango verify`.",
)


def next_steps(run: Run, outcome: Outcome, folder: Path | None = None) -> tuple[Text, ...]:
    """The steps that follow from what stands against the run; one step when nothing does.

    Commands name the run by its folder, as a shell reads it, so that they work wherever the run was written to.
    """
    if run.exit_code == 10 and not run.cases:
        return (_ABORTED,)
    steps = (_STEPS[code] for code in outcome.obstacles)
    name = shlex.quote(run.run if folder is None else str(folder))
    return tuple(Text(ja=s.ja.format(run=name), en=s.en.format(run=name)) for s in steps) or (_GREEN,)
