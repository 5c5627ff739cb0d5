"""The answers to questions about interactions and workflows. Reads only."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from hitl.identity import Principal
from hitl.weight import cut_page
from hitl.workflow import questions as q
from hitl.workflow import views
from hitl.workflow.analytics import analytics
from hitl.workflow.archiving import archivable, find_interactions
from hitl.workflow.cases import visible_case
from hitl.workflow.interactions import visible
from hitl.workflow.listing import cases_of, flows_of, interactions_of, require_parents
from hitl.workflow.show import show_case, show_flow, show_interaction
from hitl.workflow.stages import visible_flow
from hitl.workflow.state import Interaction, WorkflowState
from hitl.workflow.visibility import has_worked_on, may_answer

OfInteractions: TypeAlias = q.InteractionOf | q.PendingOf | q.ListInteractions | q.Changes
Question: TypeAlias = OfInteractions | q.WorkflowOf | q.Workflows | q.Analytics | q.ArchivableWorkflowObjects
CHANGES_AT_A_TIME = 500


def answer(state: WorkflowState, question: Question, now: float) -> Any:
    """Return the question's view. Raises NotFound where the person may not know of the thing."""
    match question:
        case q.InteractionOf():
            return show_interaction(state, visible(state, question.interaction_id, question.person))
        case q.PendingOf():
            return _pending(state, question.person, now)
        case q.ListInteractions():
            return views.InteractionList(*cut_page(_listed(state, question), question.limit))
        case q.Changes():
            return _changes(state, question.after)
        case q.WorkflowOf():
            return _workflow(state, question.workflow_id, question.person)
        case q.Workflows():
            return views.WorkflowList(*cut_page(_workflows(state, question), question.limit))
        case q.Analytics():
            return analytics(state)
        case q.ArchivableWorkflowObjects():
            return archivable(state, question)


def _pending(state: WorkflowState, person: Principal, now: float) -> views.PendingInteractions:
    keys = [f"user:{person.id}", *(f"role:{role.value}" for role in person.roles)]
    found = {name: state.interactions[name] for key in keys for name in state.waiting.get(key, ())}
    mine = [each for each in found.values() if _waits_for(state, person, each) and now < each.expires_at]
    shown = (show_interaction(state, each) for each in sorted(mine, key=lambda each: each.created_at))
    page, is_cut = cut_page(shown, len(mine))
    return views.PendingInteractions(page, state.change_count, is_cut)


def _waits_for(state: WorkflowState, person: Principal, asked: Interaction) -> bool:
    return may_answer(person, asked) and not has_worked_on(person, asked, state.flows.get(asked.workflow_id or ""))


def _listed(state: WorkflowState, question: q.ListInteractions) -> Iterator[views.InteractionView]:
    shown = list(islice(interactions_of(state, question), question.limit))
    require_parents(state, shown)
    return (show_interaction(state, each) for each in shown)


def _changes(state: WorkflowState, after: int) -> views.InteractionChanges:
    """From the newest backwards: who asks is nearly always near the end."""
    newer = [change for change in islice(reversed(state.changes), max(0, state.change_count - after)) if change[0] > after]
    is_complete = after <= state.change_count and (not newer or newer[-1][0] == after + 1)
    oldest = newer[::-1][:CHANGES_AT_A_TIME]
    about = find_interactions(state, (change[2] for change in oldest))
    require_parents(state, about)
    told = (
        views.InteractionChange(*change[:2], show_interaction(state, each)) for change, each in zip(oldest, about, strict=True)
    )
    shown, _ = cut_page(told, CHANGES_AT_A_TIME)
    cursor = shown[-1].number if shown else state.change_count
    return views.InteractionChanges("changed" if shown or not is_complete else "waiting", cursor, is_complete, shown)


def _workflow(state: WorkflowState, workflow_id: str, person: Principal) -> views.WorkflowView:
    if workflow_id in state.flows:
        return show_flow(state, visible_flow(state, workflow_id, person))
    return show_case(state, visible_case(state, workflow_id, person))


def _workflows(state: WorkflowState, question: q.Workflows) -> Iterator[views.WorkflowView]:
    for flow in flows_of(state, question):
        yield show_flow(state, flow)
    for case in cases_of(state, question):
        yield show_case(state, case)
