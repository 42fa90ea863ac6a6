"""Credentials for a vendor's server and the systems around it: an authority, and a folder for each component."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bango_mocks.authority import Authority, Credential
from bango_mocks.population import body
from bango_spec.errors import UsageError

README = "README.md"
HOSTS = ("127.0.0.1", "localhost")
# Who is needed to try a server by hand: itself, its body's own systems, and the network that calls it.
COMPONENTS = (("intermediate-server", True), ("in-house", True), ("interface-system", False))


@dataclass(frozen=True)
class Made:
    """What was made: the authority's folder and the credentials in it by component (`in-house-<body>`)."""

    folder: Path
    authority: Authority
    credentials: dict[str, Credential]


def make(folder: Path, bodies: tuple[str, ...], hosts: tuple[str, ...] = ()) -> Made:
    """An authority in `folder` (used again if it is there) and fresh credentials for each body.

    CREDENTIALS-FOLDER when the folder holds something else; POP-BODY for a body that the testbed does not know.
    """
    for code in bodies:
        body(code)
    authority = authority_in(folder)
    names = tuple(dict.fromkeys((*hosts, *HOSTS)))
    wanted = [(role, code if of_body else None) for code in bodies for role, of_body in COMPONENTS]
    made = {
        name: authority.issue(folder / name, role, code, hosts=names)
        for role, code in dict.fromkeys(wanted)
        for name in [f"{role}-{code}" if code else role]
    }
    (folder / README).write_text(readme(bodies, names), encoding="utf-8")
    return Made(folder, authority, made)


def authority_in(folder: Path) -> Authority:
    """The authority of a folder; a new one where the folder is new or empty."""
    if (folder / "authority.pem").exists():
        return Authority(folder)
    try:
        occupied = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        if not occupied:
            return Authority.create(folder)
    except OSError as error:
        raise UsageError(
            "CREDENTIALS-FOLDER",
            f"{folder}: {error.strerror}",
            step="書き込めるフォルダーを指定してください / name a folder that you can write to",
        ) from error
    raise UsageError(
        "CREDENTIALS-FOLDER",
        f"{folder}: 認証局ではないものが入っています / the folder holds something that is no authority",
        step="空のフォルダーを指定してください / name an empty or a new folder",
    )


def readme(bodies: tuple[str, ...], hosts: tuple[str, ...]) -> str:
    """What lies in the folder, for whoever has to configure a server with it."""
    listed = "\n".join(
        f"- `intermediate-server-{code}/`, `in-house-{code}/`  {body(code).full_name}" for code in bodies
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
4. 証明書は次の名前で有効 / The certificates answer to: {", ".join(hosts)}
5. 対象ファイルの `[network] credentials` にこのフォルダーを書き、`bango doctor 対象ファイル` で確かめる。
   Name this folder as `[network] credentials` in the target file, then run `bango doctor TARGET`.

手で試す例 / By hand:

    curl --cacert authority.pem --cert in-house-{bodies[0]}/certificate.pem --key in-house-{bodies[0]}/key.pem \\
      -H "Bango-Correlation-Id: $(uuidgen)" https://127.0.0.1:8443/in-house/v1/health
"""
