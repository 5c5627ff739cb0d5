"""Remote models: what each protocol sends and reads, and what an endpoint that fails does to the rows."""

import json
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hitl.errors import ArtifactRejected
from hitl.inference import load
from hitl.inference.remote.card import RemoteCard
from hitl.inference.remote.model import RemoteModel
from hitl.inference.remote.ports import EndpointCall, EndpointFailed
from hitl.inference.rows import rows_of

LABELS = ("spam", "ham")
OIP = {"kind": "open_inference_v2"}
CHAT = {"kind": "chat_completions", "instructions": "Say spam or ham."}
MLFLOW = {"kind": "mlflow_invocations"}


def card(protocol: dict[str, Any], **more: Any) -> RemoteCard:
    fields = {"model": "judge", "version": "7", "labels": LABELS, "what": "a model of ours", "endpoint": "here"}
    return RemoteCard.model_validate({**fields, "protocol": protocol, **more})


class Answering:
    """An Endpoint that answers with what ``say`` makes of a call's JSON."""

    at_once, within_s, canary_s = 4, 5.0, 0.0

    def __init__(self, say: Callable[[dict[str, Any]], Any]) -> None:
        self.say, self.calls, self.tokens = say, list[EndpointCall](), 0

    def call(self, call: EndpointCall, until: float) -> bytes:
        self.calls.append(call)
        return json.dumps(self.say(json.loads(call.body))).encode()

    def charge(self, tokens: int) -> None:
        self.tokens += tokens


def asked(protocol: dict[str, Any], say: Callable[[dict[str, Any]], Any], rows: list[Any], **more: Any) -> Any:
    width = 0 if isinstance(rows[0], str) else len(rows[0])
    endpoint, told = Answering(say), list[str]()
    model = RemoteModel(card(protocol, **more), width).connected(endpoint, told.append)
    return model.predict(rows_of(rows)), endpoint, told


def of_oip(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    rows = body["inputs"][0]["shape"][0]
    return {
        "model_name": "judge",
        "model_version": "7",
        "outputs": [{"name": "probabilities", "shape": [rows, 2], "datatype": "FP32", "data": [0.25, 0.75] * rows}],
        **more,
    }


def test_open_inference_sends_one_tensor_and_reads_one() -> None:
    said, endpoint, told = asked(OIP, of_oip, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert said.tolist() == [[0.25, 0.75], [0.25, 0.75]]
    assert endpoint.calls[0].path == "/v2/models/judge/versions/7/infer"
    tensor = {"name": "input-0", "shape": [2, 3], "datatype": "FP32", "data": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    assert json.loads(endpoint.calls[0].body) == {"inputs": [tensor], "outputs": [{"name": "probabilities"}]}
    assert told == []


def test_texts_go_as_bytes() -> None:
    _, endpoint, _ = asked(OIP, of_oip, ["one", "two"])
    assert json.loads(endpoint.calls[0].body)["inputs"][0] | {"name": ""} == {
        "name": "",
        "shape": [2],
        "datatype": "BYTES",
        "data": ["one", "two"],
    }


def test_a_name_is_one_part_of_the_path() -> None:
    _, endpoint, _ = asked(OIP, lambda body: of_oip(body, model_name="a/b"), ["one"], model="a/b")
    assert endpoint.calls[0].path == "/v2/models/a%2Fb/versions/7/infer"


def test_logits_become_probabilities() -> None:
    logits = [{"name": "probabilities", "data": [0.0, 0.0]}]
    said, _, _ = asked(OIP | {"form": "logits"}, lambda body: of_oip(body, outputs=logits), ["one"])
    assert said.tolist() == [[0.5, 0.5]]


def test_mlflow_gets_arrays_or_a_frame() -> None:
    said, endpoint, _ = asked(MLFLOW, lambda _: {"predictions": [[0.1, 0.9]]}, [[1.0, 2.0]])
    assert said.tolist() == [[0.1, 0.9]]
    assert (endpoint.calls[0].path, json.loads(endpoint.calls[0].body)) == ("/invocations", {"inputs": [[1.0, 2.0]]})
    by_label = {"predictions": [{"ham": 0.9, "spam": 0.1}]}
    said, endpoint, _ = asked(MLFLOW | {"columns": ["text"]}, lambda _: by_label, ["one"])
    assert said.tolist() == [[0.1, 0.9]]
    assert json.loads(endpoint.calls[0].body) == {"dataframe_split": {"columns": ["text"], "data": [["one"]]}}


def of_chat(text: str, *logprobs: float, **more: Any) -> dict[str, Any]:
    tokens = [{"token": "x", "logprob": each} for each in logprobs]
    choice = {"message": {"content": text}, "logprobs": {"content": tokens}}
    return {"model": "judge", "choices": [choice], "usage": {"total_tokens": 12}, **more}


def test_a_chat_is_one_call_a_row_and_its_score_the_mean_probability_of_its_tokens() -> None:
    said, endpoint, _ = asked(CHAT, lambda _: of_chat(" Ham.", np.log(0.8), np.log(0.6)), ["one", "two"])
    assert said == pytest.approx(np.array([[0.3, 0.7], [0.3, 0.7]]))
    body = json.loads(endpoint.calls[0].body)
    assert (body["temperature"], body["logprobs"], body["model"]) == (0, True, "judge")
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert (len(endpoint.calls), endpoint.tokens) == (2, 24)


def test_numbers_are_named_in_a_chat() -> None:
    _, endpoint, _ = asked(CHAT | {"columns": ["age", "amount"]}, lambda _: of_chat("ham", -0.1), [[41.0, 2.5]])
    assert json.loads(endpoint.calls[0].body)["messages"][1]["content"] == "age: 41\namount: 2.5"


WRONG: list[tuple[dict[str, Any], Any]] = [
    (OIP, {}),
    (OIP, []),
    (OIP, {"model_name": "judge", "model_version": "8", "outputs": [{"name": "probabilities", "data": [0.5, 0.5]}]}),
    (OIP, {"model_name": "other", "model_version": "7", "outputs": [{"name": "probabilities", "data": [0.5, 0.5]}]}),
    (OIP, {"model_name": "judge", "model_version": "7", "outputs": [{"name": "probabilities", "data": [0.5, 0.6]}]}),
    (OIP, {"model_name": "judge", "model_version": "7", "outputs": [{"name": "probabilities", "data": [1.0]}]}),
    (OIP, {"model_name": "judge", "model_version": "7", "outputs": [{"name": "probabilities", "data": ["a", "b"]}]}),
    (OIP, {"model_name": "judge", "model_version": "7", "outputs": [{"name": "probabilities", "data": [float("nan"), 1.0]}]}),
    (MLFLOW, {"predictions": [[0.5, 0.5], [0.5, 0.5]]}),
    (MLFLOW, {"predictions": ["ham"]}),
    (CHAT, of_chat("I think it is ham", -0.1)),
    (CHAT, of_chat("ham")),
    (CHAT, of_chat("ham", -0.1, model="another")),
    (CHAT, {"model": "judge", "choices": [{"message": {"content": "ham"}, "logprobs": None}]}),
]


@pytest.mark.parametrize(("protocol", "answer"), WRONG)
def test_what_is_no_answer_of_the_approved_model_is_no_prediction(protocol: dict[str, Any], answer: Any) -> None:
    said, _, told = asked(protocol, lambda _: answer, ["one"])
    assert np.isnan(said).all()
    assert told[0].startswith("judge 7 gave no prediction for 1 rows")


def test_rows_that_fail_leave_the_others_their_answers() -> None:
    def say(body: dict[str, Any]) -> Any:
        if body["messages"][1]["content"] == "bad":
            raise EndpointFailed("here", "it answered 500")
        return of_chat("ham", -0.1)

    said, _, told = asked(CHAT, say, ["good", "bad", "good"])
    assert np.isnan(said).any(axis=1).tolist() == [False, True, False]
    assert told == ["judge 7 gave no prediction for 1 rows: endpoint here: it answered 500"]


def test_what_is_late_is_left_behind() -> None:
    may_answer = threading.Event()

    def say(body: dict[str, Any]) -> Any:
        if body["messages"][1]["content"] == "slow":
            may_answer.wait(30)
        return of_chat("ham", -0.1)

    endpoint = Answering(say)
    endpoint.within_s = 0.5  # type: ignore[misc]
    model = RemoteModel(card(CHAT), 0).connected(endpoint, print)
    said = model.predict(rows_of(["slow", "quick"]))
    may_answer.set()
    assert np.isnan(said).any(axis=1).tolist() == [True, False]


CANARIES = [{"row": "a canary", "label": "ham"}]


def test_while_a_canary_is_answered_otherwise_the_model_answers_nothing() -> None:
    label = ["ham"]
    endpoint, told = Answering(lambda _: of_chat(label[0], -0.1)), list[str]()
    model = RemoteModel(card(CHAT, canaries=CANARIES), 0).connected(endpoint, told.append)
    assert np.isfinite(model.predict(rows_of(["one"]))).all()
    label[0] = "spam"
    assert np.isnan(model.predict(rows_of(["one"]))).all()
    assert told == ["1 of 1 canaries are not answered as approved: judge 7 answers nothing"]
    label[0] = "ham"
    assert np.isfinite(model.predict(rows_of(["one"]))).all()


def test_canaries_are_asked_no_more_often_than_said() -> None:
    endpoint = Answering(lambda _: of_chat("ham", -0.1))
    endpoint.canary_s = 3600.0  # type: ignore[misc]
    model = RemoteModel(card(CHAT, canaries=CANARIES), 0).connected(endpoint, print)
    for _ in range(3):
        model.predict(rows_of(["one"]))
    assert len(endpoint.calls) == 4


def test_a_model_that_nobody_connected_answers_nothing() -> None:
    model = load(card(CHAT).to_bytes(), LABELS, 0)
    with pytest.raises(RuntimeError, match="not connected"):
        model.predict(rows_of(["one"]))


@pytest.mark.parametrize(
    "more",
    [
        {"labels": ["ham", "spam"]},
        {"canaries": [{"row": [1.0], "label": "ham"}]},
    ],
)
def test_a_card_that_does_not_fit_its_task_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ArtifactRejected):
        load(card(CHAT, **more).to_bytes(), LABELS, 0)


@pytest.mark.parametrize(
    "more",
    [
        {"endpoint": "http://169.254.169.254/latest"},
        {"endpoint": "../here"},
        {"canaries": [{"row": "x", "label": "other"}]},
        {"protocol": {"kind": "python"}},
        {"url": "http://evil.example"},
    ],
)
def test_a_card_names_an_endpoint_and_no_address(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(more))):
        card(CHAT, **{"endpoint": "here", **more}) if "protocol" not in more else card(**more)
