"""What can be asked of the learning shard."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from hitl.errors import NotFound
from hitl.learning.journalled.shadows import shown
from hitl.learning.journalled.state import LearningState


@dataclass(frozen=True, slots=True)
class Retrainings:
    """``{"retrainings": [...]}``, oldest first; of one ``task``, or of all for None."""

    task: str | None = None


@dataclass(frozen=True, slots=True)
class OverridesOf:
    """``{"overrides": [...], "switched_off": {task: reason}, "switched_on": {task: UTC seconds}}``; of one ``task``, or of all
    for None. ``switched_on`` names the tasks whose overrides were ever allowed again."""

    task: str | None = None


@dataclass(frozen=True, slots=True)
class OverrideOf:
    """``{"override": {...}}``. NotFound for an unknown one."""

    override_id: str


@dataclass(frozen=True, slots=True)
class ShadowsOf:
    """``{"models": {digest: {...}}}``: what each model that watched ``task`` would have done, as counted so far."""

    task: str


Question: TypeAlias = Retrainings | OverridesOf | OverrideOf | ShadowsOf


def answer(state: LearningState, question: Question) -> dict[str, Any]:
    match question:
        case Retrainings(task):
            return {"retrainings": [one.shown() for one in state.retrainings.values() if task in (None, one.task)]}
        case OverridesOf(task):
            found = [one.shown() for one in state.overrides.values() if task in (None, one.task)]
            switches = {"switched_off": dict(state.switched_off), "switched_on": dict(state.switched_on)}
            return {"overrides": found, **switches}
        case ShadowsOf(task):
            return {"models": shown(state.shadows).get(task, {})}
        case OverrideOf(override_id):
            if override_id not in state.overrides:
                raise NotFound("override", override_id)
            return {"override": state.overrides[override_id].shown()}
