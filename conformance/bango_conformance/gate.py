"""`bango admit`: connection credentials for a product whose witnessed certificate of conformity holds, and for no other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bango_mocks import admission, hosts, issued
from bango_mocks.authority import Authority, usual_end
from bango_mocks.parties import parties_of
from bango_mocks.population import body as body_of
from bango_reports import keys, verification, words
from bango_spec.errors import BangoError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bango_mocks.admission import Admission
    from bango_mocks.authority import Credential
    from bango_reports.statement import Conformity
    from bango_reports.verification import Findings

PROFILE = "intermediate-server"


class RefusedError(BangoError):
    """The certificate admits nobody; `code` is the first reason."""

    exit_code = 1


@dataclass(frozen=True)
class Applicant:
    """Who wants to connect, and what its operator says it is; what is left empty is taken from the certificate."""

    body: str
    url: str = ""
    product: str | None = None
    version: str | None = None
    artefact: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Admitted:
    """What an admission gives: the credentials to connect with, and the entry in the network's folder."""

    credential: Credential
    entry: Path
    admission: Admission


def admit(
    certificate: Path,
    network: Path,
    applicant: Applicant,
    now: datetime,
    *,
    trust: Path | None = None,
    run: Path | None = None,
    out: Path | None = None,
) -> Admitted:
    """Admit an applicant to the network of a folder; RefusedError with every reason when its certificate does not do.

    `trust` is the core's trust list (the folder's own `trust.yaml` without it), `run` the run folder behind the
    certificate, if it is there to be compared.
    """
    authority = Authority(network)
    known = body_of(applicant.body)
    url = hosts.origin(applicant.url) if applicant.url else ""
    # The network calls the product by the name in its address: the certificate must answer to it.
    names = (*(hosts.host_name(one, "--host") for one in applicant.hosts), *([hosts.host_of(url)] if url else []))
    place = issued.free(authority, out or network / "connections" / known.code, PROFILE, known.code)
    findings = verification.verify(
        verification.read_file(certificate),
        keys.load_trust(trust or network / keys.TRUST_FILE),
        now,
        product=applicant.product,
        version=applicant.version,
        artefact_digest=applicant.artefact,
        profile=PROFILE,
        grade="witnessed",
        run_folder=run,
    )
    conformity = findings.conformity
    if not findings.accepted or conformity is None:
        raise _refusal(findings)
    _same_parties(applicant, conformity)
    credential = authority.issue(
        place,
        PROFILE,
        known.code,
        hosts=tuple(dict.fromkeys((*names, "127.0.0.1", "localhost"))),
        # Whoever holds the credential is not let in for longer than the admission stands.
        ends=min(usual_end(now), datetime.fromisoformat(conformity.expires)),
    )
    made = admission.Admission(
        body=known.code,
        parties=parties_of(known),
        url=url,
        product=conformity.target.product,
        version=conformity.target.version,
        artefact=conformity.target.artefact_digest,
        profile=conformity.target.profile,
        issuer=conformity.issuer.key,
        certificate=f"sha256:{hashlib.sha256(certificate.read_bytes()).hexdigest()}",
        admitted=now.isoformat(timespec="seconds"),
        expires=conformity.expires,
    )
    return Admitted(credential, admission.write(network, made), made)


def _refusal(findings: Findings) -> RefusedError:
    failed = [check for check in findings.checks if not check.passed]
    return RefusedError(
        failed[0].code,
        "接続は認められません / the product is not admitted",
        cause="; ".join(f"{check.code}: {check.text.ja} / {check.text.en}" for check in failed),
        step="運営者の立会いで bango certify を行い、その証明書を使ってください"
        " / have the operator run `bango certify --witnessed` and use that certificate",
    )


def _same_parties(applicant: Applicant, conformity: Conformity) -> None:
    """A product was judged as the kinds of body in its certificate: it connects as a body that is nothing else besides."""
    known = body_of(applicant.body)
    own, judged = parties_of(known), conformity.target.body_kinds
    if not set(own) <= set(judged):
        is_ja, is_en = _named(own)
        was_ja, was_en = _named(judged)
        raise UsageError(
            "ADMIT-BODY",
            f"{known.full_name}（{known.code}）は {is_ja} です / the body {known.code} is: {is_en}",
            cause=f"証明書は {was_ja} としてのものです / the certificate was given for: {was_en}",
            step="その種類の機関を --body で指定してください / name a body of that kind with --body",
        )


def _named(kinds: Iterable[str]) -> tuple[str, str]:
    """Kinds of body in both languages, with their ids in brackets."""
    named = [(kind, words.party(kind)) for kind in kinds]
    return "、".join(f"{text.ja}（{kind}）" for kind, text in named), ", ".join(f"{t.en} ({kind})" for kind, t in named)
