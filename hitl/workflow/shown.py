"""The whole details and form of an interaction, as people see them: the journal keeps once what several of them repeat.

``details`` and ``ui_schema`` of an event leave out what stands in the interaction's ``data``, or in its parent's. Entries of
earlier versions repeat it: what is stored comes first.
"""

from hitl.canonical import JsonObject
from hitl.workflow import forms
from hitl.workflow.archiving import find_interactions
from hitl.workflow.free_json import object_in, rows_in, whole_in
from hitl.workflow.state import Interaction, InteractionPattern, WorkflowState


def shown_details(state: WorkflowState, interaction: Interaction) -> JsonObject:
    """Return the fields of the step's answer beside the common ones."""
    stored, data = interaction.details, interaction.data
    match interaction.pattern:
        case InteractionPattern.REVIEW:
            content: JsonObject = {"content": data.get("generated_content", ""), "metadata": data.get("metadata", {})}
            return {**stored, "review_data": {**content, **object_in(stored, "review_data")}}
        case InteractionPattern.FALLBACK:
            return {"original_data": data, **stored}
        case InteractionPattern.REFINEMENT:
            return {**_round_of(stored, data), **stored}
        case InteractionPattern.APPROVAL:
            return {**_asked_of_all(state, interaction), **stored}
        case _:
            return stored


def shown_form(interaction: Interaction, details: JsonObject) -> JsonObject:
    """Return the form, filled in with what ``details`` (shown_details) say."""
    if interaction.pattern != InteractionPattern.REFINEMENT:
        return interaction.ui_schema
    return forms.refinement(whole_in(details, "iteration", 1), details["current_result"])


def _round_of(stored: JsonObject, data: JsonObject) -> JsonObject:
    """Return the result that is to be refined, and the rounds before: of the last person, or of the pipeline."""
    history = stored.get("refinement_history", data.get("refinement_history", []))
    if stored_rounds := rows_in(stored, "refinement_history"):
        last = stored_rounds[-1]
        return {"current_result": last["refined_result"] if isinstance(last, dict) else last, "refinement_history": history}
    return {"current_result": data.get("current_result", data), "refinement_history": history}


def _asked_of_all(state: WorkflowState, interaction: Interaction) -> JsonObject:
    """Return what all approvers of a request are asked about; nothing for an approval of a stage. Raises NotInMemory."""
    if interaction.parent is None:
        return {}
    return {"approval_data": find_interactions(state, [interaction.parent])[0].data}
