"""A module on its device: here the CPU. What CUDA does is the same behind one class, and not run by these tests."""

import threading

import numpy as np
import pytest
import torch

from hitl.errors import InvalidConfig
from hitl.inference import Mlp, TorchMlp
from hitl.inference.engine import GRAPH_ROWS, Engine, device_named, graph_rows

ROWS = np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32)


def engine() -> tuple[Mlp, Engine]:
    torch.manual_seed(0)
    module = Mlp(4, 8, 3)
    return module, Engine(module, 4, "cpu")


def test_the_engine_says_what_the_bare_forward_says() -> None:
    module, made = engine()
    with torch.inference_mode():
        bare = torch.softmax(module(torch.from_numpy(ROWS)).double(), 1).numpy()
    np.testing.assert_array_equal(made.probabilities(ROWS), bare)


def test_threads_that_ask_at_once_get_their_own_rows() -> None:
    _, made = engine()
    expected, found = made.probabilities(ROWS), dict[int, np.ndarray]()

    def ask(start: int) -> None:
        found[start] = made.probabilities(ROWS[start : start + 10])

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(0, 100, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose(np.vstack([found[i] for i in sorted(found)]), expected, atol=1e-6)


@pytest.mark.parametrize(("rows", "graph"), [(1, 1), (2, 8), (8, 8), (64, 64), (65, None)])
def test_a_batch_takes_the_smallest_graph_that_holds_it(rows: int, graph: int | None) -> None:
    assert graph_rows(rows) == graph
    assert list(GRAPH_ROWS) == sorted(GRAPH_ROWS)


def test_a_device_that_is_unknown_or_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_named("auto").type == device_named("cpu").type == "cpu"
    for name in ("cuda", "tpu"):
        with pytest.raises(InvalidConfig, match="HITL_DEVICE"):
            device_named(name)


@pytest.mark.covers("003-40")
def test_a_gpu_is_taken_where_it_is_there_unless_the_setting_says_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [device_named(name).type for name in ("auto", "cuda", "cpu")] == ["cuda", "cuda", "cpu"]


def test_a_model_keeps_its_device_with_another_calibration() -> None:
    model = TorchMlp(("a", "b", "c"), engine()[0], {}, device="cpu")
    assert model.calibrated(None)._engine.device.type == "cpu"
