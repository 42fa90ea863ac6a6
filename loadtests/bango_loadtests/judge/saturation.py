"""Whether the figures are the target's or the generator's: nobody's verdict may rest on a generator that could not keep up."""

from __future__ import annotations

from dataclasses import dataclass

from bango_loadtests.course import Course
from bango_loadtests.histogram import percentile
from bango_loadtests.tally import Sample

BUSY_CPU = 0.9
"""From this share of its processor on, a single-threaded process makes what is due wait."""
BUSY_SHARE = 0.05
"""So many of its seconds may be busy."""
LATE_MS = 50.0
"""So late, at the 99th percentile, the generator may begin what is due: a twentieth of the shortest time that limits speak of."""


@dataclass(frozen=True)
class Reading:
    """One thing that was watched: what it is, its value with unit, the bound, and whether it was over it."""

    what_ja: str
    what_en: str
    value: str
    bound: str
    over: bool


def readings(course: Course, warm_up: float) -> list[Reading]:
    """What was watched of the generators and of the ground, after the warm-up."""
    late = percentile(course.tally.late, 99) or 0.0
    found = [
        Reading(
            "発生側が予定より遅れて始めた時間（99 %）",
            "how late the generator began what was due (99th percentile)",
            f"{late:.1f} ms",
            f"{LATE_MS:g} ms",
            late > LATE_MS,
        )
    ]
    for name, samples in sorted(course.workers.items()):
        found.append(_busy(f"発生側 {name} の CPU", f"processor of the generator {name}", samples, warm_up))
    if course.ground:
        found.append(_busy("模擬の網の CPU", "processor of the mock network", course.ground, warm_up))
    return found


def _busy(ja: str, en: str, samples: list[Sample], warm_up: float) -> Reading:
    counted = [one.cpu for one in samples if one.second >= warm_up]
    busy = sum(cpu > BUSY_CPU for cpu in counted) / len(counted) if counted else 0.0
    mean = sum(counted) / len(counted) if counted else 0.0
    return Reading(
        f"{ja}（{BUSY_CPU:.0%} を超えた秒の割合）",
        f"{en} (share of seconds above {BUSY_CPU:.0%})",
        f"{busy:.0%}（平均 mean {mean:.0%}）",
        f"{BUSY_SHARE:.0%}",
        busy > BUSY_SHARE,
    )
