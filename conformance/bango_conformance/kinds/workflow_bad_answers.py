"""Answers that come wrong: another key, another person's permit, broken content, the wrong order, attempts that fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey

from bango_conformance.held_reply import HeldReply
from bango_conformance.kinds.by_hand import by_hand
from bango_conformance.stage.played import answer_with, content_for, encrypted
from bango_spec.assumptions import number

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.stage.played import Asked
    from bango_conformance.subject import AllowedLine

Check = Callable[["Case"], None]
NOBODY = "00000000-0000-4000-8000-000000000000"


def obligations(line: AllowedLine) -> Iterator[Obligation]:
    """By hand, for a body that may ask."""
    for name, spoil, ja, en in SPOILT:
        for later in (False, True):
            how = "later" if later else "at-once"
            yield by_hand(
                f"workflow.asking.bad-answer.{how}.{name}",
                ("IS-INQ-011",),
                _spoilt(line, spoil, later=later),
                f"{ja}回答は失敗とし、内容を渡さない",
                f"An answer {en} ends as failed (peer-invalid) and is never handed over",
            )
    yield by_hand(
        "workflow.asking.answers-in-reverse",
        ("IS-INQ-010",),
        _in_reverse(line),
        "逆の順で届いた回答を許可識別子で対応付ける",
        "Answers in reverse order reach their own inquiries",
    )
    yield by_hand(
        "workflow.asking.answer-to-nobody",
        ("IS-INQ-010",),
        _to_nobody(line),
        "知らない許可識別子の回答を拒む",
        "An answer with a permit id that nobody waits for is refused",
    )
    yield by_hand(
        "workflow.asking.again-with-the-same-key",
        ("IS-INQ-012",),
        _again(line),
        "送り直すときも同じ冪等キーと同じ本文である",
        "What is sent again carries the same Idempotency-Key and body",
    )
    yield by_hand(
        "workflow.asking.given-up",
        ("IS-INQ-013",),
        _given_up(line),
        "定めた回数で諦め、生じた側networkで失敗とする",
        "Given up after the attempts laid down, as failed with origin network",
        alone=True,
    )


def _other_key(asked: Asked, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    del asked
    key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"})
    key.ensure_kid()
    return answer | {"content": encrypted(content, key.as_dict(private=False))}


def _changed(**members: Any) -> Callable[..., dict[str, Any]]:
    def spoil(asked: Asked, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        return answer | {"content": encrypted(content | members, asked.provision["encryption_key"])}

    return spoil


def _broken(asked: Asked, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    del asked, content
    token = answer["content"]
    # One character of the tag: the token keeps its form and no longer opens.
    flipped = "A" if token[-2] != "A" else "B"
    return answer | {"content": token[:-2] + flipped + token[-1]}


def _without(name: str) -> Callable[..., dict[str, Any]]:
    def spoil(asked: Asked, answer: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in content.items() if key != name}
        permit_key = asked.provision["encryption_key"]
        return answer | {"content": encrypted(rest, permit_key)}

    return spoil


SPOILT: tuple[tuple[str, Callable[..., dict[str, Any]], str, str], ...] = (
    ("another-key", _other_key, "別の鍵で暗号化された", "encrypted to another key"),
    ("another-permit", _changed(permit_id=NOBODY), "別の許可の内容を持つ", "with another inquiry's content"),
    (
        "another-information",
        _changed(information="TM99999999999999"),
        "別の種類の情報を持つ",
        "with another information kind's content",
    ),
    ("tampered", _broken, "途中で書き換えられた", "that was changed on its way"),
    ("no-items", _without("items"), "定義に合わない内容の", "whose content breaks its definition"),
)


def _spoilt(line: AllowedLine, spoil: Callable[..., dict[str, Any]], *, later: bool) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        case.stage.played.script(subject.linkage_code, reply.script)
        inquiry = subject.inquire(line)
        asked = reply.asked()
        content = content_for(asked, reply.items)
        made = spoil(asked, answer_with(asked, content, case.stage.clock()), content)
        if later:
            reply.wait_for_staff()
            subject.settled(inquiry, frozenset({"waiting", "answered", "failed"}))
            answer = case.ask("deliverAnswer", body=made)
            case.refused(answer, "BAD-ANSWER-TAKEN", ("peer-invalid",), sent="an answer that is not for this inquiry")
        else:
            reply.as_it_is(made)
        over = subject.settled(inquiry)
        problem = over.get("problem", {})
        if (over["state"], over.get("outcome"), problem.get("code")) != ("failed", "failed", "peer-invalid"):
            came = f"{over['state']}, {over.get('outcome')}, {problem.get('code')}"
            case.fail(
                "BAD-ANSWER-TAKEN", sent="an answer that is not right", expected="failed, peer-invalid", came=came
            )
        if "result" in over:
            case.fail("BAD-CONTENT-SHOWN", sent="an answer that is not right", expected="no result", came="a result")

    return check


def _in_reverse(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        people = [case.subject() for _ in range(3)]
        replies, inquiries = [], []
        for one in people:
            one.link()
            reply = HeldReply(case.stage)
            reply.wait_for_staff()
            case.stage.played.script(one.linkage_code, reply.script)
            replies.append(reply)
            inquiries.append(one.inquire(line))
        for one, inquiry in zip(people, inquiries, strict=True):
            one.settled(inquiry, frozenset({"waiting", "answered", "failed"}))
        for reply in reversed(replies):
            answer = case.ask("deliverAnswer", body=reply.answer_body())
            if answer.status != 200:
                case.fail("ANSWER-REFUSED", sent="an answer awaited", expected="200", came=answer.short())
        for one, inquiry, reply in zip(people, inquiries, replies, strict=True):
            found = one.settled(inquiry).get("result", {}).get("items")
            if found != reply.items:
                case.fail("ANSWER-MISMATCHED", sent=str(reply.items), expected="the same", came=str(found))

    return check


def _to_nobody(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        waiting, nobody = HeldReply(case.stage), HeldReply(case.stage)
        waiting.wait_for_staff()
        case.stage.played.script(subject.linkage_code, waiting.script)
        inquiry = subject.inquire(line)
        subject.settled(inquiry, frozenset({"waiting", "answered", "failed"}))
        answer = case.ask("deliverAnswer", body=nobody.answer_body())
        case.refused(answer, "ANSWER-TO-NOBODY", ("unknown-permit",), sent="an answer to a permit never asked for")
        found = subject.settled(inquiry, frozenset({"waiting", "answered", "failed"}))["state"]
        if found != "waiting":
            case.fail("ANSWER-TO-NOBODY", sent="an answer to another permit", expected="still waiting", came=found)

    return check


def _again(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        reply.fail_first("network-down", 1)
        reply.answer()
        case.stage.played.script(subject.linkage_code, reply.script)
        subject.settled(subject.inquire(line))
        sent = reply.calls
        if len(sent) != 2:
            case.fail("NOT-SENT-AGAIN", sent="503 to the first attempt", expected="two attempts", came=f"{len(sent)}")
        keys = {one.headers.get("idempotency-key") for one in sent}
        if len(keys) != 1 or None in keys:
            case.fail("KEY-CHANGED", sent="503 to the first attempt", expected="the same key", came=f"{len(keys)} keys")
        if sent[0].body != sent[1].body:
            case.fail("BODY-CHANGED", sent="503 to the first attempt", expected="the same body", came="another body")

    return check


def _given_up(line: AllowedLine) -> Check:
    def check(case: Case) -> None:
        subject = case.subject()
        subject.link()
        reply = HeldReply(case.stage)
        reply.refuse("network-down", "network")
        case.stage.played.script(subject.linkage_code, reply.script)
        over = subject.settled(subject.inquire(line))
        problem, most = over.get("problem", {}), number("relay-attempts")
        if (over["state"], over.get("outcome"), problem.get("origin")) != ("failed", "failed", "network"):
            case.fail("NOT-GIVEN-UP", sent="503 each time", expected="failed, origin network", came=str(over)[:300])
        if not 1 < reply.attempts <= most:
            case.fail("ATTEMPTS", sent="503 each time", expected=f"2 to {most} attempts", came=str(reply.attempts))
        gaps = [later - before for before, later in zip(reply.times, reply.times[1:], strict=False)]
        if any(later <= before for before, later in itertools.pairwise(gaps)):
            case.fail(
                "GAPS", sent="503 each time", expected="growing intervals", came=str([round(one, 2) for one in gaps])
            )

    return check
