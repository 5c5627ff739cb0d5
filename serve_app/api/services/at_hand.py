"""Show a review to the person who holds it, with what they need to see of its case and task."""

import json
from collections.abc import Collection
from dataclasses import fields

from hitl.answers.field_types import FieldTerms
from hitl.answers.fields import FieldsAnswer
from hitl.answers.kind import AnswerKind
from hitl.answers.one_label import PairAnswer, ScaleAnswer
from hitl.errors import StoreUnavailable
from hitl.review.views import ReviewView
from hitl.sealing.payload import ERASED
from hitl.tasks import TaskSpec
from hitl.tasks.book import definition_at
from hitl.uniform import hash_to_uniform
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.api.services.erasing import withdraw_open
from serve_app.api.services.finding import stored_case
from serve_app.api.views.queues import AskedAnswer, AskedField, JudgedContent, ReviewAtHand, ShownGuideline, TaskForm
from serve_app.setup.case_words import words_of_case


def asked_answer(spec: TaskSpec, case_id: str, person: str) -> AskedAnswer:
    """Return how ``person`` answers for the case."""
    kind, beside = spec.answer, {label: spec.answer.beside(label) for label in spec.labels}
    low, high = (kind.low, kind.high) if isinstance(kind, ScaleAnswer) else ("", "")
    added = {label: asked_fields(answer) for label, answer in beside.items() if answer is not None}
    return AskedAnswer(kind.kind, added, _contents(kind, case_id, person), low, high, kind.right_within)


def _contents(kind: AnswerKind, case_id: str, person: str) -> list[JudgedContent]:
    labels = kind.own_labels if isinstance(kind, PairAnswer) else [None]
    found = [JudgedContent(path, label) for path, label in zip(kind.contents, labels, strict=False)]
    return found[::-1] if _is_turned(case_id, person) else found


def asked_fields(answer: FieldsAnswer, automatic: Collection[str] = ()) -> list[AskedField]:
    """Return the fields of a value, as people see them; the model decided the ``automatic`` ones."""
    return [_asked(each, each.name in automatic) for each in answer.fields]


def _asked(field: FieldTerms, is_automatic: bool) -> AskedField:
    known = {each.name: getattr(field, each.name) for each in fields(AskedField) if each.name not in ("title", "is_automatic")}
    return AskedField(**known, title=field.title or field.name, is_automatic=is_automatic)


def guidelines_of(asked: TaskSpec, now: TaskSpec) -> list[ShownGuideline]:
    """Return the guidelines of what ``asked``, the definition of the case, lets people answer: those in force ``now``, so that a
    better word reaches the cases that wait; of what cannot be answered any more those of the case."""
    newest = set(now.guided)
    found = {name: (now if name in newest else asked).guidelines.get(name) for name in asked.guided}
    return [ShownGuideline(name, each.text, each.examples, each.cases) for name, each in found.items() if each is not None]


def _is_turned(case_id: str, person: str) -> bool:
    """Whether a person sees two contents in the other order: half of the cases, always the same for one person and case, and
    another half for another person, so that what stands first wins nothing over all."""
    return hash_to_uniform(f"{case_id}\norder:{person}") < 0.5


async def at_hand(ports: ApiPorts, caller: Caller, spec: TaskSpec, review: ReviewView) -> ReviewAtHand | None:
    """Show what a person needs to answer, under the definition that the task had when the case was routed; else ``spec``, which
    is in force. None where the input of the case was erased: the review, as that of a known answer that is asked again, is
    withdrawn. Raises StoreUnavailable where the case is not in the intake."""
    case = await stored_case(ports, review.case_id)
    now = ports.tasks.get(review.task, spec)
    spec = definition_at(ports.tasks, review.task, review.generation) or spec
    if case is None:
        raise StoreUnavailable(f"case {review.case_id} is not in the intake")
    payload = json.loads(case.payload)
    if payload == ERASED:
        await withdraw_open(ports, caller, review.case_id)
        return None
    if review.prediction is None:
        for name in ("value", "boxes"):  # what was declared is the model's suggestion
            payload.pop(name, None)
    words = (spec.title, spec.description, spec.labels, spec.input.model_dump(), spec.predictions_by)
    asked = None if spec.fields is None else asked_fields(spec.fields, review.automatic_parts)
    answer = asked_answer(spec, review.case_id, caller.principal.id)
    form = TaskForm(*words, spec.none_answer, asked, answer, guidelines_of(spec, now))
    shown = words_of_case(ports.vault, case).shown(review)
    known = {each.name: getattr(shown, each.name) for each in fields(shown)}
    return ReviewAtHand(**known, payload=payload, form=form)
