"""A small OpenID Connect provider on loopback: real HTTP, real signatures, and the lies that a test tells it to tell."""

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "ray-hitl", "a secret"


class Provider:
    """``claims`` replace those of the token; ``algorithm`` and ``key`` are what it is signed with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key: Any = RSAKey.generate_key(2048, {"kid": "one"})
        self.algorithm, self.is_confused = "RS256", False
        self.claims: dict[str, Any] = {}
        self.groups = ["hitl-reviewers"]
        self.published: list[Any] = [self.key]
        self.codes: dict[str, dict[str, str]] = {}

    def metadata(self) -> dict[str, str]:
        ends = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        return {"issuer": self.url, **ends}

    def authorize(self, asked: dict[str, str]) -> str:
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        asked = self.codes.pop(form["code"], None)
        verifier = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != verifier or form.get("client_secret") != SECRET:
            return None
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "sub": "ada", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims = {k: v for k, v in {**said, "groups": self.groups, **self.claims}.items() if v is not None}
        head = {"alg": self.algorithm, "kid": self.key.kid}
        if self.is_confused:
            return {"id_token": _signed_with_public_key(self.key.as_pem(private=False), claims)}
        return {"id_token": jwt.encode(head, claims, self.key, algorithms=[self.algorithm])}

    def confuse(self) -> None:
        """Sign with the public key as if it were a shared secret."""
        self.is_confused = True

    def change_keys(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "two"})
        self.published = [self.key]


@contextmanager
def provider() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found = Provider(f"http://127.0.0.1:{server.server_port}")
    server.found = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


def _signed_with_public_key(public: bytes, claims: dict[str, Any]) -> str:
    """Any library of today refuses to make it; an attacker does not ask one."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, claims)]
    text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = urlsafe_b64encode(hmac.digest(public, text, "sha256")).rstrip(b"=")
    return (text + b"." + mac).decode()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found: Provider = self.server.found  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        if parts.path == "/authorization_endpoint":
            self.send_response(302)
            self.send_header("location", found.authorize(dict(parse_qsl(parts.query))))
            self.send_header("content-length", "0")
            self.end_headers()
        elif parts.path == "/jwks_uri":
            self._tell({"keys": [key.as_dict(private=False) for key in found.published]})
        else:
            self._tell(found.metadata())

    def do_POST(self) -> None:
        found: Provider = self.server.found  # type: ignore[attr-defined]
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self._tell(found.token({name: values[0] for name, values in form.items()}))

    def _tell(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(400 if answer is None else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
