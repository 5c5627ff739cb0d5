"""A model that reads texts through an encoder, on the running service: the encoder by command, its head by retraining, cases over
HTTP."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.canonical import digest_of
from hitl.client.errors import ApiError
from hitl.inference import load
from hitl.inference.onnx_bundle import GraphSource
from hitl.inference.rows import rows_of
from hitl.inference.text_encoder import TextEncoderBundle, TextRecipe
from tests.fixtures.text_encoders import LABELS, WIDTH, csv_of, exported, labelled_texts, task_file, tokenizer_json
from tests.running import Running
from tests.service.encoder_loop import OneTask, answer_reviews, retrain, serve, serving_task
from training.encoding import Encoding, encoding_of
from training.model import fit_and_pack

pytestmark = [pytest.mark.slow, pytest.mark.service]

TASK = "requests"
GRAPH = exported()
ENCODER = TextEncoderBundle(
    GRAPH, tokenizer_json(), TextRecipe(), "states", WIDTH, GraphSource("onnx", digest_of(GRAPH))
).to_bytes()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneTask]:
    """A service with the one task."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "requests.csv").write_text(csv_of(labelled_texts(60)))
    (folder / "encoder.onnx").write_bytes(GRAPH)
    (folder / "tokenizer.json").write_bytes(tokenizer_json())
    with serving_task(folder, task_file(digest_of(ENCODER), initial=30)) as served:
        yield served


def first_model(desk: OneTask) -> bytes:
    """A model of the initial texts, made in this process over the stored encoder."""
    encoding = encoding_of(desk.spec, desk.store, StoredPictures(""), lambda line: None)
    assert isinstance(encoding, Encoding)
    taught = encoding.encoded(held_out_sample(split(desk.spec, desk.folder).initial, LABELS))
    return encoding.joined(fit_and_pack("encoder_head", taught, {"C": 0.1}, 0), LABELS)


def bring(service: Running, texts: Sequence[tuple[str, str]]) -> dict[str, tuple[dict[str, Any], str]]:
    """Open a case for each text; returns answer and truth by case."""
    with service.as_("client") as client:
        answers = [client.decide(TASK, {"text": text}) for text, _ in texts]
    return {str(answer["case_id"]): (answer, truth) for answer, (_, truth) in zip(answers, texts, strict=True)}


def test_from_an_encoder_to_a_model_that_learned_from_people(desk: OneTask) -> None:
    service, folder = desk.service, desk.folder
    files = ("encoder.onnx", "--tokenizer", "tokenizer.json")
    told = service.command("model", "encoder", *(str(folder / each) if "." in each else each for each in files), "--json").stdout
    assert json.loads(told) | {"tried": {}} == {"encoder": digest_of(ENCODER), "width": WIDTH, "tried": {}}

    data = first_model(desk)
    digest = desk.store.put(data)
    with service.as_("trainer") as trainer:
        asked = trainer.request_approval(TASK, digest, "a first model", {})
    serve(service, TASK, asked["approval_id"], digest)
    texts = labelled_texts(15, first=50_000)
    cases = bring(service, texts)
    said = load(data, LABELS, 0).predict(rows_of([text for text, _ in texts])).argmax(axis=1)
    assert [answer["prediction"] for answer, _ in cases.values()] == [LABELS[at] for at in said]
    assert {answer["model_version"] for answer, _ in cases.values()} == {digest}

    assert answer_reviews(service, TASK, {case: truth for case, (_, truth) in cases.items()}) >= 45
    second = retrain(service, TASK, 1)
    assert (second["rows"], second["held_out_rows"]) == (30 + 45, 90)
    assert second["champion_accuracy"] is not None
    serve(service, TASK, second["approval_id"], second["digest"])
    (after,) = bring(service, labelled_texts(1, first=90_000)[:1]).values()
    assert after[0]["model_version"] == second["digest"]


def test_no_gateway_runs_the_graph(desk: OneTask) -> None:
    """After the test before."""
    maps = {title: _maps(desk.service, f"ray::ServeReplica:gateway:{title}") for title in ("Gateway", "Predictor")}
    assert any("onnxruntime" in each for each in maps["Predictor"])
    assert not any("onnxruntime" in each for each in maps["Gateway"])


def test_an_encoder_over_http_is_stored_and_is_no_model_alone(desk: OneTask) -> None:
    data = TextEncoderBundle(GRAPH, tokenizer_json(), TextRecipe(max_tokens=64), "states", WIDTH).to_bytes()
    with desk.service.as_("trainer") as trainer:
        told = trainer.put_artifact(TASK, data)
        assert (told["digest"], told["tried_rows"]) == (digest_of(data), 192)
        assert desk.store.get(digest_of(data)) == data
        with pytest.raises(ApiError, match="422"):
            trainer.request_approval(TASK, digest_of(data), "no model", {})


def _maps(service: Running, title: str) -> list[str]:
    return [Path(f"/proc/{pid}/maps").read_text() for pid in service.processes(title)]
