"""The configured policy of each task: its file's policy, with the environment's thresholds over it."""

from collections.abc import Iterator, Mapping

from hitl.canonical import JsonObject
from hitl.errors import InvalidConfig
from hitl.inference.families import family_named
from hitl.routing.policy import Policy, check_earned
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import compiled_from, steering_of
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tasks.fitting import check_fits


def policies(tasks: Mapping[str, TaskSpec], automatic: float | None, expert: float | None) -> Mapping[str, CompiledPolicy]:
    """Return the policies by task, ready to use; a policy that people approved comes before them. ``automatic``
    (AUTO_APPROVE_THRESHOLD) and ``expert`` (EXPERT_ESCALATION_THRESHOLD) replace a task's ``automatic`` and ``high`` where they
    are given. Of a TaskBook they change with it. Raises InvalidConfig when they leave no room between them."""
    live = ConfiguredPolicies(tasks, automatic, expert)
    return live if isinstance(tasks, TaskBook) else dict(live)


class ConfiguredPolicies(Mapping[str, CompiledPolicy]):
    """The configured policy of each task of ``tasks``, as that defines it now."""

    def __init__(self, tasks: Mapping[str, TaskSpec], automatic: float | None, expert: float | None) -> None:
        self._tasks, self._automatic, self._expert = tasks, automatic, expert
        self._compiled: dict[str, tuple[TaskSpec, CompiledPolicy]] = {}
        for task in tasks:
            self[task]

    def __getitem__(self, task: str) -> CompiledPolicy:
        spec, known = self._tasks[task], self._compiled.get(task)
        if known is None or known[0] is not spec:
            known = (spec, CompiledPolicy(_policy(spec, self._automatic, self._expert), source=task))
            self._compiled[task] = known
        return known[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)


def policy_in_force(configured: CompiledPolicy, labels: list[str], serving: ServingView) -> CompiledPolicy:
    """Return the policy that routes a task, given what serves it. Raises InvalidConfig for one that this version
    cannot read."""
    return steering_of(serving, configured, labels).policy


def fitting_policy(body: JsonObject, spec: TaskSpec) -> CompiledPolicy:
    """Return the policy ``body``; raises InvalidConfig, which names the key, where the task as ``spec`` defines it cannot be
    routed by it."""
    found = compiled_from(body, spec.labels)
    check_fits(spec, found.policy, "policy")
    if family_named(spec.model.family).is_carded:
        check_earned(found.policy, "policy")
    return found


def _policy(spec: TaskSpec, automatic: float | None, expert: float | None) -> Policy:
    """``normal`` moves as little as keeps the bands in order: nobody set it."""
    policy = spec.configured_policy()
    high = policy.high if expert is None else expert
    top = policy.automatic if automatic is None else automatic
    if not 0 <= high <= top <= 1:
        raise InvalidConfig(spec.task, "policy.automatic", f"expected 0 <= high <= automatic <= 1, came {high} and {top}")
    bands = {"automatic": top, "normal": min(max(policy.normal, high), top), "high": high}
    return Policy(**{name: getattr(policy, name) for name in Policy.model_fields} | bands)
