"""Which interactions and workflows a list shows, in memory and in the archive."""

from collections.abc import Iterator
from typing import Any

import msgspec

from hitl.errors import NotInMemory
from hitl.machine.listing import EVERYTHING, Listing, Wanted, newest_held
from hitl.workflow import questions as q
from hitl.workflow.analytics import is_stuck
from hitl.workflow.archiving import NAMES, interaction_row
from hitl.workflow.cases import sees_case
from hitl.workflow.listed import ListedCase, ListedFlow, ListedInteraction
from hitl.workflow.stages import sees_flow
from hitl.workflow.state import OPEN_STATUSES, Archivable, Case, Flow, Interaction, WorkflowState
from hitl.workflow.visibility import may_see

OF_INTERACTIONS = msgspec.json.Decoder(ListedInteraction)
OF_FLOWS = msgspec.json.Decoder(ListedFlow)
OF_CASES = msgspec.json.Decoder(ListedCase)


def interactions_of(state: WorkflowState, question: q.ListInteractions) -> Iterator[Interaction]:
    """Yield the interactions that the list shows, newest first."""
    return (each for each in reversed(state.interactions.values()) if _fits_interaction(question, each))


def flows_of(state: WorkflowState, question: q.Workflows) -> Iterator[Flow]:
    """Yield the workflows of stages that the list shows, newest first."""
    flows = (each for each in reversed(state.flows.values()) if question.is_stuck in (None, is_stuck(each)))
    return (each for each in flows if _fits_flow(question, each))


def cases_of(state: WorkflowState, question: q.Workflows) -> Iterator[Case]:
    """Yield the cases that the list shows, newest first; none of them is ever stuck."""
    return (each for each in reversed(state.cases.values()) if not question.is_stuck and _fits_case(question, each))


def listing_of(state: WorkflowState, question: Any) -> Listing[Archivable] | None:
    """Return what the archive is searched for; None for a question that is no list, and where memory alone answers: what left is
    older than the page, or the list is of what is not over."""
    if isinstance(question, q.ListInteractions):
        found = _of_interactions(state, question)
    elif isinstance(question, q.Workflows) and not question.is_stuck:
        found = _of_workflows(state, question)
    else:
        return None
    is_over = question.status not in OPEN_STATUSES
    wanted = {kind: each for kind, each in found.wanted.items() if state.archived.newest.get(kind, EVERYTHING) > each.floor}
    return Listing(wanted, found.held) if wanted and is_over else None


def require_parents(state: WorkflowState, shown: list[Interaction]) -> None:
    """Raises NotInMemory with the archived requests that ``shown`` are parts of, all at once."""
    parents = dict.fromkeys(each.parent for each in shown if each.parent is not None)
    missing = [interaction_row(parent) for parent in parents if parent not in state.interactions]
    if missing:
        raise NotInMemory(missing)


def _of_interactions(state: WorkflowState, question: q.ListInteractions) -> Listing[Archivable]:
    held, floor = newest_held(interactions_of(state, question), question.limit)

    def fits(fields: bytes) -> bool:
        return _fits_interaction(question, OF_INTERACTIONS.decode(fields))

    return Listing({NAMES[Interaction]: Wanted(question.limit, floor, fits)}, [*held])


def _of_workflows(state: WorkflowState, question: q.Workflows) -> Listing[Archivable]:
    flows, flow_floor = newest_held(flows_of(state, question), question.limit)
    cases, case_floor = newest_held(cases_of(state, question), question.limit)

    def fits_flow(fields: bytes) -> bool:
        return _fits_flow(question, OF_FLOWS.decode(fields))

    def fits_case(fields: bytes) -> bool:
        return _fits_case(question, OF_CASES.decode(fields))

    wanted = {NAMES[Flow]: Wanted(question.limit, flow_floor, fits_flow)}
    if len(flows) < question.limit:  # cases stand behind all workflows of stages
        wanted[NAMES[Case]] = Wanted(question.limit, case_floor, fits_case)
    return Listing(wanted, [*flows, *cases])


def _fits_interaction(question: q.ListInteractions, each: Interaction | ListedInteraction) -> bool:
    fits = question.status in (None, each.status) and question.pattern in (None, each.pattern)
    return fits and may_see(question.person, each)


def _fits_flow(question: q.Workflows, each: Flow | ListedFlow) -> bool:
    return question.status in (None, each.status) and sees_flow(each, question.person)


def _fits_case(question: q.Workflows, each: Case | ListedCase) -> bool:
    return question.status in (None, each.state) and sees_case(each, question.person)
