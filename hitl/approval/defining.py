"""What the approval of a task's changed definition does: it is adopted as it was shown, or fails."""

from collections.abc import Mapping

from hitl.approval.state import Approval, ApprovalState
from hitl.canonical import Json, canonical, fingerprint
from hitl.errors import DigestMismatch, InvalidConfig, InvalidInput
from hitl.machine.machine import Outcome
from hitl.serving import in_force as f
from hitl.serving.decide import next_fields
from hitl.serving.events import DefinitionAdopted
from hitl.serving.views import AdoptedDefinition
from hitl.tasks.definition import spec_of
from hitl.tasks.definition_changes import is_fitting
from hitl.tasks.spec import TaskSpec

MAX_DEFINITION_BYTES = 65_536
"""A definition travels in its approval and in the event that adopts it."""


def check_definition(task: str, evidence: Mapping[str, Json], digest: str) -> None:
    """Raises InvalidInput, DigestMismatch for what cannot be journalled as the definition ``digest`` of ``task``."""
    if "definition" not in evidence:
        raise InvalidInput("/evidence/definition", "the whole definition, or null")
    body = evidence["definition"]
    if len(canonical(body)) > MAX_DEFINITION_BYTES:
        raise InvalidInput("/definition", f"an object of at most {MAX_DEFINITION_BYTES} bytes")
    if isinstance(body, dict) and body.get("task") != task:
        raise InvalidInput("/definition/task", f"the name in the path, {task}")
    if fingerprint(body) != digest:
        raise DigestMismatch(fingerprint(body), digest)


def why_stale(state: ApprovalState, approval: Approval) -> str | None:
    """Return why the change was voted on beside another definition than the one in force; None: it was not."""
    now, replaces = state.serving.definition(approval.task), approval.evidence.get("replaces")
    if replaces == (None if now is None else now.digest):
        return None
    return "another definition came into force after this change was asked for: ask for it again"


def why_last(state: ApprovalState, approval: Approval) -> str | None:
    """Return why the removal that was approved would leave no task in force; None: it would leave one, or removes none."""
    newest = (lines[-1] for task, lines in state.serving.definitions.items() if task != approval.task)
    if approval.evidence.get("definition") is not None or any(each.body is not None for each in newest):
        return None
    return "it is the last task by now: a service without a task does not start"


def adopt_definition(state: ApprovalState, approval: Approval, digest: str) -> Outcome:
    """Return the adoption. Raises DigestMismatch, InvalidInput for a definition that this version cannot read."""
    body = approval.evidence.get("definition")
    if digest != approval.digest or fingerprint(body) != digest:
        raise DigestMismatch(approval.digest, digest)
    task, serving = approval.task, state.serving
    now = serving.definition(task)
    fits = is_fitting(_spec(now.body if now else None), _spec(body))
    in_force = f.with_definition(serving.in_force(task), digest, fits)
    versions = serving.versions(task) if fits else []
    said = next_fields(serving, task, in_force, approval.approval_id, versions)
    event = DefinitionAdopted(**said, digest=digest, body=body if isinstance(body, dict) else None, fits=fits)
    return Outcome([event], AdoptedDefinition(task, event.generation, [*versions], digest=digest))


def _spec(body: Json) -> TaskSpec | None:
    if not isinstance(body, dict):
        return None
    try:
        return spec_of(body)
    except InvalidConfig as error:
        raise InvalidInput(f"/definition/{error.key.replace('.', '/')}", f"a valid definition ({error.why})") from error
