"""Words of officers beyond the vocabulary, and what may stand between the words of a list or a sentence."""

from __future__ import annotations

import functools
import re

from bango_spec._surfaces import fold
from bango_spec.reading import Element, read

_ARTICLE = r"(?:附則)?第[〇一二三四五六七八九十百0-9]+[条項号](?:の[一二三四五六七八九十0-9]+)*(?:から|まで)?"
_PARENTHESES = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"


class Joints(Element, frozen=True):
    """What may stand between the names of a list, and besides these between the words of a task or of information."""

    list: tuple[str, ...]
    task: tuple[str, ...]
    information: tuple[str, ...]


class Aliases(Element, frozen=True):
    """`spec/law/aliases.yaml`."""

    parties: dict[str, list[str]]
    endings: dict[str, str]
    deeds: dict[str, list[str]]
    laws: dict[str, list[str]]
    information: dict[str, list[str]]
    joints: Joints


@functools.cache
def aliases() -> Aliases:
    """Words of officers beyond the vocabulary."""
    return read("law/aliases.yaml", Aliases)


def _pattern(*words: str) -> re.Pattern[str]:
    longest = sorted({fold(w) or w for w in words}, key=lambda w: (-len(w), w))
    return re.compile("|".join([_ARTICLE, _PARENTHESES, *map(re.escape, longest)]))


@functools.cache
def list_joints() -> re.Pattern[str]:
    """Between the names of a list."""
    longest = sorted(aliases().joints.list, key=lambda w: -len(w))
    return re.compile("|".join([_PARENTHESES, *map(re.escape, longest)]))


@functools.cache
def task_joints() -> re.Pattern[str]:
    """Between the words of a task."""
    return _pattern(*aliases().joints.list, *aliases().joints.task)


@functools.cache
def information_joints() -> re.Pattern[str]:
    """Between the words of a kind of information."""
    return _pattern(*aliases().joints.list, *aliases().joints.information)
