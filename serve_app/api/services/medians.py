"""The median of the numbers that people answered a review with: their labels do not tell it, and values may be sealed."""

from collections.abc import Mapping
from typing import Any

from hitl.answers.field_types import FieldTerms
from hitl.answers.labels import AS_DECLARED
from hitl.answers.median import MedianAnswer, median_answer
from hitl.canonical import JsonObject
from hitl.machine.shards import shard_of_case
from hitl.review import ReviewOf
from hitl.review.views import ReviewView
from serve_app.api.services.context import ApiPorts
from serve_app.setup.case_words import CaseWords


async def median_with(
    ports: ApiPorts,
    review: ReviewView,
    words: CaseWords,
    terms: FieldTerms,
    declared: JsonObject | None,
    mine: tuple[str, JsonObject | None],
) -> MedianAnswer | None:
    """Return the median of the answers to ``review`` so far, with ``mine``, a label and a value in clear, as the last. An answer
    that is as declared counts as the declared number, and one that no number fits as none."""
    whole = (await ports.shards.ask(shard_of_case(review.case_id, ports.partitioning), ReviewOf(review.review_id, None))).review
    values: dict[str, Any] = {label: value for label, value in [(AS_DECLARED, declared), mine] if value is not None}
    for step in words.shown(whole).history:
        if "value" in step:
            values.setdefault(str(step.get("answer", step.get("label"))), step["value"])
    answers = [(label, _number(values.get(label), terms)) for label in (*(each.label for each in whole.answers), mine[0])]
    return median_answer(answers, terms.same)


def _number(value: Mapping[str, object] | None, terms: FieldTerms) -> float | None:
    """None where there is no value, and where it was erased."""
    found = None if value is None else value.get(terms.name)
    return float(found) if isinstance(found, int | float) else None
