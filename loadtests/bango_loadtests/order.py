"""What is asked for: which campaign against which target, how long, at which share of the nation, and where results go."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bango_loadtests.errors import IncompleteError
from bango_spec import load
from bango_spec.errors import SpecError
from bango_spec.load import Campaign
from bango_spec.reading import read

LOCUST = "locust"
"""Locust's own tables have names that begin so; it opens them before it asks for anything."""
MOST_SECONDS = 86_400.0


@dataclass(frozen=True)
class Order:
    """One run of a campaign as asked for; `narrowed` names the options that make it another one than the spec's."""

    campaign: str
    target: str
    edition: str | None
    seed: int
    seconds: float | None
    scale: float | None
    out: Path

    def settled(self) -> tuple[Campaign, float, float]:
        """The campaign, its seconds and its share of the nation; LOAD-* when they contradict each other."""
        campaign = campaign_of(self.campaign)
        seconds = campaign.seconds if self.seconds is None else self.seconds
        scale = campaign.share if self.scale is None else self.scale
        if not 0 < seconds <= MOST_SECONDS or seconds <= campaign.warm_up_seconds:
            raise _contradiction(
                f"{seconds:g} 秒では、暖機（{campaign.warm_up_seconds:g} 秒）の後に測る時間がありません",
                f"{seconds:g} s leave nothing to measure after a warm-up of {campaign.warm_up_seconds:g} s",
                "--seconds 90",
            )
        if not 0 < scale <= 1000:
            raise _contradiction(
                f"全国の件数の {scale:g} 倍は運転できません",
                f"{scale:g} times the nation's volume cannot be run",
                "--scale 1",
            )
        return campaign, seconds, scale

    def narrowed(self) -> tuple[str, ...]:
        """The options that make the run another one than the spec's campaign."""
        campaign, seconds, scale = self.settled()
        found = []
        if self.campaign not in load.campaigns():
            found.append(f"campaign file {Path(self.campaign).name}")
        if seconds < campaign.seconds:
            found.append(f"--seconds {seconds:g}")
        if scale < campaign.share:
            found.append(f"--scale {scale:g}")
        return tuple(found)


def campaign_of(word: str) -> Campaign:
    """A campaign of the spec by its id, or one of one's own by its file (`.yaml`); LOAD-CAMPAIGN-FILE says what is wrong with it."""
    if not word.endswith((".yaml", ".yml")):
        return load.campaign(word)
    path = Path(word).resolve()
    try:
        campaign = read(path, Campaign)
    except SpecError as error:
        raise IncompleteError(
            "LOAD-CAMPAIGN-FILE",
            f"{word}: 運転のファイルとして読めません / this cannot be read as a campaign: {error.what}",
            step="spec/load/campaigns の中の一つを手本にしてください / take one of spec/load/campaigns as a pattern",
        ) from error
    import msgspec  # noqa: PLC0415 - only for one's own

    # The name goes into the ids of cases, which are ASCII.
    plain = "-".join(re.findall(r"[a-z0-9]+", path.stem.lower())) or "own"
    campaign = msgspec.structs.replace(campaign, id=plain)
    if faults := load.faults(campaign):
        raise IncompleteError(
            "LOAD-CAMPAIGN-FILE",
            f"{word}: 運転の中身が合いません / the campaign does not hold together: {'; '.join(faults)}",
            step="名前は spec/load と spec/law のものを使ってください / use the names of spec/load and spec/law",
        )
    return campaign


def new_folder() -> Path:
    """A folder for a run that names none: by moment and process, so that those forked from this one know it, too."""
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    return Path("runs") / f"load-{moment}-{os.getpid()}"


def folder_for(folder: Path) -> Path:
    """The folder of a run, made if need be; LOAD-FOLDER when it holds something or cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(LOCUST) for path in folder.iterdir()):
            raise IncompleteError(
                "LOAD-FOLDER",
                f"{folder} には、すでに何かがあります / {folder} is not empty",
                step="別のフォルダーを --out で指定してください / name another folder with --out",
            )
    except OSError as error:
        raise IncompleteError(
            "LOAD-FOLDER",
            f"{folder} に書けません / {folder} cannot be written to: {error.strerror}",
            step="書けるフォルダーを --out で指定してください / name a folder that can be written to with --out",
        ) from error
    return folder.resolve()


def _contradiction(ja: str, en: str, step: str) -> IncompleteError:
    return IncompleteError("LOAD-CONTRADICTION", f"{ja} / {en}", step=step)
