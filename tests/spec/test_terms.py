"""Words to ids: the law's own terms, what officers write, and what happens to words that mean nothing or too much."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bango_spec import terms, vocabulary
from bango_spec._aliases import task_joints
from bango_spec._surfaces import Surfaces, fold
from bango_spec.terms import TermError, Wanted

FULL = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


def party(text: str) -> list[list[str]]:
    return terms.parties(text, "asker")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("市町村長", ["mayor"]),
        ("mayor", ["mayor"]),
        ("市長", ["city-mayor"]),
        ("町長", ["mayor"]),
        ("村長", ["mayor"]),
        ("区長(特別区)", ["city-mayor"]),
        ("横浜市長", ["city-mayor"]),
        ("千代田区長", ["city-mayor"]),
        ("広島市長", ["hiroshima-mayor"]),
        ("知事", ["prefectural-governor"]),
        ("東京都知事", ["prefectural-governor"]),
        ("神奈川県", ["prefectural-governor"]),
        ("横浜市", ["city-mayor"]),
        ("広島市", ["hiroshima-mayor"]),
        ("厚労大臣", ["minister-of-health"]),
        ("協会けんぽ", ["health-insurance-association"]),
        ("　協会 けんぽ ", ["health-insurance-association"]),
        ("トヨタ自動車健康保険組合", ["health-insurance-society"]),
        ("日本学生支援機構", ["jasso"]),
        ("医療保険者", ["medical-insurers"]),
        ("国民健康保険組合", ["national-health-insurance-society"]),
        ("市長（特別区の区長を含む。）", ["city-mayor"]),
        ("都道府県知事等", ["governors-etc"]),
        ("確定拠出年金法第三条第三項第一号に規定する事業主", ["corporate-type-employer"]),
    ],
)
def test_a_party_has_many_names(text: str, ids: list[str]) -> None:
    assert party(text) == [ids]


def test_a_list_names_every_party_in_it() -> None:
    assert party("厚生労働大臣若しくは日本年金機構又は共済組合等") == [
        ["minister-of-health"],
        ["jpn-pension-service"],
        ["mutual-aid-associations-etc"],
    ]
    assert party("公営住宅法第二条第十六号に規定する事業主体である都道府県知事又は市町村長") == [
        ["prefectural-governor"],
        ["mayor"],
    ]
    assert party("医療保険者その他の法令による医療に関する給付の支給を行うこととされている者")[0] == [
        "medical-insurers"
    ]


@pytest.mark.parametrize("entry", vocabulary.parties().values(), ids=lambda e: e.id)
def test_every_party_is_found_by_its_id_and_its_name(entry: vocabulary.Party) -> None:
    assert party(entry.id) == [[entry.id]]
    assert party(entry.ja) == [[entry.id]]


@pytest.mark.parametrize("entry", vocabulary.information().values(), ids=lambda e: e.id)
def test_every_kind_is_found_by_its_id_name_and_code(entry: vocabulary.Information) -> None:
    for text in (entry.id, entry.ja, entry.code):
        assert terms.information(text) == [[Wanted((entry.id,))]], text


@pytest.mark.parametrize("entry", vocabulary.laws().values(), ids=lambda e: e.id)
def test_every_law_is_found_by_its_id_and_its_name(entry: vocabulary.Law) -> None:
    assert terms.laws(entry.id) == [entry.id]
    if entry.id.startswith("farmers-pension-amendment-act"):  # two acts of one name, told apart by their numbers
        with pytest.raises(TermError, match="TERM-AMBIGUOUS"):
            terms.laws(entry.ja)
        assert terms.laws(entry.number) == [entry.id]
    else:
        assert terms.laws(entry.ja)[0] == entry.id


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("児童手当", "child-allowance-act"),
        ("国保法", "national-health-insurance-act"),
        ("国民健康保険", "national-health-insurance-act"),
        ("生保", "public-assistance-act"),
        ("障害者総合支援法", "disabled-comprehensive-support-act"),
        ("日本学生支援機構法", "jasso-act"),
        ("「児童手当法」", "child-allowance-act"),
    ],
)
def test_a_law_has_short_names(text: str, law: str) -> None:
    assert terms.laws(text) == [law]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("地方税関係情報", "local-tax"),
        ("地方税", "local-tax"),
        ("税情報", "local-tax"),
        ("税", "local-tax"),
        ("住民票", "resident-record"),
        ("年金", "pension"),
        ("年金給付関係情報であって主務省令で定めるもの", "pension"),
        ("公金受取口座", "public-benefit-account"),
        ("児童福祉法による障害児通所支援に関する情報", "day-care-support-for-disabled-children"),
        ("児童福祉法による障害児通所支援", "day-care-support-for-disabled-children"),
        ("被災者台帳", ""),
    ],
)
def test_information_has_short_names(text: str, kind: str) -> None:
    if not kind:
        with pytest.raises(TermError, match="TERM-UNKNOWN"):
            terms.information(text)
        return
    assert terms.information(text) == [[Wanted((kind,))]]


def test_the_finer_words_of_the_orders_are_information_too() -> None:
    assert terms.information("市町村民税") == [[Wanted(("local-tax",), "municipal-inhabitant-tax")]]
    assert terms.information("教育訓練給付金")[0][0].finer == "training-benefit"


def test_a_list_of_information_names_every_kind_in_it() -> None:
    assert terms.information("地方税関係情報、住民票関係情報又は介護保険給付等関係情報") == [
        [Wanted(("local-tax",))],
        [Wanted(("resident-record",))],
        [Wanted(("long-term-care",))],
    ]


NOTIFIED = "の規定により通知することとされている事項に関する情報"
WELFARE = "児童福祉法による措置（同法第二十七条第一項第三号{}の措置をいう。）に関する情報"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            (
                "生活保護法による保護の実施若しくは就労自立給付金の支給に関する情報（以下「生活保護関係情報」という。）又は"
                "中国残留邦人等支援給付等の支給に関する情報であって主務省令で定めるもの"
            ),
            {"public-assistance", "china-returnees-support"},
        ),
        (
            (
                "地方税法その他の地方税に関する法律に基づく条例の規定により算定した税額若しくはその算定の基礎となる事項に"
                "関する情報又は住民基本台帳法第七条第四号に規定する事項"
            ),
            {"local-tax", "resident-record"},
        ),
        (
            f"介護保険法第百三十六条第一項、第百三十八条第一項{NOTIFIED}",
            {
                "matters-notified-under-long-term-care-insurance-act-136-1",
                "matters-notified-under-long-term-care-insurance-act-138-1",
            },
        ),
        (
            f"国民健康保険法第七十六条の四において準用する介護保険法第百四十一条第一項{NOTIFIED}",
            {"matters-notified-under-national-health-insurance-act-76-4-141-1"},
        ),
        (WELFARE.format(""), {"measures-child-welfare"}),
        (WELFARE.format("又は第二項"), {"measures-child-welfare-27-1-iii-27-2"}),
        (
            "災害救助法による救助若しくは児童福祉法による小児慢性特定疾病医療費の支給若しくは日常生活上の援助の実施に関する情報",
            {
                "rescue-disaster-relief",
                "medical-costs-of-specified-chronic-childhood-diseases",
                "daily-life-assistance-implementation",
            },
        ),
        (
            "令和六年法律第四十七号第十二条の規定による改正前の児童手当法附則第二条第一項の給付及び児童手当法による児童手当の支給に関する情報",
            {"child-allowance"},
        ),
    ],
)
def test_information_in_the_long_words_of_the_law(text: str, kinds: set[str]) -> None:
    assert {wanted.id for group in terms.information(text) for wanted in group} == kinds


@pytest.mark.parametrize(
    "text",
    [
        f"介護保険法第百三十七条{NOTIFIED}",
        f"児童福祉法第七十六条の四において準用する介護保険法第百四十一条第一項{NOTIFIED}",
        WELFARE.format("又は第五項"),
        "児童福祉法による障害児入所支援若しくは補償に関する情報",
        f"国民健康保険法において準用する第百三十六条第一項{NOTIFIED}",
        f"において準用する改正前の第一条{NOTIFIED}",
    ],
)
def test_a_citation_that_no_kind_has_is_not_dropped(text: str) -> None:
    with pytest.raises(TermError, match="TERM-UNKNOWN"):
        terms.information(text)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            "市町村長又は高齢者の医療の確保に関する法律第四十八条に規定する後期高齢者医療広域連合",
            {"mayor", "late-elderly-union"},
        ),
        (
            (
                "都道府県知事、市長（特別区の区長を含む。）又は社会福祉法に規定する福祉に関する事務所を管理する町村長"
                "（以下「都道府県知事等」という。）"
            ),
            {"governors-etc"},
        ),
        (
            "市町村長（児童手当法（昭和四十六年法律第七十三号）第十七条第一項の表の下欄に掲げる者を含む。）",
            {"mayor", "child-allowance-paying-offices"},
        ),
    ],
)
def test_no_party_of_a_list_is_lost_behind_a_role(text: str, ids: set[str]) -> None:
    assert {ident for group in party(text) for ident in group} == ids


def test_an_unknown_party_before_a_role_is_not_dropped() -> None:
    with pytest.raises(TermError, match="TERM-UNKNOWN"):
        party("謎の団体又は社会福祉法に規定する市町村長")


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("支給", [{"act/payment"}]),
        ("payment", [{"act/payment"}]),
        ("児童手当の支給", [{"object/child-allowance"}, {"act/payment"}]),
        ("「児童手当の支給」", [{"object/child-allowance"}, {"act/payment"}]),
        ("児童手当の支給に関する事務", [{"object/child-allowance"}, {"act/payment"}]),
        ("保険料の徴収", [{"object/insurance-contributions"}, {"act/collection"}]),
    ],
)
def test_a_task_is_an_act_and_what_it_is_done_to(text: str, deeds: list[set[str]]) -> None:
    assert all(wanted <= set(found) for wanted, found in zip(deeds, terms.deeds(text), strict=True))


@pytest.mark.parametrize(
    ("resolve", "text", "suggested"),
    [
        (lambda t: terms.parties(t, "asker"), "市町村超", "市町村長"),
        (lambda t: terms.parties(t, "provider"), "健康保健組合", "健康保険組合"),
        (terms.laws, "児童手当て法", "児童手当法"),
        (terms.laws, "国民健康保健法", "国民健康保険法"),
        (terms.deeds, "支給する", "支給"),
        (terms.information, "地方税関係の情報", "地方税関係情報"),
        (terms.information, "自動手当関係情報", "児童手当関係情報"),
    ],
)
def test_an_unknown_word_suggests_what_may_have_been_meant(resolve: object, text: str, suggested: str) -> None:
    assert callable(resolve)
    with pytest.raises(TermError) as caught:
        resolve(text)
    assert (caught.value.code, caught.value.value) == ("TERM-UNKNOWN", text)
    assert suggested in caught.value.suggestions


def test_a_wrong_object_is_not_dropped_from_a_task() -> None:
    with pytest.raises(TermError, match="TERM-UNKNOWN"):
        terms.deeds("自動手当の支給")


@settings(derandomize=True, deadline=None)
@given(st.sampled_from([p.ja for p in vocabulary.parties().values()] + ["KKR", "PMDA", "JASSO"]), st.data())
def test_width_and_spaces_do_not_matter(name: str, data: st.DataObject) -> None:
    wide = "".join(FULL.get(c, c) for c in name)
    cut = data.draw(st.integers(0, len(wide)))
    assert party(wide[:cut] + data.draw(st.sampled_from(["", " ", "　"])) + wide[cut:]) == party(name)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_resolver(text: str) -> None:
    for resolve in (terms.laws, terms.deeds, terms.information, lambda t: terms.parties(t, "asker")):
        with contextlib.suppress(TermError):
            assert resolve(text)


def test_an_index_takes_the_longest_word_first_and_leaves_nothing_over() -> None:
    index = Surfaces([("a", ["児童"]), ("b", ["児童手当"]), ("c", ["支給"])])
    assert index.split("児童手当の支給", task_joints()) == [["b"], ["c"]]
    assert index.split("児童手当金の支給", task_joints()) is None
    assert fold("ＡＢＣ　児童「手当」") == "abc児童手当"
