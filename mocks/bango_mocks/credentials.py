"""Credentials for a vendor's server and the systems around it: an authority, and a folder for each component."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bango_mocks.authority import Authority, Credential, writing
from bango_mocks.hosts import host_name
from bango_mocks.issued import holds, hosts_of
from bango_mocks.population import body
from bango_spec.errors import UsageError

README = "README.md"
HOSTS = ("127.0.0.1", "localhost")
# Who is needed to try a server by hand: itself, its body's own systems, and the network that calls it.
SERVER = "intermediate-server"
COMPONENTS = ((SERVER, True), ("in-house", True), ("interface-system", False))


@dataclass(frozen=True)
class Made:
    """The authority's folder and the credentials asked for by component (`in-house-<body>`).

    `kept` names those that were there and stay as they are, `renewed` those that took another's place.
    """

    folder: Path
    authority: Authority
    credentials: dict[str, Credential]
    kept: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()


def make(folder: Path, bodies: tuple[str, ...], hosts: tuple[str, ...] = ()) -> Made:
    """An authority in `folder` (used again if it is there) and credentials for each body.

    A credential that is there and does what is asked stays: a server may be running with it.
    CREDENTIALS-FOLDER when the folder holds something else; POP-BODY for a body that the testbed does not know.
    """
    for code in bodies:
        body(code)
    names = tuple(dict.fromkeys((*(host_name(host, "--host") for host in hosts), *HOSTS)))
    authority = authority_in(folder)
    wanted = [(role, code if of_body else None) for code in bodies for role, of_body in COMPONENTS]
    made, kept, renewed = {}, [], []
    for role, of in dict.fromkeys(wanted):
        name = f"{role}-{of}" if of else role
        credential = Credential(folder / name)
        # What calls the server answers nobody: the names asked for are the server's own.
        if holds(authority, credential, role, of, names if role == SERVER else HOSTS):
            kept.append(name)
            authority.accompany(credential)
        else:
            if credential.key.exists() or credential.certificate.exists():
                renewed.append(name)
            authority.issue(credential.folder, role, of, hosts=names)
        made[name] = credential
    with writing(folder):
        (folder / README).write_text(readme(folder, bodies[0]), encoding="utf-8")
    return Made(folder, authority, made, tuple(kept), tuple(renewed))


def authority_in(folder: Path) -> Authority:
    """The authority of a folder; a new one where the folder is new or empty."""
    with writing(folder):
        if (folder / "authority.pem").exists():
            return Authority(folder)
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return Authority.create(folder)
    raise UsageError(
        "CREDENTIALS-FOLDER",
        f"{folder}: 認証局のフォルダーではありません / this is no folder of an authority",
        cause="ファイルか、ほかのものの入ったフォルダーです / it is a file, or a folder that holds something else",
        step="空のフォルダーを指定してください / name an empty or a new folder",
    )


def readme(folder: Path, example: str) -> str:
    """What lies in the folder, for whoever has to configure a server with it; `example` is the body of the example."""
    codes = sorted(path.name.removeprefix(f"{SERVER}-") for path in folder.glob(f"{SERVER}-*"))
    listed = "\n".join(
        f"- `{SERVER}-{code}/`, `in-house-{code}/`  {body(code).full_name}  "
        + ", ".join(hosts_of(Credential(folder / f"{SERVER}-{code}")))
        for code in codes
    )
    return f"""# 試験用の証明書 / Test credentials

この網の認証局と証明書です。**試験専用**で、公の認証局とはつながりません。鍵は人に渡さず、版管理にも入れないでください。
These belong to the testbed's own authority. **For tests only**: nothing chains to a public root. Keep the keys to
yourself and out of version control.

{listed}
- `interface-system/`  網の側（インターフェイスシステム）から製品を呼ぶときの証明書 / what calls a product from the network
- `authority.pem`, `revoked.pem`  相手を確かめる認証局と失効リスト / authority and revocation list that peers are checked with
- `authority-key.pem`  認証局の鍵。試験台だけが使います / the authority's key, used by the testbed alone

各フォルダー / each folder: `certificate.pem` `key.pem` `authority.pem` `revoked.pem`

## 製品の側の設定 / What to configure in the product

1. 製品（中間サーバー）の証明書と鍵に `intermediate-server-<機関コード>/` を使う。
   Give the server the certificate and key in `intermediate-server-<body code>/`.
2. 業務側と網側の二つの口で TLS 1.2 以上を用い、相手に証明書を求め、`authority.pem` と `revoked.pem` で確かめる。
   On both listeners use TLS 1.2 or later, demand a client certificate, check it with `authority.pem` and `revoked.pem`.
3. 相手が誰かは証明書の SAN URI（`urn:bango:role:<役割>` または `urn:bango:role:<役割>:body:<機関コード>`）で決まる。
   Who a peer is stands in its SAN URI.
4. 製品の証明書は、上の一覧で機関の名に続く名前で有効。ほかの名前は bango network credentials --host で足す。
   The server's certificate answers to the names that follow its body above; --host adds others.
5. 対象ファイルの `[network] credentials` にこのフォルダーを書き、`bango doctor 対象ファイル` で確かめる。
   Name this folder as `[network] credentials` in the target file, then run `bango doctor TARGET`.

手で試す例 / By hand:

    curl --cacert authority.pem --cert in-house-{example}/certificate.pem --key in-house-{example}/key.pem \\
      -H "Bango-Correlation-Id: $(uuidgen)" https://127.0.0.1:8443/in-house/v1/health
"""
