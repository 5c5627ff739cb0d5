"""The figures of one part of an answer: a field of a document, a label of a set.

A part has the estimators of a whole answer, over the same draws: every review that judges a case judges each of its parts.
"""

from dataclasses import replace

from hitl.answers.labels import AS_DECLARED
from hitl.answers.one_value import LABELS
from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.binomial import clopper_pearson
from hitl.quality.figures import Book, annotator_agreement, automatic_error, blind_agreement, model_error
from hitl.quality.interval import Interval

OF_A_SET = (LABELS,)
"""What older entries name as corrected of any set: its one field, which tells nothing of its labels."""


def part_figures(book: Book, name: str) -> dict[str, Interval]:
    """Return the figures of the part ``name`` by their names. Where parts go by themselves, the model decides it in more cases
    than those that it decides alone."""
    part = replace(book, traffic=book.traffic.of_part(name), answers=book.by_part.get(name, columns_of([])))
    return {
        "automation_rate": clopper_pearson(part.automatic, part.cases),
        "automatic_error": automatic_error(part),
        "model_error": model_error(part),
        "human_ai_agreement": blind_agreement(part.answers),
        "inter_annotator_agreement": annotator_agreement(part.answers),
    }


def answer_of_part(answer: SettledReview, name: str) -> SettledReview:
    """Return what ``answer`` says of the part ``name``. Where nobody recorded which parts were corrected, all of them were."""
    return replace(
        answer,
        label=_of_part(answer, answer.label, name),
        votes=tuple((reviewer, _of_part(answer, label, name)) for reviewer, label in answer.votes),
        amended=tuple(_of_part(answer, label, name) for label in answer.amended),
        is_automatic=answer.is_automatic or name in answer.automatic_parts,
    )


def _of_part(answer: SettledReview, label: str, name: str) -> str:
    """Return AS_DECLARED or a digest of what was given."""
    if label == AS_DECLARED:
        return label
    if label in answer.corrected:
        return answer.corrected[label].get(name, AS_DECLARED)
    differing = answer.differing.get(label, OF_A_SET)
    return label if differing == OF_A_SET or name in differing else AS_DECLARED
