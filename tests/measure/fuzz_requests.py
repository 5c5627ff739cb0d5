"""Made-up requests, and what is wrong with the answers."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis import checks as known
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from hitl.journal import Commit
from tests.measure.fuzz_stage import EVERYBODY, WHO, FuzzStage

AnyCase: TypeAlias = Case[Any]

ENDLESS = "/events"
CHECKS = [
    known.not_a_server_error,
    known.status_code_conformance,
    known.content_type_conformance,
    known.response_headers_conformance,
    known.response_schema_conformance,
]
FORESEEN = 503
REFUSED = (400, 401, 403)
"""Without a key; 403 is the answer to a foreign page, which is looked at before the key."""

DIGEST_EVERY, KEYLESS_EVERY = 20, 5
"""Of how many made-up requests one has its refusal checked by a digest of everything, and one is repeated without its key."""


@dataclass
class Found:
    """``failures`` are distinct: (route, what is wrong) with an example each; the counters are by status, by who asked, by
    route, and by route for answers that were not a 503."""

    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    digests: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Found") -> None:
        """Take in what another run found."""
        self.requests += other.requests
        self.digests += other.digests
        for name in ("statuses", "roles", "modes", "routes", "answered"):
            getattr(self, name).update(getattr(other, name))
        self.failures = other.failures | self.failures


class Fuzz:
    """Requests from ``start``, the seed."""

    def __init__(self, start: int) -> None:
        self.found, self._rng, self._start = Found(), random.Random(start), start
        self._cases = 0
        self._world, self._barren = FuzzStage(), set[tuple[str, GenerationMode]]()

    def operations(self) -> list[Any]:
        """Every route that ends."""
        schema = schemathesis.openapi.from_dict(self._world.document)
        found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
        return [operation for operation in found if not operation.path.endswith(ENDLESS)]

    def fuzz(self, operation: Any, requests: int) -> None:
        """At most ``requests`` made-up requests, half of them as the document says and half not: never the same again."""
        self._start += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if (_name(operation), mode) not in self._barren:
                self._some(operation, mode, requests // 2)

    def close(self) -> None:
        self._world.close()

    def _some(self, operation: Any, mode: GenerationMode, requests: int) -> None:
        quiet = settings(
            max_examples=requests, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        before = self.found.requests

        @seed(self._start)
        @quiet
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: AnyCase) -> None:
            self.found.modes[mode.value] += 1
            self._one(operation, case)

        try:
            each()
        except schemathesis.errors.InvalidSchema as error:
            self._note(operation, "cannot be made", str(error))
        except Exception as error:  # noqa: BLE001 - Unsatisfiable and its kin: the report names the route
            if "Unsatisfiable" not in type(error).__name__:
                self._note(operation, type(error).__name__, str(error)[:300])
        if self.found.requests == before:  # a route with nothing to get wrong has no wrong requests: to look again takes a second
            self._barren.add((_name(operation), mode))

    def _one(self, operation: Any, case: AnyCase) -> None:
        self._name_things(case)
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        who = EVERYBODY if self._rng.random() < 0.5 else self._rng.choice(WHO)
        self._cases += 1
        whole = self._digest() if self._cases % DIGEST_EVERY == 0 else None
        before = self._world.seqs()
        answer = self._send(operation, case, who)
        self._judge(operation, case, answer)
        if 400 <= answer.status_code < 500:
            self._unchanged(operation, case, before, whole)
        if self._cases % KEYLESS_EVERY == 0:
            self._without_a_key(operation, case)

    def _judge(self, operation: Any, case: AnyCase, answer: httpx2.Response) -> None:
        if answer.status_code == FORESEEN and "retry-after" in answer.headers:
            return
        self.found.answered[_name(operation)] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                what = f"{failure.title} ({answer.status_code})"
                self._note(operation, what, f"{case.path_parameters} {case.query} {case.body!r} -> {answer.text}"[:600])

    def _unchanged(self, operation: Any, case: AnyCase, before: dict[str, int], whole: str | None) -> None:
        """After a refusal nobody but time has written, and everything is as it was."""
        by = [commit.by for name, seq in before.items() for commit in self._since(name, seq)]
        if any(each != "time" for each in by):
            self._note(operation, "a refusal left an entry", str(case.body)[:300])
        if whole is not None and not by:
            self.found.digests += 1
            if self._digest() != whole:
                self._note(operation, "a refusal changed something", str(case.body)[:300])

    def _without_a_key(self, operation: Any, case: AnyCase) -> None:
        answer = self._send(operation, case, None)
        if answer.status_code not in REFUSED and not _is_open(operation.path):
            self._note(operation, "answered without a key", str(answer.status_code))

    def _name_things(self, case: AnyCase) -> None:
        """Half of the names in paths are of things that exist."""
        for name in case.path_parameters or {}:
            if name in self._world.named and self._rng.random() < 0.5:
                case.path_parameters[name] = self._world.named[name]

    def _send(self, operation: Any, case: AnyCase, who: str | None) -> httpx2.Response:
        answer: httpx2.Response = self._world.wait(self._world.send(self._request(case, who)))
        answer.elapsed = timedelta(0)
        self.found.requests += 1
        self.found.routes[_name(operation)] += 1
        self.found.statuses[str(answer.status_code)] += 1
        self.found.roles[who or "nobody"] += 1
        return answer

    def _request(self, case: AnyCase, who: str | None) -> httpx2.Request:
        whole, http = case.as_transport_kwargs(base_url="http://hitl"), self._world.stage.http
        headers = {str(k): str(v) for k, v in whole["headers"].items() if k.lower() not in ("authorization", "cookie")}
        headers["idempotency-key"] = f"fuzz-{self.found.requests}"
        kept = {"authorization": f"Bearer {self._world.stage.keys[who]}"} if who is not None else {}
        body = {"json": whole["json"]} if not isinstance(whole.get("json", NotSet()), NotSet) and "json" in whole else {}
        body = {"content": whole["data"]} if isinstance(whole.get("data"), bytes | str) else body
        try:
            asked, headers = (whole["method"], whole["url"]), headers | kept
            request: httpx2.Request = http.build_request(*asked, params=whole.get("params"), headers=headers, **body)
        except (ValueError, TypeError, UnicodeError, httpx2.InvalidURL):  # what no client can send
            request = http.build_request("GET", "/v1/nothing", headers=kept)
        return request

    def _digest(self) -> str:
        return str(self._world.wait(self._world.stage.digest()))

    def _since(self, shard: str, seq: int) -> list[Commit]:
        if self._world.stage.shards.shards[shard].seq == seq:
            return []
        found = self._world.wait(self._world.stage.shards.journals[shard].read(seq, 100))
        return [Commit.decode(entry.body) for entry in found]

    def _note(self, operation: Any, what: str, example: str) -> None:
        self.found.failures.setdefault(f"{_name(operation)}: {what}", example)


def _name(operation: Any) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _is_open(path: str) -> bool:
    """Takes no key: a link or a message that is signed says who asks."""
    return path in ("/health", "/ready") or path.startswith(("/v1/oidc/", "/v1/votes/", "/v1/chat/"))
