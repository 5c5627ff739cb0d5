"""Whether a policy fits a task: terms of it that only some kinds of answers have."""

from hitl.errors import InvalidConfig
from hitl.routing.policy import Policy, Risk
from hitl.tasks.spec import TaskSpec


def check_fits(spec: TaskSpec, policy: Policy, source: str) -> None:
    """Raises InvalidConfig that names the key of the policy that the task has no use for."""
    _check_parts(spec, policy, source)
    if isinstance(policy.risk, Risk) and policy.risk.anchoring == "ignored" and spec.answer.kind != "verdict":
        raise InvalidConfig(source, "risk.anchoring", "expected measured: contents are judged where answer.kind is verdict")


def _check_parts(spec: TaskSpec, policy: Policy, source: str) -> None:
    """Raises InvalidConfig for a policy by which each part goes by itself, in a task whose answers have no parts, and beside
    terms that speak of whole cases alone."""
    if policy.parts == "whole":
        return
    if spec.parts < 2:
        raise InvalidConfig(source, "parts", "expected whole: each is for answers of several fields")
    if not isinstance(policy.risk, Risk):
        raise InvalidConfig(source, "risk", "expected a level: a part is automatic by a certificate alone")
    if spec.review.random_answers == "one_and_expert_where_it_differs":
        # how often people miss an error is measured of whole answers: who corrects one field may miss another
        raise InvalidConfig(source, "parts", "expected whole with review.random_answers: one_and_expert_where_it_differs")
    for key, is_given in (
        ("costs", policy.costs is not None),
        ("risk.segments", bool(policy.risk.segments)),
        ("risk.money", policy.risk.money is not None),
        ("segments.named", bool(policy.segments.named)),
        ("segments.by_label", policy.segments.by_label),
    ):
        if is_given:
            raise InvalidConfig(source, key, "leave it out where parts is each: every part has one threshold, at one level")
