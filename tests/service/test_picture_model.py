"""A model that reads pictures, on the running service: its encoder by command, its head by retraining, its cases over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.canonical import digest_of
from hitl.client.errors import ApiError
from hitl.inference import load
from hitl.inference.classifier import Classifier
from hitl.inference.onnx_bundle import GraphSource
from hitl.inference.picture_encoder import EncoderBundle
from hitl.inference.pictures import PictureRow
from hitl.inference.rows import rows_of
from tests.fixtures.encoders import LABELS, RECIPE, WIDTH, labelled_picture, pooling, task_file, write_pictures
from tests.running import Running
from tests.service.encoder_loop import OneTask, answer_reviews, bring, retrain, serve, serving_task
from training.encoding import Encoding, encoding_of
from training.model import fit_and_pack

pytestmark = [pytest.mark.slow, pytest.mark.service]

TASK = "tints"
GRAPH = pooling()
ENCODER = EncoderBundle(GRAPH, RECIPE, "said", WIDTH, GraphSource("onnx", digest_of(GRAPH))).to_bytes()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneTask]:
    """A service with the one task and its encoder."""
    folder = tmp_path_factory.mktemp("studio")
    write_pictures(folder / "pictures", 60)
    (folder / "pooling.onnx").write_bytes(GRAPH)
    (folder / "recipe.yaml").write_text(f"size: {list(RECIPE.size)}\naspect: stretch\n")
    with serving_task(folder, task_file(digest_of(ENCODER), initial=30)) as served:
        yield served


def first_model(studio: OneTask) -> tuple[bytes, Classifier]:
    """A model of the initial pictures, made in this process, and the same with eyes."""
    encoding = encoding_of(studio.spec, studio.store, StoredPictures(""), lambda line: None)
    assert isinstance(encoding, Encoding)
    taught = encoding.encoded(held_out_sample(split(studio.spec, studio.folder).initial, LABELS))
    data = encoding.joined(fit_and_pack("encoder_head", taught, {"C": 0.1}, 0), LABELS)
    return data, encoding.timed(load(data, LABELS, studio.spec.width))


def some(count: int, first: int) -> list[tuple[bytes, str]]:
    return [(labelled_picture(LABELS[at % 3], 50_000 + at), LABELS[at % 3]) for at in range(first, first + count)]


def test_from_an_encoder_to_a_second_model_that_learned_from_people(studio: OneTask) -> None:
    service, folder = studio.service, studio.folder
    told = service.command(
        "model", "encoder", str(folder / "pooling.onnx"), "--recipe", str(folder / "recipe.yaml"), "--json"
    ).stdout
    assert json.loads(told) | {"tried": {}} == {"encoder": digest_of(ENCODER), "width": WIDTH, "tried": {}}

    (before,) = bring(service, TASK, some(1, 0)).values()
    assert before[0]["prediction"] is None
    data, model = first_model(studio)
    digest = studio.store.put(data)
    with service.as_("trainer") as trainer:
        asked = trainer.request_approval(TASK, digest, "a first model", {})
    serve(service, TASK, asked["approval_id"], digest)
    cases = bring(service, TASK, some(45, 1))
    expected = {}
    for at, (picture, _) in enumerate(some(45, 1)):
        (folder / f"{at}.png").write_bytes(picture)
        expected[digest_of(picture)] = PictureRow(digest_of(picture), file=str(folder / f"{at}.png"))
    said = model.predict(rows_of(list(expected.values()))).argmax(axis=1)
    assert [answer["prediction"] for answer, _ in cases.values()] == [LABELS[i] for i in said]
    assert {answer["model_version"] for answer, _ in cases.values()} == {digest}

    truths = {case: truth for case, (_, truth) in cases.items()} | {str(before[0]["case_id"]): before[1]}
    assert answer_reviews(service, TASK, truths) >= 46
    result = retrain(service, TASK, 1)
    assert (result["rows"], result["held_out_rows"]) == (30 + 46, 90)
    assert result["champion_accuracy"] is not None
    serve(service, TASK, result["approval_id"], result["digest"])
    (after,) = bring(service, TASK, some(1, 60)).values()
    assert after[0]["model_version"] == result["digest"]


def test_no_gateway_decodes_or_runs_anything(studio: OneTask) -> None:
    """After the test before: the predictor runs graphs, and only the decoders' processes read pictures."""
    maps = {title: _maps(studio.service, f"ray::ServeReplica:gateway:{title}") for title in ("Gateway", "Predictor")}
    assert any("onnxruntime" in each for each in maps["Predictor"])
    assert not any("onnxruntime" in each for each in maps["Gateway"])
    assert not any("PIL/_imaging" in each for part in maps.values() for each in part)


def test_an_encoder_over_http_is_tried_and_an_encoder_alone_is_no_model(studio: OneTask) -> None:
    with studio.service.as_("trainer") as trainer, pytest.raises(ApiError, match="422"):
        trainer.request_approval(TASK, studio.store.put(ENCODER), "no model", {})


def _maps(service: Running, title: str) -> list[str]:
    return [Path(f"/proc/{pid}/maps").read_text() for pid in service.processes(title)]
