"""Compute figures from the counters: each with its value, its n and its definition in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from hitl.metrics.cases import Smoothed

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """``scale * over / under``; n is what is divided by."""

    over: str
    under: str
    unit: str
    definition: str
    scale: float = 1.0


RATIOS: dict[str, Ratio] = {
    "automationRate": Ratio("automatic", "cases", "share", "routed cases that the model decided ÷ all routed cases"),
    "humanInterventionRate": Ratio("to_people", "cases", "share", "cases routed to people ÷ all routed cases"),
    "expertEscalationRate": Ratio("to_expert", "cases", "share", "cases routed to experts ÷ all routed cases"),
    "averageProcessingTime": Ratio("processing_s", "cases", "s", "from the parsed request to its route"),
    "averageResponseTime": Ratio("response_s", "timed_decisions", "s", "from the opening of a review to the answer that ends it"),
    "timeToResolution": Ratio("resolution_s", "timed_decisions", "s", "from the opening of a review to its final decision"),
    "resolvedWithinTwoHours": Ratio("in_two_hours", "timed_decisions", "share", "reviews whose resolution took less than 2 h"),
    "slaCompliance": Ratio("in_time", "timed_decisions", "share", "reviews answered by their deadline ÷ reviews answered"),
    "queueTime": Ratio("wait_s", "timed_answers", "s", "from the opening of a review to the lease that led to an answer"),
    "averageReviewTime": Ratio("work_s", "timed_answers", "s", "from a lease to its answer"),
    "reviewEfficiency": Ratio("timed_answers", "work_s", "cases/h", "answers ÷ hours between leases and their answers", HOUR_S),
    "agreementRate": Ratio(
        "agreed", "compared", "share", "final decisions equal to the model's ÷ those with one: no quality figure"
    ),
    "approvalRate": Ratio("approval_approved", "approval_closed", "share", "approvals approved ÷ approvals closed"),
    "rejectionRate": Ratio("approval_rejected", "approval_closed", "share", "approvals rejected ÷ approvals closed"),
    "timeoutRate": Ratio("approval_expired", "approval_closed", "share", "approvals that met their deadline ÷ approvals closed"),
    "approvalResponseTime": Ratio("approval_s", "approval_closed", "s", "from the request of an approval to its end"),
    "interactionTimeoutRate": Ratio("interaction_expired", "interaction_closed", "share", "deadlines met ÷ interactions closed"),
    "interactionResponseTime": Ratio("interaction_s", "interaction_closed", "s", "from the opening of an interaction to its end"),
    "modelDeploymentRate": Ratio("deployed", "deployment_closed", "share", "deployments ÷ closed approvals of deployments"),
    "averageCompletionTime": Ratio("workflow_s", "workflow_closed", "s", "from the start of a workflow to its end"),
}


@dataclass(frozen=True, slots=True)
class MetricFigure:
    """``value`` in ``unit`` (``share`` is in [0, 1], ``s`` seconds), from ``n`` observations; None where ``n`` is 0.
    ``definition`` says in words what is counted."""

    value: float | None
    n: int
    unit: str
    definition: str


COUNTERS = {
    "total_decisions": "cases",
    "automated_decisions": "automatic",
    "human_reviews": "to_review",
    "expert_escalations": "to_expert",
}
"""The documents' names of counters."""


def figures(counts: Mapping[str, float], smoothed: list[Smoothed]) -> dict[str, MetricFigure]:
    """Return every figure of ``counts`` (of one task and period). ``value`` is None where n is 0; ``smoothed`` are the averages
    of the partitions, which are weighted by what each has seen."""
    full = {**counts, "to_people": counts.get("cases", 0.0) - counts.get("automatic", 0.0)}
    made = {name: _ratio(ratio, full) for name, ratio in RATIOS.items()}
    people = sum(1 for name in counts if name.startswith("by:"))
    made["activeReviewers"] = MetricFigure(float(people), people, "people", "people who answered at least once")
    n = sum(each.n for each in smoothed)
    mean = sum(each.value * each.n for each in smoothed) / n if n else None
    text = "moving average of the processing time since the first case, begun at it, 0.1 for the newest"
    made["movingAverageProcessingTime"] = MetricFigure(mean, n, "s", text)
    return made


def counters(counts: Mapping[str, float]) -> dict[str, int]:
    """The plain counters, people's names left out; the documents' four by their names."""
    plain = {name: int(value) for name, value in counts.items() if not name.startswith("by:") and not name.endswith("_s")}
    return plain | {name: int(counts.get(counter, 0)) for name, counter in COUNTERS.items()}


def _ratio(ratio: Ratio, counts: Mapping[str, float]) -> MetricFigure:
    under = counts.get(ratio.under, 0.0)
    value = ratio.scale * counts.get(ratio.over, 0.0) / under if under else None
    n = counts.get(ratio.over if ratio.under.endswith("_s") else ratio.under, 0.0)
    return MetricFigure(value, int(n), ratio.unit, ratio.definition)
