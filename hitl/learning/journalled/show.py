"""The state of the learning shard as its callers see it. Nothing shown is shared with the state."""

from hitl.learning.journalled.state import LearningState, Override, Retraining, ShadowTotal
from hitl.learning.journalled.views import OverrideView, RetrainingView, ShadowView


def show_retraining(one: Retraining) -> RetrainingView:
    return RetrainingView(
        key=one.key,
        task=one.task,
        reason=one.reason,
        manifest=one.manifest,
        triggered_at=one.triggered_at,
        job_id=one.job_id,
        detail=one.detail,
        settled_at=one.settled_at,
        status=one.status,
    )


def show_override(one: Override) -> OverrideView:
    return OverrideView(
        override_id=one.override_id,
        task=one.task,
        label=one.label,
        model_label=one.model_label,
        proposed_at=one.proposed_at,
        expires_at=one.expires_at,
        reason=one.reason,
        confirmed_by=list(one.confirmed_by),
        status=one.status,
    )


def show_shadows(state: LearningState, task: str) -> dict[str, ShadowView]:
    """Return what each model that watched ``task`` would have done, by digest."""
    return {model: _show_shadow(one) for model, one in state.shadows.get(task, {}).items()}


def _show_shadow(one: ShadowTotal) -> ShadowView:
    return ShadowView(
        cases=one.cases,
        agreed=one.agreed,
        failed=one.failed,
        dropped=one.dropped,
        routes=dict(one.routes),
        champions=dict(one.champions),
        since=one.since,
        at=one.at,
        read=dict(one.read),
    )
