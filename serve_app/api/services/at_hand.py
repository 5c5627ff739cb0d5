"""Show a review to the person who holds it, with what they need to see of its case and task."""

import json
from dataclasses import fields

from hitl.errors import StoreUnavailable
from hitl.review.views import ReviewView
from hitl.tasks import TaskSpec
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.finding import stored_case
from serve_app.api.views.queues import ReviewAtHand, TaskForm


async def at_hand(ports: ApiPorts, spec: TaskSpec, review: ReviewView) -> ReviewAtHand:
    """Raises StoreUnavailable where the case is not in the intake."""
    case = await stored_case(ports, review.case_id)
    if case is None:
        raise StoreUnavailable(f"case {review.case_id} is not in the intake")
    form = TaskForm(spec.title, spec.description, spec.labels, spec.input.model_dump())
    known = {each.name: getattr(review, each.name) for each in fields(review)}
    return ReviewAtHand(**known, payload=json.loads(case.payload), form=form)
