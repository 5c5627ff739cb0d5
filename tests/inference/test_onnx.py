"""The family ``onnx``: one file that says how its graph is read, refusals, and answers as every other family's."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.adapters.checkers.admitting import LIMITS, admit
from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import load
from hitl.inference.families import family_named, is_foreign
from hitl.inference.onnx_bundle import GraphSource, OnnxBundle, bundle_from
from hitl.inference.onnx_graph import read_graph
from hitl.inference.onnx_model import OnnxModel
from hitl.quality.calibration import Temperature
from tests.inference import hostile_graphs as hostile

ROWS = np.random.default_rng(1).standard_normal((70, hostile.WIDTH)).astype(np.float32)
WEIGHTS = np.arange(hostile.WIDTH * 2, dtype=np.float32).reshape(hostile.WIDTH, 2) / 10


def expected(rows: np.ndarray) -> np.ndarray:
    logits = rows.astype(np.float64) @ WEIGHTS
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def test_a_bundle_is_read_back_as_it_was_and_answers_as_its_graph() -> None:
    source = GraphSource("xgboost 3.2.0", "a" * 64)
    made = OnnxBundle(hostile.honest(), hostile.LABELS, hostile.WIDTH, "said", "logits", (1, 0), source, Temperature(2.0))
    data = made.to_bytes()
    assert data == made.to_bytes()
    assert bundle_from(data) == made
    model = load(data, hostile.LABELS, hostile.WIDTH)
    np.testing.assert_allclose(model.predict(ROWS), expected(ROWS)[:, [1, 0]], atol=1e-6)
    assert (model.calibration, model.to_bytes(), is_foreign(data)) == (Temperature(2.0), data, True)


@pytest.mark.parametrize(
    ("form", "column", "right"),
    [
        ("positive", np.array([0.0, 0.25, 1.0]), [[1, 0], [0.75, 0.25], [0, 1]]),
        ("positive_logit", np.array([0.0, 100.0, -100.0]), [[0.5, 0.5], [0, 1], [1, 0]]),
    ],
)
def test_one_number_a_row_is_about_the_second_label(form: str, column: np.ndarray, right: list[list[float]]) -> None:
    weights = np.array([[1.0], [0.0], [0.0], [0.0]], dtype=np.float32)
    node = hostile.helper.make_node("MatMul", ["rows", "w"], ["said"])
    bundle = OnnxBundle(hostile.graph_of(node, constants={"w": weights}), hostile.LABELS, 4, "said", form, (0, 1))  # type: ignore[arg-type]
    rows = np.zeros((3, 4), dtype=np.float32)
    rows[:, 0] = column
    np.testing.assert_allclose(OnnxModel(bundle).predict(rows), right, atol=1e-7)


@pytest.mark.parametrize("why", hostile.READ)
def test_reading_refuses_and_says_why(why: str) -> None:
    with pytest.raises(ValueError, match="not an ONNX file" if why == "truncated" else why):
        read_graph(hostile.READ[why]())
    with pytest.raises(ArtifactRejected):
        load(hostile.bundle(hostile.READ[why]()), hostile.LABELS, hostile.WIDTH)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ("no", "yes", "perhaps"), "columns": (0, 1, 2)},
        {"columns": (0, 0)},
        {"columns": (0, 5)},
        {"width": 5},
        {"output": "other"},
        {"form": "code"},
    ],
)
def test_a_header_that_says_otherwise_is_refused(change: dict[str, object]) -> None:
    made = OnnxBundle(hostile.honest(), hostile.LABELS, hostile.WIDTH, "said", "logits", (0, 1))
    with pytest.raises(ArtifactRejected):
        load(replace(made, **change).to_bytes(), hostile.LABELS, hostile.WIDTH)  # type: ignore[arg-type]


def test_bytes_that_only_begin_like_a_bundle_are_nobodys() -> None:
    broken = (8).to_bytes(8, "little") + b'{"__meta'
    assert not is_foreign(broken)
    with pytest.raises(ArtifactRejected):
        load(broken, hostile.LABELS, hostile.WIDTH)


def test_it_is_not_trained_here() -> None:
    with pytest.raises(InvalidConfig, match="hitl model import"):
        family_named("onnx").fit(None, {}, 0)  # type: ignore[arg-type]


async def test_an_honest_graph_is_admitted_with_its_figures() -> None:
    admission = await admit(hostile.bundle(hostile.honest()), hostile.LABELS, hostile.WIDTH)
    assert (admission.rows, admission.largest_difference) == (192, pytest.approx(0, abs=1e-6))
    assert 0 < admission.batch_ms < 1000


@pytest.mark.parametrize("why", hostile.RUN)
async def test_trying_refuses_what_reading_cannot_see(why: str) -> None:
    read_graph(hostile.RUN[why]())
    limits = replace(LIMITS, wall_s=8.0, cpu_s=6) if why == "holds" else LIMITS
    with pytest.raises(ArtifactRejected, match="took more than|died" if why == "holds" else why):
        await admit(hostile.bundle(hostile.RUN[why]()), hostile.LABELS, hostile.WIDTH, limits)
