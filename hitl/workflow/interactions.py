"""What a command does to an interaction: events, or a refusal. Changes nothing."""

from hitl.canonical import Json, JsonObject, fingerprint
from hitl.errors import AlreadyVoted, Forbidden, InteractionExists, InvalidInput, NotFound
from hitl.identity import Principal
from hitl.machine.asked import plain_of
from hitl.machine.machine import Outcome
from hitl.text_limits import check_text
from hitl.workflow import forms
from hitl.workflow.archiving import require_new
from hitl.workflow.closing import cancelled, completed, expired, require_open
from hitl.workflow.commands import (
    AnswerInteraction,
    CancelInteraction,
    EscalateInteraction,
    ExpireInteraction,
    OfInteractions,
    OpenInteraction,
)
from hitl.workflow.events import WorkflowEvent
from hitl.workflow.evolve_parts import part_id
from hitl.workflow.free_json import decision_in, rows_in, texts_in, whole_in
from hitl.workflow.interaction_events import AnswerGiven, InteractionClosed, InteractionEscalated, InteractionRefined
from hitl.workflow.json_text import value_of
from hitl.workflow.opening import PipelinePosition, approvers_asked, opened
from hitl.workflow.parts import SeenInteraction
from hitl.workflow.patterns import MAX_ITERATIONS, InteractionPlan, plan
from hitl.workflow.shown import shown_details, shown_form
from hitl.workflow.state import Interaction, InteractionPattern, InteractionStatus, WorkflowState
from hitl.workflow.tally import find_winner, tally
from hitl.workflow.ui_schema import check_answer
from hitl.workflow.views import AnsweredInteraction, OpenedInteraction, VoteTally
from hitl.workflow.visibility import APPROVING, has_worked_on, may_answer, may_see, may_steer
from hitl.workflow.voters import WorkflowVoters

MOST_ESCALATIONS = 20
"""Of one interaction: each is journalled, and told to people."""


def decide_interaction(state: WorkflowState, command: OfInteractions, voters: WorkflowVoters, now: float) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case OpenInteraction():
            return _open(state, command, voters, now)
        case AnswerInteraction():
            return answer(state, command, now)
        case CancelInteraction():
            return _cancel(state, command, now)
        case EscalateInteraction():
            return _escalate(state, command, now)
        case ExpireInteraction():
            return _expire(state, command, now)


def answer(state: WorkflowState, command: AnswerInteraction, now: float) -> Outcome:
    """Return one person's answer, checked against the form that they were shown."""
    interaction = _asked_of(state, command.interaction_id, command.person)
    require_open(interaction, now)
    given = check_answer(interaction.ui_schema, command.user_input)
    who = command.person.id
    name = interaction.interaction_id
    said = AnswerGiven(interaction_id=name, user_id=who, input=given, seen=_seen(state, interaction))
    events = [said, *_effects(state, interaction, given, who, now)]
    return Outcome(events, _told(interaction, events))


def _seen(state: WorkflowState, interaction: Interaction) -> SeenInteraction:
    """Return what the person had before them, and since when it stood there."""
    details = shown_details(state, interaction)
    shown = {"ui_schema": shown_form(interaction, details), "details": details, "data": interaction.data}
    return SeenInteraction(fingerprint(shown), interaction.created_at)


def visible(state: WorkflowState, interaction_id: str, person: Principal) -> Interaction:
    """Return the interaction, for who may see it. Raises NotFound."""
    found = state.interactions.get(interaction_id)
    if found is None or not _sees(state, person, found):
        raise NotFound("interaction", interaction_id)
    return found


def tally_of(interaction: Interaction, votes: dict[str, str] | None = None) -> VoteTally | None:
    """The live count of an interaction that people vote on; None for the others."""
    if interaction.rule is None:
        return None
    options = texts_in(interaction.details, "voting_options") or ["approve", "reject"]
    return tally(interaction.rule, options, interaction.votes if votes is None else votes, interaction.electors)


def _open(state: WorkflowState, command: OpenInteraction, voters: WorkflowVoters, now: float) -> Outcome:
    made = plan(command.pattern, command.config, command.data)
    if (known := state.interactions.get(command.interaction_id)) is not None:
        return _again(known, command, made)
    require_new(state, command.interaction_id)
    place = PipelinePosition(command.pipeline_name, command.step_name, command.opened_by, command.task)
    events: list[WorkflowEvent] = [opened(command.interaction_id, command.pattern, place, made, command.data, now)]
    if command.pattern == InteractionPattern.MULTI_APPROVAL:
        voters.check_pattern()
        _check_approvers(texts_in(made.details, "approvers"), command.opened_by)
        events.append(approvers_asked(command.interaction_id, made))
    return Outcome(events, OpenedInteraction(command.interaction_id, made.step_status, now + made.timeout_s))


def _again(known: Interaction, command: OpenInteraction, made: InteractionPlan) -> Outcome:
    """The same request of the same caller under one id is the same interaction; nobody else learns whether theirs is equal."""
    asked = (command.opened_by, command.pattern, command.pipeline_name, command.step_name, command.task, command.data)
    has = (known.created_by, known.pattern, known.pipeline_name, known.step_name, known.task, known.data)
    is_planned = all(known.details.get(name) == value for name, value in made.details.items())
    if asked != has or not is_planned or (known.ui_schema, known.timeout_seconds) != (made.ui_schema, made.timeout_s):
        raise InteractionExists(known.interaction_id)
    return Outcome([], OpenedInteraction(known.interaction_id, made.step_status, known.expires_at))


def _check_approvers(names: list[str], opened_by: str) -> None:
    if opened_by in names:
        raise InvalidInput("/config/approvers", "others than who asks: nobody approves their own request")


def _asked_of(state: WorkflowState, interaction_id: str, person: Principal) -> Interaction:
    """Return the interaction that ``person`` answers; for a request of many approvals their own part of it. Raises NotFound,
    Forbidden for who may only see it."""
    mine = state.interactions.get(part_id(interaction_id, person.id))
    found = mine or visible(state, interaction_id, person)
    if found.pattern in APPROVING and person.id == found.created_by:
        raise Forbidden(person.id, "approve what they asked for")
    if not may_answer(person, found):
        raise Forbidden(person.id, "answer this interaction: it is not assigned to them, or they lack the role")
    if has_worked_on(person, found, state.flows.get(found.workflow_id or "")):
        raise Forbidden(person.id, "approve a workflow that they worked on")
    return found


def _effects(state: WorkflowState, interaction: Interaction, given: JsonObject, who: str, now: float) -> list[WorkflowEvent]:
    if interaction.pattern == InteractionPattern.COLLABORATIVE:
        return _after_vote(state, interaction, decision_in(given), who, now)
    if interaction.pattern == InteractionPattern.REFINEMENT:
        return _refine(state, interaction, given, who, now)
    events = completed(state, interaction, given, who, now)
    if interaction.parent is not None:
        parent = state.interactions[interaction.parent]
        vote = AnswerGiven(interaction_id=parent.interaction_id, user_id=who, input=given)
        return [*events, vote, *_after_vote(state, parent, decision_in(given), who, now)]
    return events


def _after_vote(state: WorkflowState, interaction: Interaction, choice: str, who: str, now: float) -> list[WorkflowEvent]:
    """Return the close of the interaction, if this vote decides it."""
    if interaction.votes.get(who) == choice:
        raise AlreadyVoted(interaction.interaction_id, who)
    votes = {**interaction.votes, who: choice}
    winner = find_winner(interaction.rule or "", votes, interaction.electors)
    if winner is None:
        return []
    outcome: JsonObject = {"decision": winner, "votes": {**votes}, "tally": plain_of(tally_of(interaction, votes))}
    return completed(state, interaction, outcome, who, now)


def _refine(state: WorkflowState, interaction: Interaction, given: JsonObject, who: str, now: float) -> list[WorkflowEvent]:
    """One more round, or the end: when the person is content, or after the last one."""
    details = shown_details(state, interaction)
    iteration, limit = whole_in(details, "iteration", 1), whole_in(details, "max_iterations", MAX_ITERATIONS)
    result, wants_more = value_of(str(given["refined_result"])), given.get("continue_refining", False)
    entry: JsonObject = {"iteration": iteration, "refined_by": who, "at": now, "refined_result": result}
    history: list[Json] = [
        *rows_in(details, "refinement_history"),
        {**entry, "refinement_notes": given.get("refinement_notes", "")},
    ]
    if wants_more and iteration < limit:
        round_: JsonObject = {"iteration": iteration + 1, "refinement_history": history}
        if "current_result" in interaction.details:  # opened by an earlier version, which kept it there
            round_["current_result"] = result
        form = forms.refinement_round(iteration + 1)
        return [InteractionRefined(interaction_id=interaction.interaction_id, details=round_, ui_schema=form)]
    status = "max_iterations_reached" if wants_more else "refined"
    outcome: JsonObject = {**given, "status": status, "final_result": result, "iterations_completed": iteration}
    return completed(state, interaction, {**outcome, "refinement_history": history}, who, now)


def _cancel(state: WorkflowState, command: CancelInteraction, now: float) -> Outcome:
    interaction = visible(state, command.interaction_id, command.person)
    if interaction.parent is not None or not may_steer(command.person, interaction.created_by):
        raise Forbidden(command.person.id, "cancel this interaction")
    check_text("/reason", command.reason)
    require_open(interaction, now)
    events = cancelled(state, interaction, command.person.id, command.reason, now)
    return Outcome(events, _told(interaction, events))


def _escalate(state: WorkflowState, command: EscalateInteraction, now: float) -> Outcome:
    interaction = visible(state, command.interaction_id, command.person)
    if interaction.parent is not None or not may_steer(command.person, interaction.created_by):
        raise Forbidden(command.person.id, "escalate this interaction")
    check_text("/escalation_msg", command.message)
    require_open(interaction, now)
    if len(rows_in(interaction.details, "escalations")) >= MOST_ESCALATIONS:
        raise InvalidInput("/escalation_msg", f"nothing: it was escalated {MOST_ESCALATIONS} times; withdraw it and ask anew")
    event = InteractionEscalated(interaction_id=interaction.interaction_id, by=command.person.id, message=command.message)
    return Outcome([event], _told(interaction, [event]))


def _expire(state: WorkflowState, command: ExpireInteraction, now: float) -> Outcome:
    interaction = state.interactions.get(command.interaction_id)
    if interaction is None or interaction.status is not InteractionStatus.PENDING or now < interaction.expires_at:
        return Outcome([])
    events = expired(state, interaction, now)
    return Outcome(events, _told(interaction, events))


def _told(interaction: Interaction, events: list[WorkflowEvent]) -> AnsweredInteraction:
    """Return what the caller learns: whether the interaction, or the one it is a part of, is over now."""
    mine, whole = interaction.interaction_id, interaction.parent or interaction.interaction_id
    closings = {event.interaction_id: event for event in events if isinstance(event, InteractionClosed)}
    end, decided = closings.get(mine), closings.get(whole)
    decision = (decided.human_input or {}).get("decision") if decided else None
    return AnsweredInteraction(mine, end.status if end else InteractionStatus.PENDING.value, decided is not None, decision)


def _sees(state: WorkflowState, person: Principal, interaction: Interaction) -> bool:
    if may_see(person, interaction):
        return True
    return interaction.pattern == InteractionPattern.MULTI_APPROVAL and person.id in interaction.electors
