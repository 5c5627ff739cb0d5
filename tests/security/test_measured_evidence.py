"""A trainer writes better figures than its model has: approvers see what the service measured on the held-out rows."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.canonical import canonical, digest_of
from hitl.errors import ArtifactRejected, Overloaded, StoreUnavailable
from hitl.inference import Classifier, Mlp, SklearnModel, TorchMlp, pack
from hitl.learning.held_out import NamedModel, Timing, pack_on_held_out, verdicts
from hitl.tasks import load_task
from hitl.tasks.fine_tune_terms import SmallCnnTerms
from serve_app.evidence import measuring
from serve_app.evidence.measuring import MeasureCandidate
from tests.fixtures.fine_tuning import PICTURES, SIDE, STRIPES, task_over, untrained, write_stripes
from tests.review_app.conftest import World
from tests.rounded import rounded
from tests.running import rows, task_spec

SPEC, PARTS = task_spec("digits"), rows("digits")
HELD_OUT = held_out_sample(PARTS.holdout, tuple(SPEC.labels))


def fitted(strength: float) -> Classifier:
    """A weak model of few rows, so that its figures are not round."""
    learn = PARTS.initial
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=200))
    pipeline.fit(np.asarray(learn.rows)[:120], np.asarray([SPEC.labels.index(label) for label in learn.labels[:120]]))
    return SklearnModel(tuple(SPEC.labels), "sklearn.linear_model.LogisticRegression", pipeline)


CANDIDATE, CHAMPION = fitted(0.01), fitted(1.0)
PACKED = {name: pack(model) for name, model in (("candidate", CANDIDATE), ("champion", CHAMPION))}
DIGEST, SERVING = digest_of(PACKED["candidate"]), digest_of(PACKED["champion"])


def claims(champion: bool = False) -> dict[str, Any]:
    """What an honest training job says."""
    old, new = (NamedModel(SERVING, CHAMPION) if champion else None), NamedModel(DIGEST, CANDIDATE)
    pack_ = pack_on_held_out(SPEC, HELD_OUT, new, old, {DIGEST: Timing(1.0, 2.0), SERVING: Timing(2.0, 3.0)})
    found: dict[str, Any] = json.loads(canonical(verdicts(SPEC, HELD_OUT, CANDIDATE, old) | {"promotion": pack_}))
    return found


HONEST = claims()
MEASURED = json.loads(canonical(verdicts(SPEC, HELD_OUT, CANDIDATE, None))) | {
    "promotion": json.loads(canonical(pack_on_held_out(SPEC, HELD_OUT, NamedModel(DIGEST, CANDIDATE), None)))
}
ACCURACY = HONEST["candidate"]["accuracy"]["value"]


@pytest.fixture
def measuring_world(world: World) -> World:
    """What the service measures is known beforehand: only the comparison is on trial."""

    async def measure(*_: Any) -> Any:
        return json.loads(canonical(MEASURED))

    world.ports = replace(world.ports, measure=measure)
    world.serve()
    return world


async def ask(world: World, evidence: dict[str, Any], digest: str = DIGEST) -> httpx2.Response:
    body = {"task": "digits", "digest": digest, "title": "two", "evidence": evidence}
    return await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")


async def seen(world: World, answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    found = await world.call("GET", f"/v1/approvals/{answer.json()['approval_id']}", "approver")
    evidence: dict[str, Any] = found.json()["approval"]["evidence"]
    return evidence


def forged(*path: str | int, value: Any) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        evidence = inner = json.loads(canonical(HONEST))
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        return dict(evidence)

    return make


FORGERIES = [
    forged("candidate", "accuracy", "value", value=0.999),
    forged("candidate", "accuracy", value=0.999),
    forged("candidate", "accuracy", "correct", value=10_000),
    forged("candidate", "log_loss", value=0.001),
    forged("candidate", "recall", "3", "value", value=0.123),
    forged("candidate", "new_figure", value=0.999),
    forged("candidate", "confusion", "rows_true_columns_predicted", 0, 0, value=10_000),
    forged("candidate", value="perfect"),
    forged("champion", value={"digest": "a" * 64, "accuracy": {"value": 0.1}}),
    forged("comparison", value={"only_candidate_right": 100}),
    forged("promotion", "models", "challenger", "accuracy", "value", value=0.999),
    forged("promotion", "models", "challenger", "automatic", "share", value=1.0),
    forged("promotion", "models", "champion", value={"accuracy": {"value": 0.1}}),
    forged("promotion", "comparison", value={"verdict": "better"}),
    forged("promotion", "rows", "n", value=1_000_000),
    forged("promotion", "rollback", value="nobody can"),
    forged("accuracy", value=0.999),
    forged("log_loss", value=0.0),
]


@pytest.mark.parametrize("make", FORGERIES)
async def test_a_figure_that_was_not_measured_is_refused_and_both_are_shown(
    measuring_world: World, make: Callable[[], dict[str, Any]]
) -> None:
    before = await measuring_world.state()
    answer = await ask(measuring_world, make())
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "evidence-mismatch")
    assert "the request says" in answer.text
    assert "the service measured" in answer.text
    assert await measuring_world.state() == before


async def test_the_refusal_says_both_figures(measuring_world: World) -> None:
    answer = await ask(measuring_world, {"candidate": {"accuracy": {"value": 0.999}}})
    assert answer.json()["detail"] == (
        f"/evidence/candidate/accuracy/value: the request says 0.999, the service measured {ACCURACY} on the held-out rows"
    )


async def test_an_honest_request_is_shown_with_what_the_service_measured(measuring_world: World) -> None:
    evidence = await seen(measuring_world, await ask(measuring_world, HONEST | {"trials": []}))
    assert evidence["candidate"] == HONEST["candidate"]
    assert evidence["promotion"] == HONEST["promotion"]
    assert (evidence["measured"]["by"], evidence["trials"]) == ("service", [])


@pytest.mark.parametrize("said", [{}, {"candidate": None, "champion": None}, {"candidate": {}}, {"measured": {"by": "me"}}])
async def test_who_says_nothing_hides_nothing(measuring_world: World, said: dict[str, Any]) -> None:
    evidence = await seen(measuring_world, await ask(measuring_world, said))
    assert evidence["candidate"]["accuracy"]["value"] == ACCURACY
    assert evidence["promotion"]["models"]["challenger"]["digest"] == DIGEST
    assert evidence["measured"]["by"] == "service"


async def test_another_machine_rounds_otherwise(measuring_world: World) -> None:
    loss = HONEST["candidate"]["log_loss"]
    evidence = await seen(measuring_world, await ask(measuring_world, forged("candidate", "log_loss", value=loss * 1.00001)()))
    assert evidence["candidate"]["log_loss"] == loss


@pytest.mark.parametrize("odd", ["<form>", [1], {"value": "x", "n": 1}, -1, {"a": 1}])
async def test_what_nobody_measures_is_a_number_or_refused(measuring_world: World, odd: Any) -> None:
    make = forged("promotion", "models", "challenger", "latency_ms", value=odd)
    assert (await ask(measuring_world, make())).status_code == 422


async def test_the_page_of_approvers_shows_the_measured_figures(measuring_world: World) -> None:
    made = await ask(measuring_world, {})
    page = await measuring_world.call("GET", f"/v1/approvals/{made.json()['approval_id']}/evidence", "approver")
    assert (page.status_code, f"{ACCURACY:.4g}" in page.text) == (200, True)


# The process itself, with real bytes.


def measurer(folder: Path, within_s: float = 120.0) -> MeasureCandidate:
    store = ArtifactStore(str(folder))
    for packed in PACKED.values():
        store.put(packed)
    return MeasureCandidate(str(folder), Path("datasets"), within_s, answer_within_s=within_s + 60.0)  # none is told to come back


async def test_the_service_measures_the_bytes_themselves(tmp_path: Path, world: World) -> None:
    world.ports = replace(world.ports, measure=measurer(tmp_path))
    world.serve()
    assert (await ask(world, {"candidate": {"accuracy": {"value": 0.999}}})).status_code == 409
    evidence = await seen(world, await ask(world, HONEST))
    assert evidence["candidate"] == rounded(HONEST["candidate"])


async def test_the_candidate_is_compared_with_what_serves(tmp_path: Path) -> None:
    found: Any = await measurer(tmp_path)(SPEC, DIGEST, SERVING)
    said = rounded(claims(champion=True))
    assert found["champion"] == said["champion"]
    assert found["comparison"] == said["comparison"]
    assert found["promotion"]["comparison"]["table"] == said["promotion"]["comparison"]["table"]


def overflowing() -> bytes:
    """Finite on the blank row that every model is tried on, and on no image."""
    module = Mlp(SPEC.width, 8, len(SPEC.labels))
    with torch.no_grad():
        module.layers[0].weight.fill_(1e38)
    return pack(TorchMlp(tuple(SPEC.labels), module, {}))


async def test_bytes_that_are_not_there_or_no_model_open_nothing(tmp_path: Path, world: World) -> None:
    measure = measurer(tmp_path)
    junk, overflows = ArtifactStore(str(tmp_path)).put(b"no model at all"), ArtifactStore(str(tmp_path)).put(overflowing())
    world.ports = replace(world.ports, measure=measure)
    world.serve()
    before = await world.state()
    assert [(await ask(world, {}, digest)).status_code for digest in ("a" * 64, junk, overflows)] == [422, 422, 422]
    assert await world.state() == before


async def test_a_model_whose_encoder_was_trained_here_is_measured_on_pictures(tmp_path: Path) -> None:
    write_stripes(tmp_path / "stripes", 8)
    text = task_over(PICTURES, STRIPES, "stripes", f"{{architecture: small_cnn, size: {SIDE}}}", initial=9, held_out=15)
    digest = ArtifactStore(str(tmp_path)).put(untrained(SmallCnnTerms(architecture="small_cnn", size=SIDE), STRIPES))
    measure = MeasureCandidate(str(tmp_path), tmp_path, 120.0, answer_within_s=180.0)
    found: Any = await measure(load_task(text, "a file"), digest, None)
    assert found["candidate"]["accuracy"]["n"] == 15


@pytest.mark.parametrize("program", ["while True: pass", "bytearray(64 * 2**30)", "import os; os._exit(1)", "print('{}')"])
async def test_a_process_that_breaks_a_limit_or_dies_opens_nothing(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "program_of", lambda *_: [sys.executable, "-c", program])
    with pytest.raises((ArtifactRejected, StoreUnavailable)):
        await measurer(tmp_path, within_s=1.0)(SPEC, DIGEST, None)


async def test_what_takes_long_goes_on_and_is_found_by_the_next_attempt(tmp_path: Path, world: World) -> None:
    measurer(tmp_path)
    world.ports = replace(world.ports, measure=MeasureCandidate(str(tmp_path), Path("datasets"), 120.0, answer_within_s=0.0))
    world.serve()
    first = await ask(world, {})
    assert (first.status_code, first.headers["retry-after"]) == (503, "2")
    assert first.json()["type"].endswith("still-measuring")
    while (again := await ask(world, {})).status_code == 503:  # noqa: ASYNC110
        await asyncio.sleep(0.1)  # the process runs outside: only time brings its answer
    assert (await seen(world, again))["candidate"]["accuracy"]["value"] == ACCURACY


async def test_the_queue_of_candidates_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MOST_WAITING", 0)
    with pytest.raises(Overloaded):
        await measurer(tmp_path)(SPEC, DIGEST, None)
