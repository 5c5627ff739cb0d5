"""Search hyper-parameters: Ray Tune with Optuna over the space that the task declares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ray.tune
from ray.tune.logger import JsonLoggerCallback
from ray.tune.search.optuna import OptunaSearch

from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.tasks.model_spec import IntRange, ModelSpec, Range, SearchChoice
from training.args import Compute
from training.failure import TuningFailed, cause_of
from training.trial import METRIC, trial
from training.trial_row import TrialRow


@dataclass(frozen=True, slots=True)
class TuningResult:
    """``params`` of the best trial joined with the task's fixed ones; ``trials`` is one row a trial, for the evidence."""

    params: Hyperparameters
    trials: list[TrialRow]


def search(model: ModelSpec, sample: TrainingSample, compute: Compute, callback: ray.tune.Callback) -> TuningResult:
    """Blocks until all trials have ended. Raises TuningFailed with the first one's cause when none succeeded."""
    space = {name: _domain(range_) for name, range_ in model.search.items()}
    objective = ray.tune.with_parameters(trial, sample=sample, model=model, seed=compute.seed)
    tuner = ray.tune.Tuner(
        ray.tune.with_resources(objective, {"CPU": compute.cpus_per_trial}),
        param_space=space,
        tune_config=_tune_config(compute, model.trials if space else 1, bool(space)),
        run_config=_run_config(compute, callback),
    )
    results = tuner.fit()
    if len(results.errors) == len(results):
        why = cause_of(results.errors[0]) if results.errors else "no trial was started"
        raise TuningFailed(model.family, len(results), why)
    best = results.get_best_result(METRIC, "min")
    return TuningResult(model.params | (best.config or {}), [_row(result) for result in results])


def _tune_config(compute: Compute, trials: int, has_space: bool) -> ray.tune.TuneConfig:
    return ray.tune.TuneConfig(
        metric=METRIC,
        mode="min",
        num_samples=trials,
        max_concurrent_trials=compute.concurrent_trials,
        search_alg=OptunaSearch(seed=compute.seed) if has_space else None,
        reuse_actors=True,
    )


def _run_config(compute: Compute, callback: ray.tune.Callback) -> ray.tune.RunConfig:
    """Tune reads the JSON log back when it ends; its other writers are off."""
    callbacks = [JsonLoggerCallback(), callback]
    return ray.tune.RunConfig(name=compute.run_name, storage_path=compute.storage_path, callbacks=callbacks, verbose=0)


def _domain(range_: Range) -> Any:
    if isinstance(range_, SearchChoice):
        return ray.tune.choice(range_.values)
    if isinstance(range_, IntRange):
        draw: Callable[..., Any] = ray.tune.lograndint if range_.log else ray.tune.randint
        return draw(range_.low, range_.high + 1)  # the task's ranges include both ends, Tune's upper bound is open
    return (ray.tune.loguniform if range_.log else ray.tune.uniform)(range_.low, range_.high)


def _row(result: Any) -> TrialRow:
    metrics = result.metrics or {}
    return {
        "params": result.config,
        "log_loss": metrics.get(METRIC),
        "accuracy": metrics.get("accuracy"),
        "seconds": metrics.get("time_total_s"),
        "failed": result.error is not None,
    }
