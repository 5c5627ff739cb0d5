"""Every call of the API, shared by the blocking and the asynchronous client."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from hitl.client.calls import HttpCall, get, post
from hitl.client.reviews import ReviewApi

Answer = TypeVar("Answer")

DECIDED = "decided"
"""The status of a case that has its outcome."""


class Api(ReviewApi[Answer], ABC):
    """Each method sends one call and gives the answer's JSON object (``{}`` for an empty answer).

    A change takes an idempotency ``key``; without one it gets a new key, which its own repetitions share.
    Raises ApiError for a refusal, ServiceUnreachable when patience ran out.
    """

    @abstractmethod
    def send(self, call: HttpCall) -> Answer:
        """The answer to ``call``, repeated while that is useful."""

    def ready(self) -> Answer:
        return self.send(get("ready"))

    def tasks(self) -> Answer:
        """Every task that the caller may see."""
        return self.send(get("v1", "tasks"))

    def task(self, task: str) -> Answer:
        """The task's labels, input schema, policy and serving versions."""
        return self.send(get("v1", "tasks", task))

    def decide(self, task: str, features: Any, metadata: Mapping[str, Any] | None = None, key: str | None = None) -> Answer:
        """Open a case: its answer has ``status`` decided, pending_human or pending_expert."""
        return self.send(post("v1", "tasks", task, "decisions", body={"features": features, "metadata": metadata or {}}, key=key))

    def declare(
        self,
        task: str,
        features: Any,
        predictions: Sequence[Mapping[str, Any]],
        metadata: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Answer:
        """Open a case with what your own model says of it, in a task of family declared. A prediction has ``model`` and
        ``version`` as its card says, and ``probabilities``, or ``label`` and ``score``; give those of all versions that run."""
        body = {"features": features, "metadata": metadata or {}, "predictions": [dict(one) for one in predictions]}
        return self.send(post("v1", "tasks", task, "decisions", body=body, key=key))

    def decide_all(self, task: str, rows: Sequence[Any], key: str | None = None) -> Answer:
        """Open up to 1,000 cases, each given by its features, in one call: ``results`` holds for each, in order, the ``status``
        and the ``body`` that a call of its own would have got. Send it again with its key where a status is 429 or 503."""
        cases = [{"features": features} for features in rows]
        return self.send(post("v1", "tasks", task, "decisions:batch", body={"cases": cases}, key=key))

    def decision(self, case_id: str, wait_s: float = 0.0, after: int = 0) -> Answer:
        """The case as it stands, after ``wait_s`` (0-60) or once it has an outcome beyond version ``after``."""
        return self.send(get("v1", "decisions", case_id, wait_s=wait_s, wait=wait_s, after=after or None))

    def request_approval(self, task: str, digest: str, title: str, evidence: Mapping[str, Any], key: str | None = None) -> Answer:
        """Ask that exactly the bytes with ``digest`` may serve ``task``."""
        body = {"kind": "model_deployment", "task": task, "digest": digest, "title": title, "evidence": dict(evidence)}
        return self.send(post("v1", "approvals", body=body, key=key))

    def approvals(self, status: str | None = None, task: str | None = None) -> Answer:
        return self.send(get("v1", "approvals", status=status, task=task))

    def approval(self, approval_id: str) -> Answer:
        return self.send(get("v1", "approvals", approval_id))

    def vote(self, approval_id: str, vote: str, digest: str, comment: str = "", key: str | None = None) -> Answer:
        """``vote`` is approve or reject; ``digest`` repeats what is voted on."""
        body = {"vote": vote, "digest": digest, "comment": comment}
        return self.send(post("v1", "approvals", approval_id, "votes", body=body, key=key))

    def model(self, task: str) -> Answer:
        """The serving versions of the task, and their history."""
        return self.send(get("v1", "models", task))

    def model_at(self, task: str, time: str) -> Answer:
        """The versions that served the task at ``time`` (ISO 8601 with its offset)."""
        return self.send(get("v1", "models", task, "at", time=time))

    def roll_back(self, task: str, digest: str, reason: str, key: str | None = None) -> Answer:
        """Serve a version again that was deployed before."""
        return self.send(post("v1", "models", task, "rollback", body={"digest": digest, "reason": reason}, key=key))

    def examples(self, task: str, after: str | None = None, limit: int = 500) -> Answer:
        """A page of decided cases; ``next`` is the cursor of the next one."""
        return self.send(get("v1", "examples", task=task, after=after, limit=limit))

    def journal(self) -> Answer:
        """Every shard with its sequence number, hash, epoch and phase."""
        return self.send(get("v1", "journal"))

    def journal_state(self, shard: str) -> Answer:
        return self.send(get("v1", "journal", shard, "state"))

    def metrics(self) -> Answer:
        return self.send(get("v1", "metrics"))

    def targets(self) -> Answer:
        """Each target of each task with its figure: met, missed, or not enough evidence."""
        return self.send(get("v1", "targets"))

    def quality(self, task: str) -> Answer:
        """Every figure of the task with its interval and n."""
        return self.send(get("v1", "quality", task))

    def certificate(self, task: str) -> Answer:
        """The certificate that allows automation, or what is missing for one."""
        return self.send(get("v1", "quality", task, "certificate"))
