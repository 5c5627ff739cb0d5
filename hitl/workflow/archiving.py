"""Interactions, cases and workflows that are over leave the memory of their shard for the archive, each by itself.

What is kept of one is every field of the compared state, so that whoever asks for it gets the answer that they always got. The
part of a request for many approvals leaves after its request. Analytics go on over all: what left is counted when it leaves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from hitl.canonical import JsonObject, digest_of
from hitl.canonical_fast import canonical_fast, read_canonical
from hitl.errors import NotInMemory
from hitl.machine.machine import Outcome
from hitl.workflow import questions as q
from hitl.workflow.analytics import saw_people, was_routed
from hitl.workflow.commands import ArchiveWorkflowObjects, RecallWorkflowObjects
from hitl.workflow.evolve_parts import part_id
from hitl.workflow.state import (
    Archivable,
    ArchivedCounts,
    Case,
    Flow,
    FlowStatus,
    Interaction,
    InteractionPattern,
    InteractionStatus,
    WorkflowState,
)
from hitl.workflow.storage_events import WorkflowObjectArchived, WorkflowObjectRecalled
from hitl.workflow.views import ArchivableObject, ArchivableObjects, ArchivedObjects, RecalledObjects

KINDS: dict[str, type[Archivable]] = {"interaction": Interaction, "case": Case, "stages": Flow}
NAMES: dict[type, str] = {kind: name for name, kind in KINDS.items()}

MOST_TEXT = 8 * 2**20
"""Characters that leave at a time: an object may hold the results of many stages."""

FlowOrCase: TypeAlias = Flow | Case


def interaction_row(interaction_id: str) -> str:
    """Return the name of an interaction in the archive."""
    return f"interaction/{interaction_id}"


def workflow_row(workflow_id: str) -> str:
    """Return the name of a case, or of a workflow of stages, in the archive."""
    return f"workflow/{workflow_id}"


def row_of(found: Archivable) -> str:
    return interaction_row(found.interaction_id) if isinstance(found, Interaction) else workflow_row(found.workflow_id)


def note_interaction(state: WorkflowState, interaction: Interaction, at: float) -> None:
    """Note, in place, that ``interaction`` is over since ``at``, with the parts that were over before it."""
    parent = state.interactions.get(interaction.parent or "")
    if parent is not None and parent.status is InteractionStatus.PENDING:
        return
    _note(state, interaction, at)
    if interaction.pattern == InteractionPattern.MULTI_APPROVAL:
        for name in interaction.electors:
            part = state.interactions.get(part_id(interaction.interaction_id, name))
            if part is not None and part.status is not InteractionStatus.PENDING:
                _note(state, part, at)


def note_workflow(state: WorkflowState, workflow: FlowOrCase, at: float) -> None:
    """Note, in place, that ``workflow`` is over since ``at``, or that it is not."""
    if _is_over(workflow):
        _note(state, workflow, at)
    else:
        state.closed.pop(row_of(workflow), None)


def archivable(state: WorkflowState, question: q.ArchivableWorkflowObjects) -> ArchivableObjects:
    """Return what may leave, as it is to be kept."""
    surplus, found, taken = len(state.closed) - question.kept, list[ArchivableObject](), 0
    for number, (row_id, at) in enumerate(state.closed.items()):
        is_enough = len(found) == question.limit or taken > MOST_TEXT
        if is_enough or (number >= surplus and at >= question.before):
            break
        found.append(ArchivableObject(row_id, packed(_in_memory(state, row_id)).decode()))
        taken += len(found[-1].text)
    return ArchivableObjects(found)


def archive(state: WorkflowState, command: ArchiveWorkflowObjects) -> Outcome:
    """Archive each object that is still what its digest says."""
    happened = [
        WorkflowObjectArchived(object_id=row_id, kept=kept)
        for row_id, kept in command.objects
        if row_id in state.closed and digest_of(packed(_in_memory(state, row_id))) == kept
    ]
    return Outcome(happened, ArchivedObjects(len(happened)))


def recall(state: WorkflowState, command: RecallWorkflowObjects) -> Outcome:
    """Harmless for what is in memory."""
    happened = [
        WorkflowObjectRecalled(object_id=row_id, object=row)
        for row in command.objects
        if not _has(state, row_id := row_of(object_of(row)))
    ]
    return Outcome(happened, RecalledObjects(len(happened)))


def forget(state: WorkflowState, event: WorkflowObjectArchived) -> None:
    """The object leaves, in place, and is counted."""
    found = _in_memory(state, event.object_id)
    count_in(state.archived, found, 1)
    newest = state.archived.newest
    newest[NAMES[type(found)]] = max(newest.get(NAMES[type(found)], found.created_at), found.created_at)
    kind, _, name = event.object_id.partition("/")
    for objects in (state.interactions,) if kind == "interaction" else (state.cases, state.flows):
        objects.pop(name, None)
    del state.closed[event.object_id]
    state.left_lately.append(event.object_id)


def bring_back(state: WorkflowState, event: WorkflowObjectRecalled, at: float) -> None:
    """The object is as it was, in place and at its place; it is over anew from ``at``."""
    found = object_of(event.object)
    count_in(state.archived, found, -1)
    match found:
        case Interaction():
            state.interactions = _in_order({**state.interactions, found.interaction_id: found})
            note_interaction(state, found, at)
        case Case():
            state.cases = _in_order({**state.cases, found.workflow_id: found})
            note_workflow(state, found, at)
        case Flow():
            state.flows = _in_order({**state.flows, found.workflow_id: found})
            note_workflow(state, found, at)


def require_new(state: WorkflowState, interaction_id: str) -> None:
    """Raises NotInMemory for an interaction that left a moment ago: who looked for it in the archive may have been too early."""
    if interaction_row(interaction_id) in state.left_lately:
        raise NotInMemory([interaction_row(interaction_id)])


def find_interactions(state: WorkflowState, ids: Iterable[str]) -> list[Interaction]:
    """Find interactions that were all opened, in order. Raises NotInMemory with those that are archived."""
    wanted = list(ids)
    missing = [interaction_row(each) for each in dict.fromkeys(wanted) if each not in state.interactions]
    if missing:
        raise NotInMemory(missing)
    return [state.interactions[each] for each in wanted]


def packed(found: Archivable) -> bytes:
    """Return what is kept of an object: canonical JSON, an array of it alone, with every field of the compared state."""
    return canonical_fast([row_shown(found)])


def row_shown(found: Archivable) -> JsonObject:
    """Return the object as it is kept, with its ``kind``."""
    shown: JsonObject = msgspec.to_builtins(found)
    return {"kind": NAMES[type(found)], **shown}


def unpacked(data: bytes) -> list[Archivable]:
    """Return the objects that ``packed`` wrote."""
    return [object_of(row) for row in read_canonical(data)]


def object_of(row: Mapping[str, Any]) -> Archivable:
    """Return the object that ``row_shown`` told; shares no list or object with ``row``."""
    fields = {name: value for name, value in row.items() if name != "kind"}
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(fields)), KINDS[row["kind"]])


def beside(state: WorkflowState, found: Iterable[Archivable]) -> WorkflowState:
    """``state`` as it would be with ``found`` in it, for reading: each at its place, what is in memory comes first."""
    others = [each for each in found if not _has(state, row_of(each))]
    return replace(
        state,
        interactions=_with(state.interactions, ((each.interaction_id, each) for each in others if isinstance(each, Interaction))),
        cases=_with(state.cases, ((each.workflow_id, each) for each in others if isinstance(each, Case))),
        flows=_with(state.flows, ((each.workflow_id, each) for each in others if isinstance(each, Flow))),
    )


def count_in(counts: ArchivedCounts, found: Archivable, number: int) -> None:
    """Add ``number``, 1 or -1, to what ``found`` counts in, in place."""
    match found:
        case Interaction():
            _add(counts.interactions, found.status.value, number)
        case Case():
            _add(counts.types, found.type, number)
            _add(counts.states, found.state.value, number)
            counts.routed += number * was_routed(found)
            counts.automatic += number * (was_routed(found) and not saw_people(found))
        case Flow():
            _add(counts.types, "stages", number)
            _add(counts.states, found.status.value, number)


def _add(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number
    if not counts[name]:
        del counts[name]


def _note(state: WorkflowState, found: Archivable, at: float) -> None:
    state.closed.pop(row_of(found), None)
    state.closed[row_of(found)] = at


def _is_over(workflow: FlowOrCase) -> bool:
    """A workflow that failed may be taken up again as long as it asks people whether to."""
    if isinstance(workflow, Case):
        return workflow.is_over
    is_ended = workflow.status in (FlowStatus.COMPLETED, FlowStatus.CANCELLED, FlowStatus.FAILED)
    return is_ended and workflow.interaction_id is None


def _in_memory(state: WorkflowState, row_id: str) -> Archivable:
    kind, _, name = row_id.partition("/")
    if kind == "interaction":
        return state.interactions[name]
    return state.flows[name] if name in state.flows else state.cases[name]


def _has(state: WorkflowState, row_id: str) -> bool:
    kind, _, name = row_id.partition("/")
    return name in state.interactions if kind == "interaction" else name in state.flows or name in state.cases


def _with(known: dict[str, Any], others: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    more = dict(others)
    return _in_order({**known, **more}) if more else known


def _in_order(objects: dict[str, Any]) -> dict[str, Any]:
    """Oldest first, as they were opened; what was opened in one moment by name, a request before its parts."""
    return dict(sorted(objects.items(), key=lambda pair: (float(pair[1].created_at), pair[0])))
