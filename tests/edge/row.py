"""One row of the catalogue of bad input: what is sent, and what must come back."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from serve_app.http.expected import WORDS
from tests.edge.stage import Stage

DECISIONS = "/v1/tasks/digits/decisions"
ANSWER = "/v1/reviews/{review}/decision"
GOOD = {"features": [0.0] * 64}
TOLD = {"lease": "{lease}", "label": "3"}

OWN = frozenset(
    {
        "features",
        "metadata",
        "comment",
        "reason",
        "digest",
        "confidence",
        "policy",
        "timeout",
        "status",
        "approve",
        "Bearer",
        "Bearer ",
        "cross-site",
    }
)
"""Names of ours, which a problem may speak of."""

Probe = Callable[[Stage], Awaitable[None]]
"""Sends, and asserts what came."""


@dataclass(frozen=True)
class Ask:
    """A request. ``{name}`` in the path and in the texts of the body stands for something of Stage.named; a body that is bytes
    goes as it is. ``headers`` with the value None are left out."""

    method: str
    path: str
    who: str | None
    body: Any = None
    headers: dict[str, str | None] = field(default_factory=dict)

    async def send(self, stage: Stage) -> httpx2.Response:
        stage.http.cookies.clear()
        given: dict[str, str | None] = {"content-type": "application/json", "idempotency-key": "k9"}
        if self.who is not None:
            given["authorization"] = f"Bearer {stage.keys[self.who]}"
        headers = {name: value for name, value in (given | self.headers).items() if value is not None}
        return await stage.http.request(self.method, filled(self.path, stage.named), content=self.content(stage), headers=headers)

    def content(self, stage: Stage) -> bytes:
        if self.body is None or isinstance(self.body, bytes):
            return self.body or b""
        return json.dumps(filled(self.body, stage.named)).encode()


def filled(value: Any, named: dict[str, Any]) -> Any:
    """``value`` with the names in braces replaced; a text that is a name alone becomes the thing itself."""
    if isinstance(value, dict):
        return {filled(key, named): filled(each, named) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, named) for each in value]
    if not isinstance(value, str):
        return value
    if value[1:-1] in named and value[0] + value[-1] == "{}":
        return named[value[1:-1]]
    return re.sub(r"\{([a-z0-9-]+)\}", lambda found: str(named.get(found[1], found[0])), value)


def refused(ask: Ask, *statuses: int) -> Probe:
    """A problem document with one of ``statuses``, that repeats nothing; everything is as it was."""

    async def probe(stage: Stage) -> None:
        before = await stage.digest()
        answer = await ask.send(stage)
        check_problem(answer, statuses)
        check_silent(answer, ask)
        assert await stage.digest() == before

    return probe


def taken(ask: Ask, *statuses: int, holds: Callable[[Any], bool] | None = None) -> Probe:
    """An ordinary answer with one of ``statuses``; ``holds`` looks at its JSON."""

    async def probe(stage: Stage) -> None:
        answer = await ask.send(stage)
        assert answer.status_code in statuses, answer.text
        assert holds is None or holds(answer.json()), answer.text

    return probe


def check_problem(answer: httpx2.Response, statuses: tuple[int, ...]) -> None:
    document = answer.json()
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status_code
    assert document["type"].startswith("urn:ray-hitl:problem:")
    assert document["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text


def check_silent(answer: httpx2.Response, ask: Ask) -> None:
    """Nothing of the body, of the query or of the headers comes back, but the name of the field that nobody knows."""
    unknown = [each["pointer"][1:] for each in answer.json().get("errors", []) if each["expected"] == WORDS["extra_forbidden"]]
    sent = [*_texts(ask.body), ask.path.partition("?")[2], *(value or "" for value in ask.headers.values())]
    assert [text for text in sent if len(text) > 5 and text not in {*OWN, *unknown} and text in answer.text] == []


def _texts(body: Any) -> list[str]:
    if isinstance(body, bytes):
        return [body.decode("latin-1")]
    if isinstance(body, dict):
        return [text for pair in body.items() for each in pair for text in _texts(each)]
    if isinstance(body, list):
        return [text for each in body for text in _texts(each)]
    return [body] if isinstance(body, str) and not body.startswith("{") else []
