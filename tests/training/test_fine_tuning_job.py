"""The whole job that trains an encoder with its head, on two workers of a real Ray, one of which is killed once."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import psutil
import pytest
import ray
import torch

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.inference import load
from hitl.inference.picture_head import PictureHead
from hitl.tasks import TaskSpec, load_task
from hitl.tasks.fine_tune_terms import SmallTransformerTerms
from tests.fixtures import text_encoders
from tests.fixtures.fine_tuning import PICTURES, SIDE, STRIPES, TEXTS, task_over, untrained, write_stripes
from tests.running import until
from tests.training.stub_api import StubService, serving
from training.encoding import RowReader
from training.fine_tuning.group import are_gpus_free
from training.fine_tuning.vocabulary import tokenizer_of

pytestmark = [pytest.mark.slow, pytest.mark.service]

UNTRAINED, TRAINED = 0.6, 0.8
"""Accuracies of three labels on rows that nothing was fitted to."""
STARTED_WITHIN_S = 300.0
"""Ray's start, the pictures, the group's start and an epoch, on a machine that does other things too."""
ENDED_WITHIN_S = 900.0
CNN = f"{{architecture: small_cnn, size: {SIDE}, epochs: 14, workers: 2}}"
TRANSFORMER = "{{architecture: small_transformer, max_tokens: 16, epochs: 6, learning_rate: 0.003, workers: 2, start: {start}}}"


@pytest.fixture
def stub() -> Iterator[StubService]:
    with serving(StubService()) as service:
        yield service


class Job:
    """One run of the pipeline in a process of its own, with the artifacts and files of ``folder``."""

    def __init__(self, spec: TaskSpec, folder: Path, stub: StubService, mlflow_uri: str) -> None:
        stub.tasks[spec.task] = spec
        self.spec, self.folder, self.artifacts = spec, folder, folder / "artifacts"
        command = [sys.executable, "-m", "training.pipeline", "--task", spec.task, "--api", stub.url]
        command += ["--tracking-uri", mlflow_uri, "--artifact-uri", str(self.artifacts), "--datasets-dir", str(folder)]
        environment = os.environ | {"HITL_API_KEY": "trainer-key", "RAY_ADDRESS": "local", "RAY_USAGE_STATS_ENABLED": "0"}
        self._log = folder / "job.log"
        with self._log.open("w") as out:
            self._process = subprocess.Popen(command, env=environment, stdout=out, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """A test that failed leaves nothing running."""
        if self._process.poll() is None:
            for each in [*psutil.Process(self._process.pid).children(recursive=True), psutil.Process(self._process.pid)]:
                each.kill()
            self._process.wait()

    def checkpoints(self) -> list[Path]:
        return sorted(self.artifacts.glob("runs/*-train/checkpoint_*/progress.pt"))

    def kill_worker(self) -> None:
        """One of the group's workers."""
        workers = [each for each in psutil.Process(self._process.pid).children(recursive=True) if _is_worker(each)]
        assert len(workers) == 2
        workers[-1].kill()

    def end(self) -> dict[str, Any]:
        """Wait for its end; return what its last line says."""
        assert self._process.wait(timeout=ENDED_WITHIN_S) == 0, self.told()
        summary: dict[str, Any] = json.loads(self.told().splitlines()[-1])
        return summary

    def told(self) -> str:
        return self._log.read_text()

    def right(self, digest: str) -> float:
        """The share of held-out rows that the stored model answers rightly, as it serves."""
        labels = tuple(self.spec.labels)
        model = load(ArtifactStore(str(self.artifacts)).get(digest), labels, self.spec.width)
        held_out = held_out_sample(split(self.spec, self.folder).holdout, labels)
        said = RowReader(StoredPictures("")).timed(model).predict(held_out.rows)
        return float(np.mean(said.argmax(axis=1) == held_out.targets))


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "RayTrainWorker" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def three_gpus() -> Iterator[None]:
    """A Ray that counts three GPUs: placing does not look whether they are there."""
    ray.init(address="local", num_cpus=4, num_gpus=3, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.usefixtures("three_gpus")
def test_gpus_that_are_free_in_parts_are_no_whole_ones() -> None:
    assert are_gpus_free(3, 1.0)
    until(lambda: ray.available_resources().get("GPU") == 3.0)  # what was tried is given back
    serving = ray.util.placement_group([{"GPU": 0.6}] * 3)
    assert serving.wait(STARTED_WITHIN_S)
    assert are_gpus_free(1, 0.4)
    until(lambda: ray.available_resources().get("GPU") == pytest.approx(1.2))
    assert not are_gpus_free(1, 1.0)


def test_a_killed_worker_costs_no_epoch_that_ray_had_counted(tmp_path: Path, stub: StubService, mlflow_uri: str) -> None:
    write_stripes(tmp_path / "stripes", 130)
    text = task_over(PICTURES, STRIPES, "stripes", CNN + ", calibration: {share: 0.17}", held_out=90)
    with Job(load_task(text, "a file"), tmp_path, stub, mlflow_uri) as job:
        until(lambda: len(job.checkpoints()) > 0, STARTED_WITHIN_S)
        first = job.checkpoints()[0]
        until(lambda: not first.exists())  # it goes when Ray counts the second; later ones may be written and not counted
        job.kill_worker()
        said = job.end()

    began = re.search(r"a worker was lost, and the last attempt began after epoch (\d+)", job.told())
    assert began is not None, job.told()
    assert int(began[1]) >= 2
    assert torch.load(job.checkpoints()[-1], weights_only=True)["epochs"] == 14  # one of the killed attempt may lie beside it
    assert said["accuracy"] > TRAINED
    assert job.right(said["digest"]) == pytest.approx(said["accuracy"])
    (asked,) = stub.approvals.values()
    params = asked["evidence"]["params"]
    assert (params["architecture"], params["workers"], params["epochs"]) == ("small_cnn", 2, 14)
    model = load(ArtifactStore(str(tmp_path / "artifacts")).get(said["digest"]), STRIPES, job.spec.width)
    assert isinstance(model, PictureHead)
    assert model.calibration is not None
    assert params["encoder"] == model.encoder.digest


def test_an_encoder_of_texts_is_trained_further_than_the_one_that_serves(
    tmp_path: Path, stub: StubService, mlflow_uri: str
) -> None:
    (tmp_path / "requests.csv").write_text(text_encoders.csv_of(text_encoders.labelled_texts(150)))
    terms = SmallTransformerTerms(architecture="small_transformer", max_tokens=16)
    tokenizer = tokenizer_of([text for text, _ in text_encoders.labelled_texts(150)], 100)
    start = ArtifactStore(str(tmp_path / "artifacts")).put(untrained(terms, text_encoders.LABELS, tokenizer))
    stub.serving = [[start, 1.0]]
    text = task_over(TEXTS, text_encoders.LABELS, "requests.csv", TRANSFORMER.format(start=start))
    with Job(load_task(text, "a file"), tmp_path, stub, mlflow_uri) as job:
        said = job.end()
    assert "the exported model answers 150 held-out texts as the network does" in job.told()
    assert "a worker was lost" not in job.told()
    assert said["champion_accuracy"] < UNTRAINED < TRAINED < said["accuracy"]
    assert job.right(said["digest"]) == pytest.approx(said["accuracy"])
    (asked,) = stub.approvals.values()
    assert asked["evidence"]["params"]["start"] == start
