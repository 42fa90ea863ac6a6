"""The whole nation on one machine: every municipality a tenant with a certificate of its own, all residents computed.

It stands once core, interface system and J-LIS answer and every tenant has its certificate. Then every tenant is touched: it asks its
neighbour about a resident over mutual TLS with its own certificate, and opens what comes. Memory and files are counted after that.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil
from joserfc import jwe
from joserfc.jwk import ECKey

from bango_loadtests.ground.contents import content_of, span_of
from bango_loadtests.ground.network import LoadNetwork
from bango_mocks.authority import Authority
from bango_mocks.clock import stamp, system_clock
from bango_mocks.directory import Directory, Entry
from bango_mocks.network import Plan
from bango_mocks.parties import parties_of
from bango_mocks.population import Body, directory
from bango_mocks.tls import client_context
from bango_spec import allow_list
from bango_spec.assumptions import value
from bango_spec.law import edition_as_of

MEGABYTE = 1_000_000


def line_between(kinds: frozenset[str], edition: str) -> allow_list.Entry:
    """A line of the table by which municipalities may ask each other."""
    return next(one for one in allow_list.allow_list(edition) if {one.asker, one.provider} <= kinds)


class Nation:
    """The network with every municipality in its directory; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.edition = edition_as_of(None).id
        self.tenants: tuple[Body, ...] = directory().municipalities
        self.kinds = {one.code: allow_list.party_kinds(parties_of(one)) for one in self.tenants}
        entries = [Entry(body=one.code, name=one.full_name, kinds=self.kinds[one.code]) for one in self.tenants]
        plan = Plan(bodies=Directory(entries), seed=1, edition=self.edition, folder=folder, joined=True)
        self.network = LoadNetwork(plan, Authority.create(folder / "authority"), "", "https://127.0.0.1:1")
        chosen = value("content-encryption")
        self._key = ECKey.generate_key("P-256")
        public = {
            name: part for name, part in self._key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}
        }
        self._public = {**public, "kid": "nation", "use": "enc", "alg": chosen["alg"]}
        self._registry = jwe.JWERegistry(algorithms=[chosen["alg"], chosen["enc"]], strict_check_header=False)

    def admit(self) -> None:
        """Give every tenant its certificate."""
        self.credentials = {one.code: self.network.credential("intermediate-server", one.code) for one in self.tenants}

    def touch(self, number: int) -> int:
        """Let one tenant ask the next about a resident of its own; how many items came."""
        asker, provider = self.tenants[number], self.tenants[(number + 1) % len(self.tenants)]
        core, person = self.network.core, self.network.population.person(asker, number % asker.residents)
        acquired = core.issue_acquisition(asker.code)["acquisition_number"]
        code = core.notify(acquired, person.resident_code)[1]["linkage_code"]
        line = line_between(self.kinds[asker.code] & self.kinds[provider.code], self.edition)
        theirs = core.codes.converted(code, asker.code, provider.code)
        self.network.others.registered[(theirs or "", line.information)] = content_of(line.information, person.index)
        request = {
            "asker": asker.code,
            "department_code": "0120",
            "provider": provider.code,
            "task": line.task,
            "procedure": line.procedure,
            "information": line.information,
            **span_of(line.information),
            "requested_at": stamp(system_clock()),
            "linkage_code": code,
            "encryption_key": self._public,
            "asker_withheld": False,
        }
        told = self._asked(asker, request)
        content = msgspec.json.decode(
            jwe.decrypt_compact(told["content"], self._key, registry=self._registry).plaintext or b""
        )
        return len(content["items"])

    def _asked(self, asker: Body, request: dict[str, Any]) -> dict[str, Any]:
        number = str(uuid.uuid4())
        headers = {"Bango-Profile-Version": "1.0", "Bango-Correlation-Id": number, "Idempotency-Key": number}
        context = client_context(self.credentials[asker.code])
        with httpx.Client(verify=context, trust_env=False, timeout=30) as client:
            answer = client.post(f"{self.network.urls['interface-system']}/v1/inquiries", json=request, headers=headers)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


def main() -> int:
    """Bring the nation up, touch every tenant, and tell as JSON what it took."""
    process = psutil.Process(os.getpid())
    with tempfile.TemporaryDirectory(prefix="bango-bench-", dir=sys.argv[1]) as folder:
        nation = Nation(Path(folder))
        with nation.network:
            nation.admit()
            stands = time.time() - process.create_time()
            items = [nation.touch(number) for number in range(len(nation.tenants))]
            told = {
                "start": stands,
                "memory": process.memory_info().rss / MEGABYTE,
                "files": process.num_fds(),
                "tenants": len(nation.tenants),
                "residents": len(nation.network.population),
                "least_items": min(items),
                "touched": time.time() - process.create_time() - stands,
            }
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
