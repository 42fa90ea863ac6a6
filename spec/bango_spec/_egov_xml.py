"""XML that nobody vouches for as a tree: no document type, no entities, bounded in depth and number of elements."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element as Node

OBTAIN = "e-Gov法令検索から法令XMLをもう一度取り寄せてください / download the law's XML from e-Gov again"
# Far beyond any law; a file of nothing but tags stays harmless.
_DEEPEST = 100
_MOST = 1_000_000


def tree(data: bytes, path: Path) -> Node:
    """The element tree; a document type, and so every entity of its own, is refused before anything is expanded."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_: object) -> None:
        raise BangoError(
            "LAW-XML-ENTITY",
            f"{path}: 文書型の宣言は受け付けません / a document type is refused",
            cause="e-Gov の法令XMLにはありません / e-Gov's files have none",
            step=OBTAIN,
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    seen = depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal seen, depth
        seen, depth = seen + 1, depth + 1
        if seen > _MOST or depth > _DEEPEST:
            raise BangoError(
                "LAW-XML-SIZE", f"{path}: 要素が多すぎるか、深すぎます / too many elements, or too deep", step=OBTAIN
            )
        builder.start(tag.rpartition("}")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition("}")[2])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser's own signature
        return builder.close()
    except (expat.ExpatError, LookupError, ValueError) as error:
        # An encoding that the parser does not know is none of its own errors.
        raise BangoError(
            "LAW-XML-FORM", f"{path}: XMLとして壊れています / malformed XML", cause=str(error), step=OBTAIN
        ) from error
