"""Requests that are meant to cost: made up for every route of the API document, with one part of the body grown, and measured.

The processor time is that of the event loop's thread, in which the applications, the shards and the gateway run.
"""

import gc
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
from schemathesis import Case

from hitl.adapters.ray.process_memory import tune_garbage_collection
from tests.measure.fuzz_requests import Fuzz
from tests.measure.fuzz_stage import EVERYBODY

MOST_S = 0.25
MOST_TIMES, BESIDE_BYTES = 3, 8 * 1024
"""What one request may take of the loop's thread, and add to the store: so many times its body, and a little beside it, for each
case of a batch."""

AGAIN = 2
"""Times that a request which took too long is sent once more: another process may have had the processor's caches."""

SIZES = (2_000, 60_000, 900_000)
UNITS = (
    "a", '"', "\\", "é", "\u2028", "a.", "a@b.", "password", "grant ", "rm -rf ", "[your ", "4111 1111 ", "+49 1", "x = 1\n", "(",
    "\n", "AKIA", "-----BEGIN ", "eyJ", "<p>", "${", "kill all ",
)  # fmt: skip
LISTS: tuple[Any, ...] = (0, 1e20, "", "a", None, [], {}, {"a": 1}, [[[[[[]]]]]])

STEP = {"pipeline_name": "p", "step_name": "s", "data": {"generated_content": "x", "current_result": "y", "metadata": {}}}
PEOPLE = [f"person-{number}" for number in range(100)]
CONFIGS: dict[str, dict[str, Any]] = {
    "pause_for_input": {"ui_schema": {"type": "t", "fields": [{"name": "a", "type": "text", "label": "A"}]}},
    "review_and_approve": {},
    "collaborative_decision": {"stakeholders": PEOPLE},
    "human_fallback": {"partial_result": {"a": 1}},
    "iterative_refinement": {"max_iterations": 3},
    "time_based_decision": {"options": ["proceed", "abort"]},
    "multi_approval": {"approvers": PEOPLE},
}
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "custom"},
    {"kind": "ai_decision", "policy": {"approvers": PEOPLE}},
    {"kind": "code_execution", "context": {"code": "x = 1", "language": "sql"}},
    {"kind": "content_publishing", "context": {"content": "words"}},
)
VALID: dict[str, list[Any]] = {
    "POST /v1/interactions": [{**STEP, "pattern": pattern, "config": config} for pattern, config in CONFIGS.items()],
    "POST /v1/approvals": [{"title": "t", "context": {"a": "b"}, "metadata": {"c": "d"}, **kind} for kind in KINDS],
    "POST /v1/workflows/cases": [{"workflow_type": "content_moderation", "request_data": {"text": "x"}}],
    "POST /v1/checks/code": [{"code": "x = 1", "language": each} for each in ("python", "sql", "shell")],
    "POST /v1/checks/content": [{"content": "words"}],
    "POST /v1/tasks/{task}/decisions:batch": [
        {"cases": [{"features": [0.0] * 64, "metadata": {"a": "b"}}] * count} for count in (1, 100, 1000)
    ],
    "POST /v1/tasks/{task}/decisions": [{"features": [0.0] * 64, "metadata": {"a": "b"}}],
}
"""Bodies that are taken as they are, by route: what is made up seldom gets so far."""

EXCLUDED = ("/v1/oidc", "/v1/session")
"""What signs the one account out that everything else is sent by."""


@dataclass
class Cost:
    """What requests took: the most, and those that took too much."""

    requests: int = 0
    most_s: float = 0.0
    most_grown: float = 0.0
    breaches: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)


class CostFuzz(Fuzz):
    """Sends what Fuzz makes up, by a client and by an account with every role, and measures it."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.cost, self._intake = Cost(), [0] * len(self._world.stage.intakes)
        self.callers: tuple[str, ...] = ("client", EVERYBODY)
        self._thresholds = gc.get_threshold()
        tune_garbage_collection()  # as every replica does

    def close(self) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        super().close()

    def _one(self, operation: Any, case: Case) -> None:
        if operation.path.startswith(EXCLUDED):
            return
        self._name_things(case)
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        name = self.name_of(operation)
        if name in VALID and self._rng.random() < 0.8:
            case.body = self._rng.choice(VALID[name])
        if isinstance(case.body, dict | list):
            case.body = self._grown(case.body)
        self._measure(name, case, self._rng.choice(self.callers))

    def name_of(self, operation: Any) -> str:
        return f"{operation.method.upper()} {operation.path}"

    def _grown(self, body: Any) -> Any:
        """``body`` with something large in one place of it."""
        places = list(_places(body))
        if not places or self._rng.random() < 0.2:
            return body
        size = self._rng.choice(SIZES)
        return _with(body, self._rng.choice(places), self._large(size))

    def _large(self, size: int) -> Any:
        kind = self._rng.random()
        if kind < 0.5:
            unit = self._rng.choice(UNITS)
            return (unit * (size // len(unit) + 1))[:size]
        each = self._rng.choice(LISTS)
        count = max(1, size // (len(json.dumps(each)) + 2))
        if kind < 0.8:
            return [each] * count
        return {f"k{number}": each for number in range(count // 3 + 1)}

    def _measure(self, name: str, case: Case, who: str) -> None:
        taken = []
        for _ in range(1 + AGAIN):
            self.found.requests += 1
            request = self._request(case, who)
            before = self._world.seqs()
            answer, took_s = self._world.wait(self._timed(request))
            grown = self._grown_bytes(before)
            taken.append(took_s)
            self._note_growth(name, request, answer, grown)
            self.cost.most_grown = max(self.cost.most_grown, grown / _may_grow(request))
            if took_s <= MOST_S:
                break
        self.cost.requests += 1
        self.cost.routes.add(name)
        self.cost.most_s = max(self.cost.most_s, min(taken))
        if min(taken) > MOST_S:
            self.cost.breaches.append(f"{name}: {min(taken):.3f} s by {_told(request, answer)}")

    async def _timed(self, request: httpx2.Request) -> tuple[httpx2.Response, float]:
        start = time.thread_time()
        answer = await self._world.send(request)
        return answer, time.thread_time() - start

    def _grown_bytes(self, before: dict[str, int]) -> int:
        """The bytes of what journals and intakes hold more."""
        entries = [entry for shard, seq in before.items() for entry in self._entries(shard, seq)]
        stored = 0
        for number, intake in enumerate(self._world.stage.intakes):
            cases = intake._cases
            stored += sum(len(case.record.encode()) + len(case.payload) for case in cases[self._intake[number] :])
            self._intake[number] = len(cases)
        return stored + sum(len(entry.body) for entry in entries)

    def _entries(self, shard: str, seq: int) -> Any:
        if self._world.stage.shards.shards[shard].seq == seq:
            return []
        return self._world.wait(self._world.stage.shards.journals[shard].read(seq, 10_000))

    def _note_growth(self, name: str, request: httpx2.Request, answer: httpx2.Response, grown: int) -> None:
        if grown > _may_grow(request):
            self.cost.breaches.append(f"{name}: {grown} bytes more by {_told(request, answer)}")


def _may_grow(request: httpx2.Request) -> int:
    """A batch is as many requests as it has cases."""
    cases = request.content.count(b'"features"') if request.url.path.endswith(":batch") else 1
    return MOST_TIMES * len(request.content) + max(1, cases) * BESIDE_BYTES


def _told(request: httpx2.Request, answer: httpx2.Response) -> str:
    body = request.content
    return f"{len(body)} bytes ({answer.status_code}): {request.url.path} {body[:150]!r}...{body[-60:]!r}"


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The paths of all parts of ``value`` that could be something else."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _with(value: Any, path: tuple[Any, ...], large: Any) -> Any:
    if not path:
        return large
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], large)
    return copy
