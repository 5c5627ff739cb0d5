"""What can be asked of the learning shard. Identities come from a token, or name the part of the service that asks."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from hitl.canonical import JsonObject
from hitl.learning.journalled.views import (
    ChangedOverride,
    NotedJob,
    NotedScores,
    NotedShadow,
    OverrideView,
    ProposedOverride,
    SwitchedOverrides,
    TriggeredRetraining,
)
from hitl.machine.asked import Command
from hitl.quality.shadow_counts import ShadowCounts
from hitl.quality.vault import VaultScore


@dataclass(frozen=True, slots=True)
class TriggerRetraining(Command[TriggeredRetraining]):
    """Retrain ``task`` once for ``key``. ``reason`` is for people; ``manifest`` freezes what the trigger saw: the labels up to
    which cursor, the model that serves, the clock."""

    ANSWER: ClassVar[object] = TriggeredRetraining

    task: str
    key: str
    reason: str
    manifest: JsonObject


@dataclass(frozen=True, slots=True)
class NoteJob(Command[NotedJob]):
    """The job of a retraining is where ``status`` says: ``submitted``, ``succeeded`` or ``failed``; ``detail`` is its last line
    or its error."""

    ANSWER: ClassVar[object] = NotedJob

    key: str
    job_id: str
    status: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProposeOverride(Command[OverrideView | ProposedOverride]):
    """People decided ``case_id`` as ``label`` where the model said ``model_label``: let the next equal case be answered so.
    ``by`` speaks for it first; an expert's word (``is_expert``) is enough. It ends at ``expires_at`` (UTC seconds).

    The answer to a case that has its override already is that override, and is not journalled."""

    ANSWER: ClassVar[object] = ProposedOverride

    task: str
    case_id: str
    label: str
    model_label: str
    by: str
    is_expert: bool
    expires_at: float


@dataclass(frozen=True, slots=True)
class ConfirmOverride(Command[ChangedOverride]):
    """Another person has looked at the case and says the same ``label``; with another label the override ends."""

    ANSWER: ClassVar[object] = ChangedOverride

    override_id: str
    label: str
    by: str
    is_expert: bool


@dataclass(frozen=True, slots=True)
class RevokeOverride(Command[ChangedOverride]):
    """End an override."""

    ANSWER: ClassVar[object] = ChangedOverride

    override_id: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SwitchOverrides(Command[SwitchedOverrides]):
    """The kill switch: with ``is_on`` false no override of the task answers."""

    ANSWER: ClassVar[object] = SwitchedOverrides

    task: str
    is_on: bool
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class NoteShadow(Command[NotedShadow]):
    """Add ``counts`` to those of ``model``, which watches ``task``: of the cases behind ``after`` up to ``read`` (partition:
    position). ``after`` None: the first note."""

    ANSWER: ClassVar[object] = NotedShadow

    task: str
    model: str
    after: dict[str, int] | None
    read: dict[str, int]
    counts: ShadowCounts


@dataclass(frozen=True, slots=True)
class ScoreVault(Command[NotedScores]):
    """Keep what ``model`` says of rows of the vault, under the policy with this version."""

    ANSWER: ClassVar[object] = NotedScores

    task: str
    model: str
    policy_version: str
    scores: tuple[VaultScore, ...]


OverrideCommand: TypeAlias = ProposeOverride | ConfirmOverride | RevokeOverride | SwitchOverrides
LearningCommand: TypeAlias = TriggerRetraining | NoteJob | NoteShadow | ScoreVault | OverrideCommand
