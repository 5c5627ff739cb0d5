"""What can be asked of the learning shard, each question with the view that answers it."""

from dataclasses import dataclass
from typing import TypeAlias

from hitl.learning.journalled import views
from hitl.machine.asked import Question


@dataclass(frozen=True, slots=True)
class Retrainings(Question[views.RetrainingList]):
    """Ask for the retrainings of one ``task``, or of all for None."""

    task: str | None = None


@dataclass(frozen=True, slots=True)
class OverridesOf(Question[views.OverrideList]):
    """Ask for the overrides of one ``task``, or of all for None; the switches are always those of all tasks."""

    task: str | None = None


@dataclass(frozen=True, slots=True)
class OverrideOf(Question[views.OverrideView]):
    """Ask for one override. NotFound for an unknown one."""

    override_id: str


@dataclass(frozen=True, slots=True)
class ShadowsOf(Question[views.ShadowsOfTask]):
    """Ask what each model that watched ``task`` would have done, as counted so far."""

    task: str


@dataclass(frozen=True, slots=True)
class VaultScoresOf(Question[views.VaultScoresOfModel]):
    """Ask what ``model`` says of the vault's rows, under the policy with this version."""

    task: str
    model: str
    policy_version: str


LearningQuestion: TypeAlias = Retrainings | OverridesOf | OverrideOf | ShadowsOf | VaultScoresOf
