"""The label and the stored value of a person's answer."""

import json

from hitl.answers.labels import AS_DECLARED
from hitl.canonical import JsonObject
from hitl.errors import InvalidInput, NotFound
from hitl.review.views import ReviewView
from hitl.tasks import TaskSpec
from hitl.tasks.book import definition_at
from serve_app.api.bodies.reviews import DecisionBody, LabelAndValue
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.finding import stored_case
from serve_app.setup.case_words import CaseWords


async def answer_in(ports: ApiPorts, review: ReviewView, words: CaseWords, body: DecisionBody) -> LabelAndValue:
    """Return the answer in the body of a request. Raises InvalidInput for a value where labels are wanted, and the other way
    round."""
    spec = definition_at(ports.tasks, review.task, review.generation)
    if body.value is None:
        return LabelAndValue(body.label, None, None if spec is None else _differs(spec, body.label))
    if spec is not None and (beside := spec.answer.beside(body.label)) is not None:
        return LabelAndValue(body.label, words.seal_draft({**beside.check(beside.filled(body.value))}))
    if spec is None or spec.fields is None:
        raise InvalidInput("/value", "no value: the task's answers are labels")
    if body.label:
        raise InvalidInput("/label", "no label beside a value")
    checked = spec.fields.check(body.value)
    declared = await _declared(ports, review.case_id)
    differs = spec.fields.names if declared is None else spec.fields.differing(spec.fields.check(declared), checked)
    if not differs:
        return LabelAndValue(AS_DECLARED, None, [])
    return LabelAndValue(words.label_of(checked, review.case_id), words.seal_draft({**checked}), differs)


def _differs(spec: TaskSpec, label: str) -> list[str] | None:
    """In the place of a value: everything is as declared, or nothing is. None where answers are labels."""
    if spec.fields is None:
        return None
    return [] if label == AS_DECLARED else spec.fields.names


async def _declared(ports: ApiPorts, case_id: str) -> JsonObject | None:
    case = await stored_case(ports, case_id)
    if case is None:
        raise NotFound("case", case_id)
    found: JsonObject | None = json.loads(case.payload).get("value")
    return found
