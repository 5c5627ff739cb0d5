"""The predictions that a client declares with a case: ``prediction``, or ``predictions`` of several versions."""

from typing import Any

from hitl.answers.boxes import FieldBox, check_boxes
from hitl.answers.fields import Fields, FieldsAnswer
from hitl.answers.labels import VALUE_LABELS
from hitl.blobs.file_types import PAGE_TYPES
from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput
from hitl.inference.declared import DeclaredPrediction, probabilities_of, probabilities_of_score
from hitl.tasks import TaskSpec
from hitl.workflow.free_json import is_number

ONE, SEVERAL, PARTS, BOXES = "prediction", "predictions", "parts", "boxes"
MAX_PREDICTIONS = 4
"""The version that serves, a canary, a shadow, and one on its way out."""

MAX_WORD = 128
VALUES_BESIDE = 8
"""JSON values of a prediction beside its probabilities, names counted."""


def max_values(labels: int) -> int:
    """The most JSON values in the predictions of a case."""
    return MAX_PREDICTIONS * (2 * labels + VALUES_BESIDE)


def parse_fields(body: JsonObject, answer: FieldsAnswer) -> tuple[tuple[DeclaredPrediction, ...], Fields | None]:
    """The prediction in the body and its value, where answers are fields; nothing where it has none. Raises InvalidInput that
    names the place."""
    said, place = _one_declared(body)
    if said is None:
        return (), None
    if type(said) is not dict or said.keys() - {PARTS, BOXES} != _WITH_VALUE:
        expected = (
            f"an object with model, version, value and score, {PARTS} where each field has a score, and {BOXES} where it was read"
        )
        raise InvalidInput(place, expected)
    probabilities = probabilities_of_score(0, _score(said["score"], f"{place}/score"), len(VALUE_LABELS))
    parts = _part_scores(said[PARTS], answer, f"{place}/{PARTS}") if PARTS in said else None
    prediction = DeclaredPrediction(_word(said, "model", place), _word(said, "version", place), probabilities, parts)
    return (prediction,), answer.check(said["value"], f"{place}/value")


def parse_boxes(body: JsonObject, spec: TaskSpec) -> dict[str, FieldBox]:
    """Where on its pages the prediction in the body, which ``parse_fields`` let through, was read; empty where it does not say.
    Raises InvalidInput that names the place."""
    said, place = _one_declared(body)
    if spec.fields is None or not isinstance(said, dict) or BOXES not in said:
        return {}
    pages = [max(handle.pages, 1) for _, handle in spec.input.blobs_in(body["features"]) if handle.type in PAGE_TYPES]
    if not pages:
        raise InvalidInput(f"{place}/{BOXES}", "nothing: the cases of this task have no pages")
    return check_boxes(said[BOXES], spec.fields.names, pages[0], f"{place}/{BOXES}")


def _one_declared(body: JsonObject) -> tuple[Json, str]:
    """The one prediction of a value, None where there is none, and its place. Raises InvalidInput for several."""
    place, listed = (f"/{ONE}", [body[ONE]]) if ONE in body else (f"/{SEVERAL}/0", body.get(SEVERAL, []))
    if type(listed) is not list or len(listed) > 1 or (ONE in body and SEVERAL in body):
        raise InvalidInput(f"/{SEVERAL}", "one prediction: the fields of a case are declared once")
    return (listed[0] if listed else None), place


def parse_predictions(body: JsonObject, labels: list[str]) -> tuple[DeclaredPrediction, ...]:
    """Parse those in the body, none where it has none: its case is for people. Raises InvalidInput that names the place."""
    if ONE in body and SEVERAL in body:
        raise InvalidInput(f"/{SEVERAL}", f"either {ONE} or {SEVERAL}")
    if ONE in body:
        return (_prediction(body[ONE], labels, f"/{ONE}"),)
    said = body.get(SEVERAL, [])
    if type(said) is not list or len(said) > MAX_PREDICTIONS:
        raise InvalidInput(f"/{SEVERAL}", f"an array of at most {MAX_PREDICTIONS} predictions")
    found = tuple(_prediction(one, labels, f"/{SEVERAL}/{at}") for at, one in enumerate(said))
    if len({(one.model, one.version) for one in found}) < len(found):
        raise InvalidInput(f"/{SEVERAL}", "one prediction of each version")
    return found


def _prediction(said: Any, labels: list[str], place: str) -> DeclaredPrediction:
    if type(said) is not dict or said.keys() not in (_WITH_PROBABILITIES, _WITH_SCORE):
        raise InvalidInput(place, "an object with model, version, and probabilities or label and score")
    probabilities = _probabilities(said, labels, place)
    return DeclaredPrediction(_word(said, "model", place), _word(said, "version", place), probabilities)


_WITH_PROBABILITIES = {"model", "version", "probabilities"}
_WITH_SCORE = {"model", "version", "label", "score"}
_WITH_VALUE = {"model", "version", "value", "score"}


def _word(said: JsonObject, name: str, place: str) -> str:
    word = said[name]
    if not isinstance(word, str) or not 1 <= len(word) <= MAX_WORD:
        raise InvalidInput(f"{place}/{name}", f"1 to {MAX_WORD} characters, as the model's card says")
    return word


def _probabilities(said: JsonObject, labels: list[str], place: str) -> tuple[float, ...]:
    if "probabilities" in said:
        return probabilities_of(_in_order(said["probabilities"], labels, f"{place}/probabilities"), f"{place}/probabilities")
    label = said["label"]
    if not isinstance(label, str) or label not in labels:
        raise InvalidInput(f"{place}/label", "one of the task's labels")
    return probabilities_of_score(labels.index(label), _score(said["score"], f"{place}/score"), len(labels))


def _part_scores(said: Any, answer: FieldsAnswer, place: str) -> dict[str, float]:
    """Return the score of each field, in the order of the task's file."""
    names = answer.names
    if type(said) is not dict or said.keys() != set(names):
        raise InvalidInput(place, f"an object with a score for each of {', '.join(names)}")
    return {name: _score(said[name], f"{place}/{name}") for name in names}


def _score(score: Any, place: str) -> float:
    if not is_number(score) or not 0 <= score <= 1:
        raise InvalidInput(place, "a number in [0, 1]")
    return float(score)


def _in_order(said: Any, labels: list[str], place: str) -> list[float]:
    """Return one number a label: an array in the order of the task's labels, or an object by label."""
    listed = [said[label] for label in labels] if type(said) is dict and said.keys() == set(labels) else said
    if type(listed) is not list or len(listed) != len(labels) or not all(type(value) in (int, float) for value in listed):
        raise InvalidInput(place, f"{len(labels)} numbers in the order of the task's labels, or an object with a number a label")
    return [float(value) for value in listed]
