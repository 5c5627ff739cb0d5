"""The catalogue of bad input, rows 49 to 78: inputs that do not fit, names, leases, keys, votes."""

from typing import Any

from hitl.approval.commands import Deploy
from hitl.errors import DigestMismatch, QuorumMissing
from hitl.machine import Envelope
from tests.edge.bodies import case, told
from tests.edge.row import ANSWER, DECISIONS, GOOD, TOLD, Ask, Probe, check_problem, refused, taken
from tests.edge.stage import DIGEST, OTHER, Stage
from tests.review_app.in_process import APPROVAL

NOWHERE = "a" * 26
VOTE = {"vote": "approve", "digest": DIGEST}
BALLOT = "/v1/approvals/{approval}/votes"
MODEL = {"task": "digits", "digest": DIGEST, "title": "a model", "evidence": {}}
PERSON = {"kind": "custom", "title": "May we?", "context": {"what": "it"}}


def vote(who: str, **changes: Any) -> Ask:
    return Ask("POST", BALLOT, who, VOTE | changes)


def asked(who: str = "operator", **changes: Any) -> Ask:
    """A request for approval, of a person's kind."""
    return Ask("POST", "/v1/approvals", who, PERSON | changes)


def after(first: Ask, then: Probe) -> Probe:
    """``then`` once ``first`` was done."""

    async def probe(stage: Stage) -> None:
        assert (await first.send(stage)).is_success
        await then(stage)

    return probe


def same(ask: Ask) -> Probe:
    """The same request again has the same answer and no second effect."""

    async def probe(stage: Stage) -> None:
        first = await ask.send(stage)
        after_first = await stage.digest()
        second = await ask.send(stage)
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert await stage.digest() == after_first

    return probe


def not_deployed(digest: str, refusal: type[Exception]) -> Probe:
    """Nobody deploys through HTTP; what the keeper submits is refused by the machine itself."""

    async def probe(stage: Stage) -> None:
        before = await stage.digest()
        command = Deploy(stage.named["approval"], digest)
        try:
            await stage.shards.submit(APPROVAL, Envelope(command, f"deploy-{digest}", "f", "keeper", "r"))
        except refusal:
            assert await stage.digest() == before
        else:
            raise AssertionError("it was deployed")

    return probe


async def unlike_unknown(stage: Stage) -> None:
    """Another client's case is told from one that never was by nothing."""
    answers = [await Ask("GET", f"/v1/decisions/{name}", "client-2").send(stage) for name in ("{case}", NOWHERE)]
    for answer in answers:
        check_problem(answer, (404,))
    plain = [{k: v for k, v in each.json().items() if k not in ("instance", "request_id", "timestamp")} for each in answers]
    assert plain[0] == plain[1]


async def spent(stage: Stage) -> None:
    """A lease that was given back, and one that rang out, are worth nothing."""
    await Ask("POST", "/v1/reviews/{review}/release", "reviewer", {"lease": "{lease}"}, {"idempotency-key": "r"}).send(stage)
    await refused(told(), 409)(stage)


def in_path(*names: str) -> list[Probe]:
    """Each as a task, a queue, a case and a review."""
    statuses = (400, 404)
    places = ("/v1/tasks/{}/decisions", "/v1/queues/{}/claim")
    found = [
        refused(Ask("POST", place.replace("{}", name), who, GOOD if "tasks" in place else {}), *statuses)
        for name in names
        for place, who in zip(places, ("client", "reviewer"), strict=True)
    ]
    return found + [
        refused(Ask("GET", f"/v1/{kind}/{name}", "expert"), *statuses) for name in names for kind in ("decisions", "reviews")
    ]


def lease(value: Any) -> Probe:
    return refused(Ask("POST", ANSWER, "reviewer", TOLD | {"lease": value}), 422)


ANSWERED = told(comment="first")
AGAIN = Ask("POST", ANSWER, "reviewer", TOLD, {"idempotency-key": "another"})
OTHER_BODY = Ask("POST", ANSWER, "reviewer", TOLD | {"label": "4"})
LETTERS = "x" * 300
QUEUE = {"rule": "k_of_n", "approvers": ["approver"]}

THINGS: dict[int, list[Probe]] = {
    49: [refused(case({"features": [0.0] * n}), 422) for n in (0, 1, 63, 65)],
    50: [refused(case({"features": what}), 422) for what in ([[0.0]] * 64, [[0], [0, 0]], {"0": 0}, "0" * 64, [None] * 64)],
    51: [refused(case({"features": []}), 422), refused(case({"features": None}), 422)],
    54: in_path("unknown-name"),
    55: in_path("..%2f..%2fetc%2fpasswd", "%2e%2e%2fx", "..%5cx"),
    56: in_path("a%00b", "a%0d%0aSet-Cookie:x", "%ff"),
    57: in_path("%2e", "%2e%2e", LETTERS, "%e2%80%aeabc", "a%e2%80%8bb", "d%d1%96gits"),
    58: [
        refused(Ask("POST", "/v1/approvals", "trainer", MODEL | {"digest": uri}), 422)
        for uri in ("file:///etc/passwd", "http:///#/../../etc", "runs:/../x", "models:/digits/1")
    ],
    59: [lease(value) for value in (0, -1, 2**64, "1e3", "0x10", 1.5)] + in_path("0", "-1", "1e3", "0x10"),
    60: [unlike_unknown],
    61: [refused(Ask("POST", ANSWER, "reviewer-2", TOLD), 409)],
    62: [spent],
    63: [refused(told(lease="{lease-2}"), 409), refused(told(lease=999_999), 409)],
    64: [same(ANSWERED)],
    65: [after(ANSWERED, refused(AGAIN, 409))],
    66: [after(ANSWERED, refused(OTHER_BODY, 422)), after(case(GOOD), refused(case({"features": [1.0] * 64}), 422))],
    67: [
        refused(case(GOOD, idempotency_key=None), 400),
        refused(Ask("POST", ANSWER, "reviewer", TOLD, {"idempotency-key": None}), 400),
    ],
    68: [refused(case(GOOD, idempotency_key=key), 400) for key in ("", "k" * 10_240, "a\tb", "\x01")],
    69: [refused(told(label="eleven"), 422), refused(told(label=""), 422)],
    70: [refused(told(label={"value": "3"}), 422), refused(told(label=["3"]), 422)],
    71: [refused(told(confidence=value), 422) for value in (-0.1, 1.01)] + [taken(told(confidence=-0.0), 200)],
    72: [refused(vote("approver", shown=OTHER), 409), refused(vote("approver", digest=OTHER), 409)],
    73: [
        after(Ask("POST", "/v1/approvals", "operator", MODEL | {"digest": OTHER}), refused(vote("operator"), 403)),
        refused(vote("trainer"), 403),
    ],
    74: [
        after(vote("approver"), refused(Ask("POST", BALLOT, "approver", VOTE, {"idempotency-key": "2"}), 409)),
        after(vote("approver-2"), refused(vote("author"), 409)),
        refused(vote("author", digest=OTHER), 409),
    ],
    75: [not_deployed(DIGEST, QuorumMissing)],
    76: [after(vote("approver"), after(vote("approver-2"), not_deployed(OTHER, DigestMismatch)))],
    77: [refused(asked(policy=QUEUE | {"k": k}), 422) for k in (0, -1, 2, 1000)]
    + [refused(asked(timeout=seconds), 422) for seconds in (0, -1, 1e12)],
    78: [refused(Ask("POST", "/v1/models/digits/rollback", "operator", {"digest": OTHER, "reason": "back"}), 409)],
}

assert DECISIONS.startswith("/v1/tasks")
