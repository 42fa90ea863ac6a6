"""What generators count is the same whether one of them counted it or several, in whatever order their parts come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bango_loadtests.tally import EXAMPLES, Tally

exchanges = st.lists(
    st.tuples(
        st.sampled_from(["submitInquiry", "readInquiry"]),
        st.integers(0, 3),
        st.floats(0.1, 5000.0),
        st.sampled_from(["ok", "silence", "503:busy"]),
    ),
    max_size=40,
)


def counted(seen: list[tuple[str, int, float, str]]) -> Tally:
    tally = Tally()
    for name, second, took, end in seen:
        tally.window(name, second).add(took, took / 2, end)
        tally.looked("documented", None if end == "ok" else f"{name} {end}")
        tally.replicas["0001/TM"] = max(second, tally.replicas.get("0001/TM", 0))
    return tally


@given(exchanges, exchanges)
def test_parts_add_up_in_any_order(
    some: list[tuple[str, int, float, str]], others: list[tuple[str, int, float, str]]
) -> None:
    whole, forth, back = counted(some + others), counted(some), counted(others)
    forth.take(counted(others))
    back.take(counted(some))
    for part in (forth, back):
        assert part.windows == whole.windows
        assert part.replicas == whole.replicas
        for check, finding in whole.findings.items():
            assert (part.findings[check].looked, part.findings[check].wrong) == (finding.looked, finding.wrong)
            assert len(part.findings[check].examples) == min(finding.wrong, EXAMPLES)
