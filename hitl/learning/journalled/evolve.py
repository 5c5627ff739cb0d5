"""How an event changes the learning shard: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import Any

from hitl.learning.journalled.shadows import noted
from hitl.learning.journalled.state import CONFIRMED_BY, JobStatus, LearningState, Override, OverrideStatus, Retraining


def evolve(state: LearningState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    match event["type"]:
        case "RetrainingTriggered":
            told = (event["key"], event["task"], event["reason"], event["manifest"])
            state.retrainings[event["key"]] = Retraining(*told, triggered_at=at)
        case "RetrainingNoted":
            _note(state.retrainings[event["key"]], event, at)
        case "ShadowNoted":
            noted(state.shadows, event, at)
        case "OverrideProposed":
            state.overrides[event["override_id"]] = _proposed(event, at)
        case "OverrideConfirmed":
            _confirm(state.overrides[event["override_id"]], event)
        case "OverrideRevoked":
            override = state.overrides[event["override_id"]]
            override.status, override.reason = OverrideStatus.REVOKED, event["reason"]
        case "OverridesSwitched" if event["is_on"]:
            state.switched_off.pop(event["task"], None)
        case "OverridesSwitched":
            state.switched_off[event["task"]] = event["reason"]


def _note(retraining: Retraining, event: dict[str, Any], at: float) -> None:
    retraining.status = JobStatus(event["status"])
    retraining.job_id, retraining.detail = event["job_id"], event["detail"]
    if retraining.status in (JobStatus.SUCCEEDED, JobStatus.FAILED):
        retraining.settled_at = at


def _proposed(event: dict[str, Any], at: float) -> Override:
    status = OverrideStatus.CONFIRMED if event["is_expert"] else OverrideStatus.PROPOSED
    ids = (event["override_id"], event["task"], event["label"], event["model_label"])
    return Override(*ids, at, event["expires_at"], [event["by"]], status)


def _confirm(override: Override, event: dict[str, Any]) -> None:
    override.confirmed_by.append(event["by"])
    if event["is_expert"] or len(override.confirmed_by) >= CONFIRMED_BY:
        override.status = OverrideStatus.CONFIRMED
