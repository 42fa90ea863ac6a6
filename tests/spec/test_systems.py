"""The systems file is complete against the briefing, refers only to what exists, and its money adds up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bango_spec import systems
from bango_spec._systems_check import era_month, era_start, problems, subsidy
from bango_spec.errors import SpecError
from bango_spec.reading import files, load, root

if TYPE_CHECKING:
    from typing import Any

BRIEFING = Path(__file__).resolve().parents[3] / "shared" / "briefing-2014-03-14.txt"

# What a reader of the briefing finds named in it, in its own spelling; spaces and line breaks do not count.
# fmt: off
NAMED = [
    "既存住基システム", "住基システム", "既存税務システム", "税務システム", "中間サーバー",
    "団体内統合宛名システム等", "社会保障関係システム", "情報提供ネットワークシステム",
    "インターフェイスシステム", "既存業務システム", "団体内統合宛名番号", "中間サーバー・プラットフォーム",
    "自治体クラウド", "番号クラウド推進プロジェクトチーム", "LGWAN", "住基カード", "外部のデータセンター", "LGWAN-ASP",
    "地方公共団体情報システム機構", "個人番号カード", "個人番号カードの表面", "個人番号カードの裏面",
    "ICチップ", "印鑑登録証", "コンビニ交付", "証明書自動交付機", "図書館利用", "公共施設予約",
    "地域の買い物ポイント", "e-Tax", "マイポータル", "インターネットバンキング", "インターネットショッピング",
    "公的個人認証サービス", "公的個人認証法", "署名用電子証明書", "利用者証明用電子証明書", "電子署名",
    "電子利用者証明", "総務大臣が認める民間事業者", "都道府県知事", "独自利用", "条例で定める事務", "番号制度",
    "総務省自治行政局住民制度課", "符号", "所得情報", "世帯情報", "各福祉分野情報", "更新日時", "基本4情報",
    "個人番号", "職員認証", "サーバーの通信状況の監視", "ウイルス対策", "未知のマルウェア",
    "情報照会・提供機能", "符号管理機能", "既存システム接続機能", "インターフェイスシステム接続機能",
    "情報提供等記録管理機能", "負担金", "ランニング経費", "普通交付税", "特別交付税", "自治行政局長",
    "地域力創造審議官", "大臣官房審議官(地方行政・個人番号制度担当)", "企画課個人番号企画室長",
    "行政情報システム企画課長", "住民制度課長", "外国人住民基本台帳室長", "行政経営支援室長",
    "地域情報政策室長", "地方情報化推進室長",
]
# fmt: on


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("（", "(").replace("）", ")")


def strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [found for value in data.values() for found in strings(value)]
    if isinstance(data, list):
        return [found for value in data for found in strings(value)]
    return [str(data)]


@pytest.fixture(scope="module")
def briefing() -> str:
    if not BRIEFING.is_file():
        pytest.skip(f"the briefing is not beside the checkout ({BRIEFING.parent.name}/{BRIEFING.name})")
    return BRIEFING.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def said() -> str:
    return "\n".join(map(squeezed, strings(load(root() / "systems.yaml"))))


@pytest.mark.parametrize("name", NAMED)
def test_every_name_of_the_briefing_is_in_the_file(briefing: str, said: str, name: str) -> None:
    assert squeezed(name) in squeezed(briefing), "the list names something that the briefing does not"
    assert squeezed(name) in said


def test_every_term_in_the_file_is_a_term_of_the_briefing(briefing: str) -> None:
    text = squeezed(briefing)
    terms = {(one.id, term) for one in systems.systems().values() for term in one.terms}
    assert {(where, term) for where, term in terms if squeezed(term) not in text} == set()
    assert len(terms) > 40


def test_every_amount_and_rate_of_the_briefing_is_in_the_file(briefing: str) -> None:
    money = systems.landscape().money
    pairs = [(one.cost, one.subsidy) for one in money.lines] + [(money.total.cost, money.total.subsidy)]
    printed = re.findall(r"([0-9]+\.[0-9])\s+([0-9]+\.[0-9])", briefing)
    assert printed == pairs
    rates = {line.rate for line in money.lines} | {rule.share for rule in money.rules if rule.share}
    assert set(re.findall(r"[0-9]+/[0-9]+", briefing)) == rates


def test_every_date_of_the_briefing_is_in_the_file(briefing: str, said: str) -> None:
    months = {f"平成{year}年{month}月" for year, month in re.findall(r"(?<!成)([0-9]{2})年([0-9]{1,2})月", briefing)}
    assert {one.era for one in systems.landscape().milestones} == months
    years = {f"平成{year}年度" for year in re.findall(r"([0-9]{2})年度", briefing)}
    assert {year for year in years if year not in said} == set()
    assert len(years) == 4
    assert "平成26年3月14日" in briefing
    assert systems.landscape().briefing.date == "2014-03-14"


def test_references_eras_and_money_hold() -> None:
    assert list(problems(systems.landscape())) == []


@pytest.mark.parametrize(
    ("path", "new", "complaint"),
    [
        (("money", "lines", 1, "subsidy"), "126.7", "190.2 at 2/3 is 126.8"),
        (("money", "total", "cost"), "374.8", "add up to 374.7"),
        (("money", "lines", 0, "system"), "nowhere", "resident-register: system nowhere"),
        (("systems", 1, "calls", 0, "offer"), "nothing", "calls integrated-address/nothing"),
        (("systems", 1, "calls", 0, "over"), "tax", "no network"),
        (("systems", 1, "dates", 0, "start"), "2014-05-01", "its era says"),
        (("systems", 1, "dates", 0, "bodies"), "everybody", "no class of bodies"),
        (("systems", 1, "operator"), "lgwan", "no organisation"),
        (("systems", 1, "part_of"), "nothing", "part_of nothing"),
        (("milestones", 0, "on"), "2015-11", "is not 平成27年10月"),
        (("systems", 0, "id"), "tax", "tax stands twice"),
    ],
)
def test_a_single_wrong_value_is_named(path: tuple[str | int, ...], new: str, complaint: str) -> None:
    data = load(root() / "systems.yaml")
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    found = list(problems(msgspec.convert(data, systems.Landscape)))
    assert any(complaint in line for line in found), found


def documented() -> set[tuple[str, str, str]]:
    """What the interface documents say: callee, path, role of the caller (the operator and the plumbing left out)."""
    found = set()
    for path in files("interfaces"):
        document = load(path)
        for name, operations in document.get("paths", {}).items() if "x-bango-system" in document else ():
            roles = {
                role for one in operations.values() if isinstance(one, dict) for role in one.get("x-bango-roles", ())
            }
            if not name.endswith(("/health", "/profile", "/metrics")):
                found |= {(document["x-bango-system"], name, role) for role in roles - {"operator"}}
    return found


def test_the_map_says_what_the_interface_documents_say() -> None:
    documents = documented()
    assert documents
    known = systems.systems()
    edges = set()
    for one in known.values():
        for call in one.calls:
            offer = next(offer for offer in known[call.system].offers if offer.id == call.offer)
            if offer.path is not None:
                edges.add((call.system, offer.path, "in-house" if one.part_of == "in-house" else one.id))
    reached = {(at, path) for at in edges for path in documents if leads(at, path)}
    assert documents - {path for _, path in reached} == set(), "documented, but not on the map"
    assert edges - {at for at, _ in reached} == set(), "on the map, but not documented"


def leads(edge: tuple[str, str, str], documented_path: tuple[str, str, str]) -> bool:
    """Whether an edge of the map leads to a documented path: same callee and caller, the path or one below it."""
    (callee, at, caller), (system, path, role) = edge, documented_path
    return (callee, caller) == (system, role) and (path == at or path.startswith(f"{at}/"))


def test_what_this_version_builds() -> None:
    built = {one.id for one in systems.systems().values() if one.state == "built" and one.kind == "system"}
    assert built == {"intermediate-server", "intermediate-server-software", "core", "interface-system", "jlis"}


def test_the_social_security_systems_are_marked_outside_the_scope() -> None:
    outside = [one for one in systems.systems().values() if one.scope == "outside-briefing"]
    assert [one.id for one in outside] == ["social-security"]
    assert outside[0].dates == ()


def test_windows_by_year_and_class_of_bodies() -> None:
    heavy = systems.windows(system_id="tax", bodies="high-load", fiscal_year=2014)
    light = systems.windows(system_id="tax", bodies="low-load", fiscal_year=2014)
    assert [window.id for _, window in heavy] == ["tax-change-high-load"]
    assert light == []
    assert {one.id for one, _ in systems.windows(fiscal_year=2013)} == {"intermediate-server-software"}


def test_an_unknown_system_says_so() -> None:
    assert systems.system("core").names.en == "core system"
    with pytest.raises(SpecError, match="no system kernel"):
        systems.system("kernel")


def test_eras_and_subsidies() -> None:
    assert era_start("平成26年度後半～平成27年度") == "2014-10-01"
    assert era_start("平成元") is None
    assert era_month("平成28年1月") == "2016-01"
    assert str(subsidy("0.1", "2/3")) == "0.1"
    assert str(subsidy("190.2", "2/3")) == "126.8"
