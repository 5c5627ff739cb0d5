"""Made-up requests for every route of the API document, in process: no 5xx that is not foreseen, no answer unlike its document,
nobody in without a key, and no entry in any journal after a refusal.

python -m tests.measure.fuzz --requests 20000 --seed 1      # build/faults/fuzz.json
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from rich.progress import Progress
from schemathesis import Case, GenerationMode
from schemathesis import checks as known
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup

from hitl.identity import Principal, Role
from hitl.journal import Commit
from tests.edge.stage import Stage

ENDLESS = "/events"
FILE = Path("build/faults/fuzz.json")
EVERYTHING = frozenset(Role)
CHECKS = [
    known.not_a_server_error,
    known.status_code_conformance,
    known.content_type_conformance,
    known.response_headers_conformance,
    known.response_schema_conformance,
]
FORESEEN = 503
AT_A_TIME = 40
"""Requests of a route before the next one has its turn: a run that is short of time has seen every route."""

SINGLE_CASE: dict[str, Any] = {
    "tags": ["cases"],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["features"],
                    "additionalProperties": False,
                    "properties": {
                        "features": {
                            "type": "array",
                            "minItems": 64,
                            "maxItems": 64,
                            "items": {"type": "number", "minimum": 0, "maximum": 16},
                        },
                        "metadata": {
                            "type": "object",
                            "maxProperties": 8,
                            "additionalProperties": {"type": ["string", "boolean"]},
                        },
                    },
                }
            }
        },
    },
}
"""The gateway has no document of its own: its one route, as README describes it."""


@dataclass
class Found:
    """``failures`` are distinct: (route, what is wrong) with an example each."""

    seed: int
    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def report(self, seconds: float, routes: int) -> dict[str, Any]:
        counted = dict(sorted(self.statuses.items()))
        whole = {"seed": self.seed, "routes": routes, "requests": self.requests, "statuses": counted}
        return whole | {"failures": self.failures, "seconds": round(seconds, 1)}


class Fuzz:
    """Over a Stage that lives in a loop of its own, since schemathesis and hypothesis wait for no loop."""

    def __init__(self, start: int) -> None:
        self.found, self._rng, self._start = Found(start), random.Random(start), start
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._stage, self._document = self._wait(self._made())

    def operations(self) -> list[Any]:
        """Every route that ends."""
        document = {
            **self._document,
            "paths": {**self._document["paths"], "/v1/tasks/digits/decisions": {"post": _decision(self._document)}},
        }
        schema = schemathesis.openapi.from_dict(document)
        found = [result.ok() for result in schema.get_all_operations()]
        return [operation for operation in found if not operation.path.endswith(ENDLESS)]

    def fuzz(self, operation: Any, requests: int) -> None:
        """At most ``requests`` made-up requests, half of them as the document says and half not: never the same again."""
        self._start += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            self._some(operation, mode, requests // 2)

    def close(self) -> None:
        self._wait(self._stage.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _some(self, operation: Any, mode: GenerationMode, requests: int) -> None:
        quiet = settings(
            max_examples=requests, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )

        @seed(self._start)
        @quiet
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: Case) -> None:
            self._one(operation, case)

        try:
            each()
        except schemathesis.errors.InvalidSchema as error:  # a route with nothing to get wrong has no wrong requests
            self._note(operation, "cannot be made", str(error))
        except Exception as error:  # noqa: BLE001 - Unsatisfiable and its kin: the report names the route
            if "Unsatisfiable" not in type(error).__name__:
                self._note(operation, type(error).__name__, str(error)[:300])

    def _one(self, operation: Any, case: Case) -> None:
        self._name_things(case)
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        before = self._entries()
        answer = self._wait(self._send(case, "everybody"))
        self.found.requests += 1
        self.found.statuses[str(answer.status_code)] += 1
        self._judge(operation, case, answer)
        if 400 <= answer.status_code < 500 and self._wrote(before):
            self._note(operation, "a refusal left an entry", str(case.body)[:300])
        if self.found.requests % 4 == 0:
            self._without_a_key(operation, case)

    def _judge(self, operation: Any, case: Case, answer: httpx2.Response) -> None:
        if answer.status_code == FORESEEN and "retry-after" in answer.headers:
            return
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                self._note(
                    operation, f"{failure.title} ({answer.status_code})", f"{case.path_parameters} {case.query} {case.body}"[:300]
                )

    def _without_a_key(self, operation: Any, case: Case) -> None:
        answer = self._wait(self._send(case, None))
        self.found.requests += 1
        if answer.status_code not in (400, 401) and not _is_open(operation.path):
            self._note(operation, "answered without a key", str(answer.status_code))

    def _name_things(self, case: Case) -> None:
        """Half of the names in paths are of things that exist."""
        for name in case.path_parameters or {}:
            if name in self._stage.named and self._rng.random() < 0.5:
                case.path_parameters[name] = self._stage.named[name]

    async def _send(self, case: Case, who: str | None) -> httpx2.Response:
        whole = case.as_transport_kwargs(base_url="http://hitl")
        headers = {str(k): str(v) for k, v in whole["headers"].items() if k.lower() not in ("authorization", "cookie")}
        headers["idempotency-key"] = f"fuzz-{self.found.requests}"
        if who is not None:
            headers["authorization"] = f"Bearer {self._stage.keys[who]}"
        body = {"json": whole["json"]} if not isinstance(whole.get("json", NotSet()), NotSet) and "json" in whole else {}
        body = {"content": whole["data"]} if isinstance(whole.get("data"), bytes | str) else body
        self._stage.http.cookies.clear()
        try:
            request = self._stage.http.build_request(
                whole["method"], whole["url"], params=whole.get("params"), headers=headers, **body
            )
        except (ValueError, TypeError, UnicodeError, httpx2.InvalidURL):  # what no client can send
            kept = {"authorization": headers["authorization"]} if who is not None else {}
            request = self._stage.http.build_request("GET", "/v1/nothing", headers=kept)
        answer = await self._stage.http.send(request)
        answer.elapsed = timedelta(0)
        return answer

    def _entries(self) -> dict[str, int]:
        return {name: shard.seq for name, shard in self._stage.shards.shards.items()}

    def _wrote(self, before: dict[str, int]) -> bool:
        """Whether anybody but time has written since."""
        return any(commit.by != "time" for name, seq in before.items() for commit in self._wait(self._since(name, seq)))

    async def _since(self, shard: str, seq: int) -> list[Commit]:
        return [Commit.decode(entry.body) for entry in await self._stage.shards.journals[shard].read(seq, 100)]

    def _note(self, operation: Any, what: str, example: str) -> None:
        self.found.failures.setdefault(f"{operation.method.upper()} {operation.path}: {what}", example)

    async def _made(self) -> tuple[Stage, dict[str, Any]]:
        stage = Stage()
        await stage.shards.start()
        await stage.arrange()
        stage.keys["everybody"] = await stage.key(Principal("everybody", EVERYTHING))
        stage.named |= {
            "case_id": stage.named["case"],
            "review_id": stage.named["review"],
            "approval_id": stage.named["approval"],
        }
        stage.named |= {"task": "digits", "queue": "digits", "shard": "approval", "user_id": "everybody"}
        return stage, (await stage.http.get("/openapi.json")).json()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def _decision(document: dict[str, Any]) -> dict[str, Any]:
    """The gateway's route with the answers of a problem as everywhere."""
    some = next(iter(document["paths"]["/v1/models"].values()))
    return {**SINGLE_CASE, "responses": {**some["responses"], "202": {"description": "people decide"}}}


def _is_open(path: str) -> bool:
    return path in ("/health", "/ready") or path.startswith("/v1/oidc/")


def run(requests: int, start: int, minutes: float = 60.0) -> dict[str, Any]:
    """The report of at least ``requests`` requests, or of what ``minutes`` were enough for."""
    began, fuzz = time.monotonic(), Fuzz(start)
    operations = fuzz.operations()
    with Progress() as progress:
        bar = progress.add_task("requests", total=requests)
        while fuzz.found.requests < requests and time.monotonic() < began + 60 * minutes:
            each = min(AT_A_TIME, max(2, 2 + (requests - fuzz.found.requests) // len(operations)))
            for operation in operations:
                if time.monotonic() < began + 60 * minutes:
                    fuzz.fuzz(operation, each)
                progress.update(bar, completed=fuzz.found.requests)
    fuzz.close()
    return fuzz.found.report(time.monotonic() - began, len(operations))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=20_000)
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given_ = asked.parse_args()
    logging.disable(logging.INFO)
    print(f"seed {given_.seed}", flush=True)  # noqa: T201 - what repeats the run
    report = run(given_.requests, given_.seed, given_.minutes)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n")
    print(json.dumps(report, indent=2))  # noqa: T201
    return int(bool(report["failures"]))


if __name__ == "__main__":
    sys.exit(main())
