"""Versions of agent configurations: registered, tuned, deployed and rolled back through the gate."""

from collections.abc import Callable, Mapping
from typing import Any

import optuna

from hitl.canonical import fingerprint
from hitl.errors import InvalidInput
from hitl.tasks.model_spec import FloatRange, IntRange, Range, SearchChoice
from hitl.tracking.agents import AgentSpec
from hitl.tracking.service import DIGEST_TAG, MLflowService, TrackingRegistry
from hitl.tracking.tracker import Tracker
from hitl.tracking.types import ModelVersion

SUFFIX = "-agent"
KIND = "agent_deployment"
SaveConfig = Callable[[str, dict[str, Any]], tuple[str, str]]
"""Stores a configuration: experiment name and content in, run id and source out."""


class AgentVersions:
    """Versions of agents. ``save`` writes the configuration where versions can point to it."""

    def __init__(self, service: MLflowService, registry: TrackingRegistry, save: SaveConfig) -> None:
        self._service, self._registry, self._save = service, registry, save

    def register(self, spec: AgentSpec) -> ModelVersion:
        """Register the version of exactly this configuration: a new one, or the one that is there already."""
        name, content = spec.agent + SUFFIX, spec.model_dump(mode="json")
        digest = fingerprint(content)
        self._service.register_model(name, spec.title)
        for known in self._registry.versions(name):
            if known.tags.get(DIGEST_TAG) == digest:
                return known
        run_id, source = self._save(spec.experiment(), content)
        return self._service.create_model_version(name, source, run_id, digest=digest)

    def propose(self, spec: AgentSpec) -> ModelVersion:
        """Register a configuration, the best of a tuning say, and ask the gate for it."""
        return self.deploy(spec.agent, self.register(spec).version)

    def deploy(self, agent: str, version: str) -> ModelVersion:
        """Ask the gate for a version; a version that was deployed before is a roll back, by the same way."""
        return self._service.transition_model_version(agent + SUFFIX, version, "Production", kind=KIND)

    def history(self, agent: str) -> list[ModelVersion]:
        """Return all versions, the newest first, with stage and approval."""
        return sorted(self._registry.versions(agent + SUFFIX), key=lambda item: -int(item.version))


def tune(
    spec: AgentSpec,
    space: Mapping[str, Range],
    score: Callable[[AgentSpec], float],
    tracker: Tracker,
    *,
    trials: int = 20,
    seed: int = 0,
) -> tuple[AgentSpec, float]:
    """Return the configuration with the highest ``score`` found, and its score. Every trial is recorded as it ends.

    Raises InvalidInput for an empty space. Nothing is deployed: register the result and ask the gate.
    """
    if not space:
        raise InvalidInput("/space", "at least one parameter to search")

    def trial_score(trial: optuna.Trial) -> float:
        tried = _with(spec, {name: _suggested(trial, name, wanted) for name, wanted in space.items()})
        value = score(tried)
        tags = {"agent": spec.agent, "trial": str(trial.number)}
        tracker.log_experiment_result(spec.agent, "tuning", dict(tried.parameters), {"objective": value}, tags)
        return value

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(trial_score, n_trials=trials)
    return _with(spec, study.best_params), float(study.best_value)


def _with(spec: AgentSpec, parameters: Mapping[str, Any]) -> AgentSpec:
    return spec.model_copy(update={"parameters": {**spec.parameters, **parameters}})


def _suggested(trial: optuna.Trial, name: str, wanted: Range) -> Any:
    if isinstance(wanted, IntRange):
        return trial.suggest_int(name, wanted.low, wanted.high, log=wanted.log)
    if isinstance(wanted, FloatRange):
        return trial.suggest_float(name, wanted.low, wanted.high, log=wanted.log)
    assert isinstance(wanted, SearchChoice)
    return trial.suggest_categorical(name, wanted.values)
