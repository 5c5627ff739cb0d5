"""The perceptron that a CPU serves without torch: what torch computes, by numpy."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import Mlp, TorchMlp, cuda_driver, load, pack
from hitl.inference.families.perceptron import PerceptronFamily
from hitl.inference.numpy_mlp import NumpyMlp
from hitl.inference.torch_mlp import from_bytes as from_bytes_in_torch
from hitl.quality.calibration import Temperature

SIZES = [(1, 1, 2), (4, 8, 3), (64, 64, 10), (384, 128, 5)]
COUNTS = [1, 2, 8, 64, 500]


def model(width: int, hidden: int, classes: int) -> TorchMlp:
    """Random weights of the size of trained ones, and features on scales of their own."""
    torch.manual_seed(width + hidden + classes)
    module = Mlp(width, hidden, classes)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=2.0 / parameter.shape[-1] ** 0.5)
    module.standardise(torch.tensor(rows_of(width, 50)))
    return TorchMlp(tuple(map(str, range(classes))), module, {"learning_rate": 0.01}, Temperature(0.5))


def rows_of(width: int, count: int) -> np.ndarray:
    rng = np.random.default_rng(count)
    return (rng.normal(size=(count, width)) * np.linspace(0.1, 16, width) + 5).astype(np.float32)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("size", SIZES)
def test_numpy_says_what_torch_says(size: tuple[int, int, int], count: int) -> None:
    in_torch = model(*size)
    in_numpy = load(pack(in_torch), in_torch.labels, size[0], "cpu")
    expected, found = in_torch.predict(rows_of(size[0], count)), in_numpy.predict(rows_of(size[0], count))
    assert isinstance(in_numpy, NumpyMlp)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(found.argmax(axis=1), expected.argmax(axis=1))


def test_a_thousand_features_and_units_stay_as_near_to_the_exact_numbers_as_float32_gets() -> None:
    """Each of the two rounds its own sums: by 1.2e-6 they differ from one another, and by less from what float64 gives."""
    in_torch, rows = model(1000, 1024, 10), rows_of(1000, 500)
    found = load(pack(in_torch), in_torch.labels, 1000, "cpu").predict(rows)
    with torch.inference_mode():
        exact = torch.softmax(in_torch._module.double()(torch.tensor(rows).double()), dim=1).numpy()
    np.testing.assert_allclose(found, exact, rtol=0, atol=2e-6)
    np.testing.assert_array_equal(found.argmax(axis=1), exact.argmax(axis=1))


def test_numpy_writes_the_bytes_that_it_read() -> None:
    data = pack(model(4, 8, 3))
    assert pack(load(data, ("0", "1", "2"), 4, "cpu")) == data
    assert pack(from_bytes_in_torch(data, ("0", "1", "2"), 4, "cpu")) == data


def test_another_calibration_changes_the_bytes_and_no_probability() -> None:
    before = load(pack(model(4, 8, 3)), ("0", "1", "2"), 4, "cpu")
    after = before.calibrated(Temperature(2.0))
    assert (before.calibration, after.calibration) == (Temperature(0.5), Temperature(2.0))
    assert pack(after) != pack(before)
    np.testing.assert_array_equal(after.predict(rows_of(4, 8)), before.predict(rows_of(4, 8)))


def test_numbers_beyond_all_bounds_give_no_probability_and_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    said = load(pack(model(4, 8, 3)), ("0", "1", "2"), 4, "cpu").predict(np.full((1, 4), 3e38, dtype=np.float32))
    assert not np.isfinite(said).all()
    assert not recwarn.list


@pytest.mark.parametrize("tensor", ["mean", "layers.2.bias"])
def test_a_file_whose_tensors_are_of_another_type_is_refused(tensor: str) -> None:
    made = model(4, 8, 3)
    made._module.to(torch.float64)
    with pytest.raises(ArtifactRejected, match="expected float32"):
        load(pack(made), ("0", "1", "2"), 4, "cpu")


@pytest.mark.parametrize(
    ("device", "has_gpu", "library"),
    [
        ("auto", False, "hitl.inference.numpy_mlp"),
        ("auto", True, "hitl.inference.torch_mlp"),
        ("cpu", True, "hitl.inference.numpy_mlp"),
        ("cuda", False, "hitl.inference.torch_mlp"),
    ],
)
def test_torch_is_there_where_it_may_find_a_gpu(
    device: str, has_gpu: bool, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hitl.inference.families.perceptron.may_have_gpu", lambda: has_gpu)
    assert PerceptronFamily().libraries(device) == (library,)


def test_a_model_for_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for device in ("cuda", "tpu"):
        with pytest.raises(ArtifactRejected, match=InvalidConfig.__name__):
            load(pack(model(4, 8, 3)), ("0", "1", "2"), 4, device)


@pytest.mark.parametrize("shown", ["", "-1"])
def test_a_process_that_is_shown_no_gpu_has_none(shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda_driver, "LIBRARY", "libc.so.6")
    assert cuda_driver.may_have_gpu()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", shown)
    assert not cuda_driver.may_have_gpu()


def test_a_machine_without_a_driver_has_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda_driver, "LIBRARY", "libnobodyhasthis.so.1")
    assert not cuda_driver.may_have_gpu()


def test_serving_on_a_cpu_computes_on_one_thread() -> None:
    """In a process of its own: the limit is that of a process."""
    code = """
import torch, sys
from hitl.inference import Mlp, TorchMlp, load, pack
from threadpoolctl import threadpool_info
load(pack(TorchMlp(("a", "b"), Mlp(4, 8, 2), {})), ("a", "b"), 4, "cpu")
print([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(told.stdout.strip()) == set("[1]")
