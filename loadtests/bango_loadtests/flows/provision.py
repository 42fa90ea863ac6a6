"""Another body asks the target for a resident through the network, and opens what comes with its own key."""

from __future__ import annotations

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bango_loadtests.client import Client
from bango_loadtests.flows.flow import Flow
from bango_loadtests.scene import Question, Resident, digest_of
from bango_loadtests.tally import OK
from bango_mocks.clock import stamp, system_clock
from bango_spec.assumptions import value

PROVIDED = "provided"
WAITING = 202


class Provision(Flow):
    """relayInquiry at the interface system, which brings requestProvision to the target."""

    keys: dict[str, ECKey] = {}  # noqa: RUF012 - a body's key stays the same
    bodies: dict[str, Client]

    def go(self, due: float) -> None:
        """One inquiry of another body."""
        scene = self.part.scene
        place, question = self.part.served.draw(self.draw)
        resident = self.draw.choice(scene.residents)
        line, key = f"served|{place}", self._key(question.asker)
        heard = self._body(question.asker).call(
            "relayInquiry", due=due, body=self._request(question, resident, key), line=line
        )
        told = heard.json() if heard.good else None
        if told is None:
            self.done(due, heard.end, line)
            return
        if heard.status == WAITING:
            self.done(due, "waiting", line)
            return
        outcome = told["outcome"]
        self.part.tally.provisions[told["permit_id"]] = outcome
        self.part.tally.looked("right-provision", self._wrong(told, question, resident, key))
        self.done(due, OK if outcome == PROVIDED else outcome, line)

    def _request(self, question: Question, resident: Resident, key: ECKey) -> bytes:
        from bango_loadtests.ground.contents import span_of  # noqa: PLC0415 - reads the items

        alg = value("content-encryption")["alg"]
        public = {name: part for name, part in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}
        return msgspec.json.encode(
            {
                "asker": question.asker,
                "department_code": "0120",
                "provider": question.provider,
                "task": question.task,
                "procedure": question.procedure,
                "information": question.information,
                **span_of(question.information),
                "requested_at": stamp(system_clock()),
                "linkage_code": resident.codes[question.asker],
                "encryption_key": {**public, "kid": f"load-{question.asker}", "use": "enc", "alg": alg},
                "asker_withheld": False,
            }
        )

    def _wrong(self, told: dict[str, str], question: Question, resident: Resident, key: ECKey) -> str | None:
        permit = told["permit_id"]
        if told["outcome"] != PROVIDED:
            return f"permit {permit}: {told['outcome']} for a person with a replica"
        chosen = value("content-encryption")
        registry = jwe.JWERegistry(algorithms=[chosen["alg"], chosen["enc"]], strict_check_header=False)
        try:
            plain = jwe.decrypt_compact(told["content"], key, registry=registry).plaintext or b""
            content = msgspec.json.decode(plain)
        except (JoseError, ValueError) as error:
            return f"permit {permit}: the content cannot be opened: {type(error).__name__}"
        came = digest_of(content["items"])
        if content["information"] != question.information:
            return f"permit {permit}: another kind of information"
        if came != self.part.scene.replicas[f"{resident.number}/{question.information}"]:
            return f"permit {permit}: items {came} are not this person's"
        return None

    def _body(self, body: str) -> Client:
        found = self.__dict__.setdefault("bodies", {})
        if body not in found:
            found[body] = self.client(self.part.scene.interface_system, f"intermediate-server-{body}")
        made: Client = found[body]
        return made

    def _key(self, body: str) -> ECKey:
        if body not in self.keys:
            self.keys[body] = ECKey.generate_key("P-256")
        return self.keys[body]
