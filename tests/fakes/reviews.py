"""Cases, tasks and a shard of reviews, with defaults that a test overrides."""

from typing import Any

from hitl.intake import CaseRecord
from hitl.machine.asked import plain_of
from hitl.review import Claim, OpenReview, ReviewMachine
from hitl.tasks import TaskSpec
from tests.fakes.shell import START, Shell

DAY_S = 86_400.0


def spec(task: str = "digits", **overrides: Any) -> TaskSpec:
    given = {
        "task": task,
        "title": "Digits",
        "input": {"kind": "vector", "size": 2, "min": 0.0, "max": 1.0},
        "labels": ["0", "1", "2"],
        "data": {"source": "sklearn.digits", "initial_rows": 1, "holdout_rows": 1},
        "model": {"family": "torch_mlp"},
        "risk": "uncertified",
    }
    return TaskSpec.model_validate({**given, **overrides})


def record(case_id: str, **overrides: Any) -> CaseRecord:
    given: dict[str, Any] = {
        "case_id": case_id,
        "request_id": f"r-{case_id}",
        "task": "digits",
        "client": "client",
        "at": START,
        "body_digest": "b" * 64,
        "payload_digest": "d" * 64,
        "salt": "5a17",
        "prediction": "1",
        "probabilities": [0.1, 0.7, 0.2],
        "confidence": 0.7,
        "uncertainty": 0.8,
        "confidence_level": "low",
        "action": "review",
        "reason": "confidence 0.700 is not above 0.8: a person looks carefully",
        "priority": "normal",
        "model_version": "a" * 64,
        "policy_version": "p" * 64,
        "generation": 1,
        "processing_time": 0.001,
    }
    return CaseRecord(**{**given, **overrides})


class ReviewShell(Shell):
    """A shard of reviews that answers as its clients hear it: views as plain JSON."""

    def send(self, command: Any, command_id: str | None = None, by: str = "someone") -> Any:
        return plain_of(super().send(command, command_id, by))

    def ask(self, question: Any) -> Any:
        return plain_of(super().ask(question))


def machine(**review: Any) -> ReviewMachine:
    """``review`` are the review terms of digits."""
    return ReviewMachine({"digits": spec(review=review), "tumours": spec("tumours", review={"timeout_hours": 1.0})}, DAY_S)


def shard(*cases: CaseRecord, review: dict[str, Any] | None = None) -> ReviewShell:
    """A shard in which ``cases`` are open, at the positions 1, 2, 3 …"""
    shell = ReviewShell(machine(**(review or {})))
    for position, case in enumerate(cases, start=1):
        shell.send(OpenReview(case, position))
    return shell


def claimed(shell: Shell, reviewer: str = "ann", queue: str = "digits", lease_s: float | None = None) -> dict[str, Any]:
    """The review that ``reviewer`` now holds."""
    review: dict[str, Any] = shell.send(Claim(queue, reviewer, lease_s))["review"]
    return review
