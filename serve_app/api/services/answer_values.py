"""The label and the stored value of a person's answer."""

import json
from collections.abc import Mapping

from hitl.answers.field_types import FieldValue
from hitl.answers.fields import FieldsAnswer
from hitl.answers.labels import AS_DECLARED
from hitl.canonical import JsonObject
from hitl.errors import InvalidInput, NotFound
from hitl.review.views import ReviewView
from hitl.tasks.book import definition_at
from serve_app.api.bodies.reviews import DecisionBody, LabelAndValue
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.finding import stored_case
from serve_app.api.services.medians import median_with
from serve_app.setup.case_words import CaseWords


async def answer_in(ports: ApiPorts, review: ReviewView, words: CaseWords, body: DecisionBody) -> LabelAndValue:
    """Return the answer in the body of a request. Raises InvalidInput for a value where labels are wanted, and the other way
    round."""
    spec = definition_at(ports.tasks, review.task, review.generation)
    if body.value is not None and spec is not None and (beside := spec.answer.beside(body.label)) is not None:
        return LabelAndValue(body.label, words.seal_draft({**beside.check(beside.filled(body.value))}))
    if spec is None or spec.fields is None:
        if body.value is not None:
            raise InvalidInput("/value", "no value: the task's answers are labels")
        return LabelAndValue(body.label)
    declared = await _declared(ports, review.case_id)
    said, clear = _valued(spec.fields, review, words, body, declared)
    if spec.answer.number is None:
        return said
    return said._replace(median=await median_with(ports, review, words, spec.answer.number, declared, (said.label, clear)))


def _valued(
    fields: FieldsAnswer, review: ReviewView, words: CaseWords, body: DecisionBody, declared: JsonObject | None
) -> tuple[LabelAndValue, JsonObject | None]:
    """Return the answer where answers are values, and its value in clear, None where it is the declared one or there is none."""
    if body.value is None and body.label == AS_DECLARED:
        return LabelAndValue(AS_DECLARED, None, []), None
    before = None if declared is None else fields.check(declared)
    if body.value is None:
        return LabelAndValue(body.label, None, fields.names, _digests(fields.corrected(before, None), review, words)), None
    if body.label:
        raise InvalidInput("/label", "no label beside a value")
    checked = fields.check(body.value)
    differs = fields.names if before is None else fields.differing(before, checked)
    if not differs:
        return LabelAndValue(AS_DECLARED, None, []), None
    clear: JsonObject = {**checked}
    corrected = _digests(fields.corrected(before, checked), review, words)
    return LabelAndValue(words.label_of(checked, review.case_id), words.seal_draft(clear), differs, corrected), clear


def _digests(corrected: Mapping[str, FieldValue], review: ReviewView, words: CaseWords) -> dict[str, str]:
    return words.digests_of(corrected, review.case_id)


async def _declared(ports: ApiPorts, case_id: str) -> JsonObject | None:
    case = await stored_case(ports, case_id)
    if case is None:
        raise NotFound("case", case_id)
    found: JsonObject | None = json.loads(case.payload).get("value")
    return found
