"""The rooms of published products: the list, each product's verdict clause by clause, and its badge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import escape

from bango_reports import words
from bango_reports.page import faults
from bango_reports.site.pages import Page
from bango_spec import clauses
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge
    from bango_reports.site.published import Product, Refused

HEAD = Text(ja="製品の結果", en="Products")
COLOURS = {"conformant": "#115a36", "not-conformant": "#b50000", "undecided": "#595959", "harness-error": "#6b4a00"}


def pages(known: Knowledge, refused: tuple[Refused, ...]) -> Iterator[Page]:
    """The list and a page for each product."""
    yield Page(
        "products/index.html",
        "product_index.html.j2",
        HEAD,
        {"products": known.products, "refused": refused},
        room="products",
    )
    yield Page(
        "products/badges.html",
        "badges.html.j2",
        Text(ja="バッジ", en="Badges"),
        {"products": known.products},
        room="products",
        trail=(("products/index.html", HEAD),),
    )
    for one in known.products:
        yield Page(
            one.path,
            "product.html.j2",
            one.title,
            {
                "product": one,
                "run": one.run,
                "faults": faults(one.run),
                "kinds": [words.party(kind) for kind in one.run.target.body_kinds],
                "badge": f"products/{one.name}.svg",
                "clause_ids": clauses.clauses(),
            },
            room="products",
            trail=(("products/index.html", HEAD),),
        )


def badge(product: Product) -> str:
    """The badge as SVG: the verdict in words, product, version and date; an example says that it is one."""
    run = product.run
    verdict = words.OUTCOMES[product.verdict]
    grade = words.GRADES[run.grade]
    marked = "見本 example ・ " if product.example else ""
    partial = "" if run.selection.complete else "一部のみ partial ・ "
    lines = (
        f"{marked}{partial}{verdict.ja} {verdict.en}",
        f"{run.target.product} {run.target.version} ・ {run.target.profile}",
        f"{run.started[:10]} ・ {grade.ja} {grade.en} ・ {run.edition}",
    )
    colour = COLOURS[product.verdict]
    shown = "".join(
        f'<text x="20" y="{24 + 20 * place}" font-size="{15 if place == 0 else 12}" '
        f'font-weight="{700 if place == 0 else 400}" fill="#1a1a1c">{escape(line[:64])}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="420" height="76" viewBox="0 0 420 76" role="img" '
        f"aria-label=\"{escape(lines[0])} {escape(lines[1])}\" font-family=\"'Noto Sans JP','Hiragino Sans',Meiryo,sans-serif\">"
        f'<rect x=".5" y=".5" width="419" height="75" rx="6" fill="#fff" stroke="#949494"/>'
        f'<rect width="10" height="76" rx="4" fill="{colour}"/>{shown}</svg>\n'
    )
