"""The answers to questions about retrainings, overrides and shadows. Reads only."""

from typing import assert_never

from hitl.errors import NotFound
from hitl.learning.journalled import questions as q
from hitl.learning.journalled import views as v
from hitl.learning.journalled.show import show_override, show_retraining, show_shadows
from hitl.learning.journalled.state import LearningState

LearningAnswer = v.RetrainingList | v.OverrideList | v.OverrideView | v.ShadowsOfTask | v.VaultScoresOfModel


def answer(state: LearningState, question: q.LearningQuestion) -> LearningAnswer:
    """Answer with the view of the question's type. Raises NotFound where the question's docstring says so."""
    match question:
        case q.Retrainings(task):
            return v.RetrainingList([show_retraining(one) for one in state.retrainings.values() if task in (None, one.task)])
        case q.OverridesOf(task):
            found = [show_override(one) for one in state.overrides.values() if task in (None, one.task)]
            return v.OverrideList(found, dict(state.switched_off), dict(state.switched_on))
        case q.ShadowsOf(task):
            return v.ShadowsOfTask(show_shadows(state, task))
        case q.VaultScoresOf(task, model, policy_version):
            return v.VaultScoresOfModel(dict(state.vault.get(task, {}).get((model, policy_version), {})))
        case q.OverrideOf(override_id):
            if override_id not in state.overrides:
                raise NotFound("override", override_id)
            return show_override(state.overrides[override_id])
        case _:
            assert_never(question)
