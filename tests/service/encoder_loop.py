"""A service with one task over an encoder, and the steps of its loop, with simulated people who know the truth."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.client import DECIDED
from hitl.tasks import TaskSpec, load_task
from tests.running import Running, running, until, vote

Labelled = tuple[bytes, str]
"""A picture's file, and what it shows."""

ANSWERED_WITHIN_S = 600.0


@dataclass(frozen=True)
class OneTask:
    """A running service with one task; ``folder`` holds what the task's data come from."""

    service: Running
    folder: Path
    spec: TaskSpec

    @property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.service.state.artifact_uri)


@contextmanager
def serving_task(folder: Path, text: str) -> Iterator[OneTask]:
    """A service whose one task file is ``text``, with its data below ``folder``."""
    spec = load_task(text, "a file")
    (folder / "tasks").mkdir()
    (folder / "tasks" / f"{spec.task}.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(folder / "tasks"))
        patch.setenv("HITL_DATASETS_DIR", str(folder))
        with running(folder / "data") as service:
            yield OneTask(service, folder, spec)


def bring(service: Running, task: str, pictures: Sequence[Labelled]) -> dict[str, tuple[dict[str, Any], str]]:
    """Upload each picture and open its case; returns answer and truth by case."""
    found = {}
    with service.as_("client") as client:
        for data, truth in pictures:
            answer = client.decide(task, {"image": client.upload(task, data)["blob"]})
            found[str(answer["case_id"])] = (answer, truth)
    return found


def answer_reviews(service: Running, task: str, truths: Mapping[str, str]) -> int:
    """Let people answer what waits with the truth, until every case of ``truths`` is decided; returns how many answers they
    gave."""
    desks = (("ada", task), ("ben", task), ("eve", f"{task}.expert"))
    answered = 0

    def is_all_decided() -> bool:
        nonlocal answered
        answered += sum(_answer_queue(service, who, queue, truths) for who, queue in desks)
        with service.as_("client") as client:
            return all(client.decision(case)["status"] == DECIDED for case in truths)

    until(is_all_decided, ANSWERED_WITHIN_S)
    return answered


def _answer_queue(service: Running, who: str, queue: str, truths: Mapping[str, str]) -> int:
    answered = 0
    with service.as_(who) as reviewer:
        while review := reviewer.claim(queue).get("review"):
            answered += 1
            reviewer.answer(review["review_id"], review["lease"]["id"], truths[review["case_id"]])
    return answered


def retrain(service: Running, task: str, trials: int) -> dict[str, Any]:
    """``hitl retrain``; returns what it says."""
    told = service.command("retrain", "--task", task, "--trials", str(trials), "--json").stdout
    found: dict[str, Any] = json.loads(told)
    return found


def serve(service: Running, task: str, approval_id: str, digest: str) -> None:
    """Two votes, and wait until the model answers."""
    vote(service, approval_id, digest, "kim", "lee")

    def serves() -> bool:
        with service.as_("client") as client:
            return [each["digest"] for each in client.task(task)["serving"]["versions"]] == [digest]

    until(serves)
