"""What can be asked of the learning shard. Identities come from a token, or name the part of the service that asks."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class TriggerRetraining:
    """Retrain ``task`` once for ``key``. ``reason`` is for people; ``manifest`` freezes what the trigger saw: the labels up to
    which cursor, the model that serves, the clock."""

    task: str
    key: str
    reason: str
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoteJob:
    """The job of a retraining is where ``status`` says: ``submitted``, ``succeeded`` or ``failed``; ``detail`` is its last line
    or its error."""

    key: str
    job_id: str
    status: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProposeOverride:
    """People decided ``case_id`` as ``label`` where the model said ``model_label``: let the next equal case be answered so.
    ``by`` speaks for it first; an expert's word (``is_expert``) is enough. It ends at ``expires_at`` (UTC seconds)."""

    task: str
    case_id: str
    label: str
    model_label: str
    by: str
    is_expert: bool
    expires_at: float


@dataclass(frozen=True, slots=True)
class ConfirmOverride:
    """Another person has looked at the case and says the same ``label``; with another label the override ends."""

    override_id: str
    label: str
    by: str
    is_expert: bool


@dataclass(frozen=True, slots=True)
class RevokeOverride:
    """End an override."""

    override_id: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SwitchOverrides:
    """The kill switch: with ``is_on`` false no override of the task answers."""

    task: str
    is_on: bool
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class NoteShadow:
    """Add ``counts`` (hitl.quality.shadow.ShadowTally, as JSON) to those of ``model``, which watches ``task``: of the cases
    behind ``after`` up to ``read`` (partition: position). ``after`` None: the first note."""

    task: str
    model: str
    after: dict[str, int] | None
    read: dict[str, int]
    counts: dict[str, Any]


OverrideCommand: TypeAlias = ProposeOverride | ConfirmOverride | RevokeOverride | SwitchOverrides
Command: TypeAlias = TriggerRetraining | NoteJob | NoteShadow | OverrideCommand
