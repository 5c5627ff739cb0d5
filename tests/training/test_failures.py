"""A retraining that cannot succeed says why in its last line, and rare labels end none."""

import logging
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import ray.tune
from ray.exceptions import RayTaskError
from ray.train import WorkerGroupError
from ray.train.v2._internal.exceptions import UserExceptionWithTraceback

from hitl.inference.sample import TrainingSample
from hitl.tasks.model_spec import CalibrationTerms, ModelSpec
from training import pipeline, tuning
from training.args import Compute
from training.calibrate import keep_back
from training.failure import TuningFailed, UntrainableSample, cause_of, require_labels
from training.trial import cross_validate

LOGISTIC = ModelSpec(family="sklearn.linear_model.LogisticRegression")


def sample(fraud: list[int], rows: int = 40) -> TrainingSample:
    targets = np.zeros(rows, dtype=np.int64)
    targets[fraud] = 1
    features = np.random.default_rng(0).normal(size=(rows, 2)).astype(np.float32)
    return TrainingSample(features, targets, np.ones(rows, np.float32), ("fine", "fraud"))


@pytest.mark.parametrize("fraud", [[7], [7, 8], [0, 1, 2]])
@pytest.mark.parametrize("family", ["sklearn.linear_model.LogisticRegression", "sklearn.naive_bayes.GaussianNB", "torch_mlp"])
def test_a_label_with_few_rows_is_cross_validated(fraud: list[int], family: str) -> None:
    found = cross_validate(ModelSpec(family=family), sample(fraud), {}, 0)
    assert 0 < found["accuracy"] <= 1
    assert np.isfinite(found["log_loss"])


def test_rows_of_one_label_are_refused_with_its_name_and_their_number() -> None:
    with pytest.raises(UntrainableSample, match=r"40 rows .* 'fine'"):
        require_labels(sample([]))
    require_labels(sample([3]))


def test_the_calibration_keeps_back_no_label_that_the_model_would_lack() -> None:
    for seed in range(20):
        fitting, kept = keep_back(sample([7, 9], 400), CalibrationTerms(share=0.45), seed)
        assert kept is not None
        assert fitting.targets.sum() >= 1
        assert len(fitting.rows) + len(kept.rows) == 400


def _wrapped(error: Exception) -> RayTaskError:
    text = "ray::ImplicitFunc.train()\n  File x, line 1\n" + f"{type(error).__name__}: {error}\n"
    return RayTaskError("train", text, error)


def _raised(error: Exception) -> UserExceptionWithTraceback:
    return UserExceptionWithTraceback(error, f"Traceback\n  here\n{type(error).__name__}: {error}\n")


def _group(failures: dict[int, Exception]) -> WorkerGroupError:
    return WorkerGroupError("[Rank 0 Error Snippet]:\n" + "x" * 600, failures)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("C must be\npositive"), "ValueError: C must be positive"),
        (_wrapped(ValueError("C must be positive")), "ValueError: C must be positive"),
        (_wrapped(_wrapped(KeyError("a"))), "KeyError: 'a'"),
        (
            _group({0: _raised(RuntimeError("Connection closed by peer")), 1: _raised(ValueError("too large"))}),
            "ValueError: too large",
        ),
        (_group({0: _raised(RuntimeError("Connection closed by peer"))}), "RuntimeError: Connection closed by peer"),
        (RayTaskError("train", "Traceback\n  here\nOSError: no space\n", None), "OSError: no space"),
        (RuntimeError("x" * 2000), "RuntimeError: " + "x" * 486),
    ],
)
def test_the_cause_is_the_innermost_failure_in_one_line(error: Exception, line: str) -> None:
    assert cause_of(error) == line


def test_a_search_without_a_good_trial_says_what_the_first_one_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Results(list[Any]):
        errors = (_wrapped(ValueError("C must be positive")),)

    monkeypatch.setattr(ray.tune, "Tuner", lambda *_, **__: SimpleNamespace(fit=lambda: Results([1])))
    monkeypatch.setattr(ray.tune, "with_parameters", lambda objective, **_: objective)
    compute = Compute(1, 1.0, 1, 1.0, False, 0.0, 0, "x", "/tmp/x")
    with pytest.raises(TuningFailed, match=r"none of the 1 trials of sklearn.*: ValueError: C must be positive"):
        tuning.search(LOGISTIC, sample([1, 2]), compute, ray.tune.Callback())


def test_the_last_line_of_a_failed_job_is_its_cause(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: Any) -> Any:
        raise _wrapped(ValueError("C must be positive"))

    monkeypatch.setattr(pipeline, "_prepare_environment", lambda: None)
    monkeypatch.setattr(pipeline, "_task", fail)
    monkeypatch.setenv("HITL_API_KEY", "hitl_a_b")
    with caplog.at_level(logging.ERROR), pytest.raises(SystemExit) as ended:
        pipeline.main(["--task", "t", "--api", "http://127.0.0.1:9", "--tracking-uri", "x", "--artifact-uri", "y"])
    assert ended.value.code == "failed: ValueError: C must be positive"
    assert "the retraining of t failed" in caplog.text
