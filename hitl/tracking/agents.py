"""Agents as configuration: one YAML file each, with tier, group, use case and what to log."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitl.errors import InvalidConfig
from hitl.tracking.decorators import track_agent
from hitl.tracking.naming import agent_experiment
from hitl.yaml_text import from_yaml

F = TypeVar("F", bound=Callable[..., Any])


class AgentSpec(BaseModel):
    """``mlflow_experiment`` replaces the name made of group, tier and use case; ``group`` may be given per run instead
    (one agent working for several brands); ``kpis`` are the figures that the agent is judged by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agent: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    title: str
    tier: Annotated[int, Field(ge=1, le=99)]
    use_case: str
    group: str | None = None
    kpis: list[str] = []
    mlflow_experiment: str | None = None
    log_prompts: bool = True
    log_artifacts: bool = True
    model: str | None = None
    parameters: dict[str, str | int | float | bool] = {}

    def experiment(self, root: str | None = None, group: str | None = None) -> str:
        """The experiment of this agent's runs for ``group``."""
        return self.mlflow_experiment or agent_experiment(root, group or self.group, self.tier, self.use_case)

    def notes(self, root: str | None = None, group: str | None = None) -> dict[str, Any]:
        """Notes on every run of the agent."""
        told = {"agent": self.agent, "tier": str(self.tier), "use_case": self.use_case, "kpis": ",".join(self.kpis)}
        tags = told | ({"group": group or self.group or ""} if group or self.group else {})
        said = {"tags": tags, "experiment": self.experiment(root, group), "params": dict(self.parameters)}
        switches = {"log_prompts": self.log_prompts, "log_artifacts": self.log_artifacts}
        return said | switches | ({"model": self.model} if self.model else {})

    def tracked(self, fn: F, *, root: str | None = None, group: str | None = None) -> F:
        """Return ``fn``, the agent's entry point, tracked under the agent's name."""
        return track_agent(self.agent, self.use_case, **self.notes(root, group))(fn)


def load_agent(path: Path) -> AgentSpec:
    """Load the agent that a YAML file describes. Raises InvalidConfig that names the key."""
    try:
        return AgentSpec.model_validate(from_yaml(path.read_text(encoding="utf-8"), str(path)))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(str(path), ".".join(str(part) for part in first["loc"]), first["msg"]) from error


def load_agents(paths: Iterable[Path]) -> dict[str, AgentSpec]:
    """Load all agents by name. Raises InvalidConfig for a name that comes twice."""
    agents: dict[str, AgentSpec] = {}
    for path in sorted(paths):
        spec = load_agent(path)
        if spec.agent in agents:
            raise InvalidConfig(str(path), "agent", f"{spec.agent!r} is defined twice")
        agents[spec.agent] = spec
    return agents
