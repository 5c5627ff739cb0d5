"""Files of labelling tools: written from decided cases, and read back into cases without taking their answers."""

import json
from typing import Any

import httpx2
import pytest

from hitl.client import Client
from hitl.integrations.labelling import FORMATS, ImportedCase, LabelledCase
from hitl.integrations.labelling.cases import rows_of
from hitl.integrations.labelling.label_studio import label_config
from hitl.integrations.labelling.transfer import decided_cases, open_cases

EXAMPLE = {
    "case_id": "c1",
    "review_id": "c1-1",
    "position": 1,
    "streams": [],
    "agrees_with_model": False,
    "features": {"text": "Buy <now> & win"},
    "label": "spam",
    "prediction": "ham",
    "purpose": "label",
    "reviewer": "ada",
    "confidence": 0.9,
    "decided_at": 1_700_000_000.0,
}
LABELS = ["ham", "spam"]
INPUTS = [{"text": "Hi"}, {"age": 7, "city": "Rome"}, [0.5, 1.0]]


def case(**changes: Any) -> LabelledCase:
    return LabelledCase.of(EXAMPLE | changes)


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("features", INPUTS)
def test_what_was_written_is_read_back_as_the_same_input(name: str, features: Any) -> None:
    text = FORMATS[name].write([case(features=features), case(features=features, prediction=None)], LABELS)
    read = FORMATS[name].read(rows_of(text))
    assert [(each.features, each.answers) for each in read] == [(features, 1)] * 2


def test_a_label_studio_task_has_the_prediction_and_the_answer() -> None:
    task = json.loads(FORMATS["label-studio"].write([case()], LABELS))[0]
    assert task["data"]["shown"] == "Buy <now> & win"
    assert task["predictions"][0]["result"][0]["value"] == {"choices": ["ham"]}
    assert task["annotations"][0]["result"][0]["value"] == {"choices": ["spam"]}


def test_a_label_with_odd_characters_stays_xml() -> None:
    assert '<Choice value="a &lt; &amp; b"/>' in label_config(["a < & b"])


def test_a_cancelled_annotation_is_no_answer() -> None:
    task = {"data": {"text": "x"}, "annotations": [{"was_cancelled": True, "result": []}]}
    assert FORMATS["label-studio"].read([task]) == [ImportedCase("1", {"text": "x"}, 0)]


def test_prodigys_own_keys_are_no_features() -> None:
    row = {"text": "x", "_input_hash": 9, "options": [], "accept": ["a"], "answer": "accept", "meta": {}}
    assert FORMATS["prodigy"].read([row]) == [ImportedCase("9", {"text": "x"}, 1)]


@pytest.mark.parametrize(
    ("name", "row"), [("label-studio", {}), ("prodigy", {"meta": {}}), ("argilla", {}), ("hf", {"label": "x"})]
)
def test_a_row_without_an_input_is_named(name: str, row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="row 1"):
        FORMATS[name].read([row])


def test_both_json_and_json_lines_are_read() -> None:
    assert rows_of('[{"a": 1}]') == rows_of('{"a": 1}\n\n') == [{"a": 1}]
    with pytest.raises(ValueError, match="row 2"):
        rows_of('[{"a": 1}, 2]')


class Service:
    """Answers a batch; the first time it puts the second row off."""

    def __init__(self) -> None:
        self.asked = list[tuple[str, dict[str, Any]]]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.asked.append((request.headers["idempotency-key"], body))
        second = {"status": 503, "body": {}} if len(self.asked) == 1 else {"status": 422, "body": {"detail": "no text"}}
        return httpx2.Response(200, json={"results": [{"status": 202, "body": {"case_id": "c1"}}, second]})


def test_a_batch_is_repeated_with_its_key_until_every_row_has_its_answer() -> None:
    service, waited = Service(), list[float]()
    client = Client("http://hitl", "hitl_a_b", transport=httpx2.MockTransport(service))
    cases = [ImportedCase("1", {"text": "x"}, 1), ImportedCase("2", {"text": ""}, 0)]
    opened = list(open_cases(client, "spam", cases, waited.append))
    assert [(each.case_id, each.refusal) for each in opened] == [("c1", None), (None, "no text")]
    assert (len(service.asked), len({key for key, _ in service.asked}), len(waited)) == (2, 1, 1)
    assert "annotations" not in json.dumps(service.asked)


def test_every_page_of_decided_cases_is_fetched() -> None:
    def pages(request: httpx2.Request) -> httpx2.Response:
        rows = [EXAMPLE] * (500 if "after" not in request.url.params else 2)
        return httpx2.Response(200, json={"examples": rows, "next": "500"})

    client = Client("http://hitl", "hitl_a_b", transport=httpx2.MockTransport(pages))
    assert len(list(decided_cases(client, "spam"))) == 502
