"""Show a review to the person who holds it, with what they need to see of its case and task."""

import json
from dataclasses import fields

from hitl.errors import StoreUnavailable
from hitl.review.views import ReviewView
from hitl.sealing.payload import ERASED
from hitl.tasks import TaskSpec
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.api.services.erasing import withdraw_open
from serve_app.api.services.finding import stored_case
from serve_app.api.views.queues import AskedField, ReviewAtHand, TaskForm
from serve_app.setup.case_words import words_of_case


def fields_of(spec: TaskSpec) -> list[AskedField] | None:
    """Return the fields that a person answers with, None where they answer with a label."""
    if spec.fields is None:
        return None
    return [AskedField(each.name, each.type, each.title or each.name, each.values) for each in spec.fields.fields]


async def at_hand(ports: ApiPorts, caller: Caller, spec: TaskSpec, review: ReviewView) -> ReviewAtHand | None:
    """None where the input of the case was erased: the review, as that of a known answer which is asked again, is withdrawn.
    Raises StoreUnavailable where the case is not in the intake."""
    case = await stored_case(ports, review.case_id)
    if case is None:
        raise StoreUnavailable(f"case {review.case_id} is not in the intake")
    payload = json.loads(case.payload)
    if payload == ERASED:
        await withdraw_open(ports, caller, review.case_id)
        return None
    if review.prediction is None:
        payload.pop("value", None)  # what was declared is the model's suggestion
    words = (spec.title, spec.description, spec.labels, spec.input.model_dump(), spec.predictions_by)
    form = TaskForm(*words, spec.none_answer, fields_of(spec))
    shown = words_of_case(ports.vault, case).shown(review)
    known = {each.name: getattr(shown, each.name) for each in fields(shown)}
    return ReviewAtHand(**known, payload=payload, form=form)
