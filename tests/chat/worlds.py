"""The review application with votes from outside, and what Slack, Teams and people with a link send to it."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx2

from hitl.canonical import JsonObject
from hitl.chat.terms import ChatTerms, chat_terms
from hitl.chat.vote_links import VoteLink, sign_link
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from serve_app.api.services.chat_ports import Chat
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from tests.review_app.conftest import PEOPLE, World

SLACK_SECRET, TEAMS_KEY, LINK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5", b"t" * 32, "l" * 32
TERMS: ChatTerms = chat_terms(
    {
        "link_secrets": [LINK_SECRET],
        "slack": {"signing_secret": SLACK_SECRET, "team": "T1"},
        "teams": {"secret": base64.b64encode(TEAMS_KEY).decode(), "tenant": "tenant-1"},
        "people": {
            "approver": {"slack": "U1", "teams": "aad-1"},
            "approver-2": {"slack": "U2", "teams": "aad-2"},
            "reviewer": {"slack": "U3", "teams": "aad-3"},
        },
    },
    "chat.yaml",
)
FORM = "application/x-www-form-urlencoded"


@dataclass
class ChatWorld:
    """``told`` is what Slack was told at response URLs."""

    world: World
    accounts: MemoryKeys = field(default_factory=MemoryKeys)
    told: list[JsonObject] = field(default_factory=list)
    now: float = field(default_factory=time.time)

    async def start(self) -> None:
        for name, role in PEOPLE.items():
            await self.accounts.put_account(Account(name, frozenset({role})))
        door = SignIn(Authenticator(self.accounts, accounts=self.accounts), MemorySessions(), MemoryOneTime(time.monotonic))
        ports = replace(self.world.ports, door=door, chat=Chat(TERMS, self._reply), wall=lambda: self.now)
        self.world.ports = ports
        await self.world.http.aclose()
        self.world.serve()

    async def _reply(self, url: str, body: JsonObject) -> None:
        assert url.startswith("https://hooks.slack.com/")
        self.told.append(body)

    async def disable(self, name: str) -> None:
        await self.accounts.put_account(Account(name, frozenset({Role.APPROVER}), is_disabled=True))

    async def ask(self, name: str = "a", **more: Any) -> dict[str, Any]:
        """An approval of ``operator`` that one vote decides."""
        body = {"kind": "custom", "title": "Refund?", "context": {"order": 7}, **more}
        made = await self.world.call("POST", "/v1/approvals", "operator", body, idempotency_key=name)
        assert made.status_code == 201, made.text
        return dict(made.json())

    async def standing(self, approval_id: str) -> dict[str, Any]:
        return dict((await self.world.call("GET", f"/v1/approvals/{approval_id}", "operator")).json()["approval"])

    def token(self, asked: dict[str, Any], person: str = "approver", hours: float = 1.0) -> str:
        link = VoteLink(asked["approval_id"], asked["digest"], person, self.now + hours * 3600)
        return sign_link(link, TERMS.link_keys)

    async def open(self, token: str, method: str = "GET") -> httpx2.Response:
        return await self.world.http.request(method, f"/v1/votes/{token}")

    async def send(self, token: str, vote: str, comment: str = "", **headers: str) -> httpx2.Response:
        body = urlencode({"vote": vote, "comment": comment})
        return await self.world.http.post(f"/v1/votes/{token}", content=body, headers={"content-type": FORM, **headers})

    async def press(
        self, token: str, vote: str = "approve", user: str = "U1", secret: str = SLACK_SECRET, late_s: float = 0.0, **more: Any
    ) -> httpx2.Response:
        """As Slack sends the press of a button."""
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": "somebody"},
            "team": {"id": "T1", "domain": "example"},
            "actions": [{"type": "button", "action_id": f"hitl_vote_{vote}", "block_id": "b", "value": token}],
            "response_url": "https://hooks.slack.com/actions/T1/1/abc",
            **more,
        }
        return await self.post_signed(urlencode({"payload": json.dumps(payload)}).encode(), secret, late_s)

    async def post_signed(self, body: bytes, secret: str = SLACK_SECRET, late_s: float = 0.0) -> httpx2.Response:
        """Any body, signed as Slack signs."""
        at = str(int(self.now - late_s))
        signature = "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"content-type": FORM, "x-slack-request-timestamp": at, "x-slack-signature": signature}
        return await self.world.http.post("/v1/chat/slack", content=body, headers=headers)

    async def write(
        self, sentence: str, user: str = "aad-1", key: bytes = TEAMS_KEY, late_s: float = 0.0, **more: Any
    ) -> httpx2.Response:
        """As Teams' outgoing webhook sends what somebody wrote."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now - late_s))
        message = {
            "type": "message",
            "id": "1485983408511",
            "timestamp": f"{at}.5137509Z",
            "from": {"id": "29:1XJ", "name": "Somebody", "aadObjectId": user},
            "channelData": {"tenant": {"id": "tenant-1"}},
            "text": f"<at>hitl</at>&nbsp;{sentence}",
            **more,
        }
        body = json.dumps(message).encode()
        signature = "HMAC " + base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
        headers = {"content-type": "application/json; charset=utf-8", "authorization": signature}
        return await self.world.http.post("/v1/chat/teams", content=body, headers=headers)
