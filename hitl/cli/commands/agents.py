"""``hitl agents``: versions of agent configurations, which only approvals put in force or take back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.adapters.service.gate import HttpGate
from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.tracking.agent_versions import AgentVersions
from hitl.tracking.agents import load_agent
from hitl.tracking.process import active
from hitl.tracking.service import MLflowService
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.types import ModelVersion

agents_app = typer.Typer(
    help="Versions of agents' configurations. Needs a trainer's or operator's key in HITL_API_KEY.", no_args_is_help=True
)
_out = Console()

Agent = Annotated[str, typer.Argument(help="The agent's name.")]


@agents_app.command("register")
def register(
    file: Annotated[Path, typer.Argument(help="configs/agents/<name>.yaml")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Register a configuration; the same content again is the same version."""
    version = _versions(url, key).register(load_agent(file))
    told = {"name": version.name, "version": version.version, "digest": version.digest}
    tell(told, f"{version.name} version {version.version}, digest {version.digest}", as_json)


@agents_app.command("deploy")
def deploy(agent: Agent, version: str, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Ask for the approval of a version, or say how it stands; an older one is a roll back. Repeat it after the votes."""
    found = _versions(url, key).deploy(agent, version)
    status = found.tags.get("approval_status")
    told = {"name": found.name, "version": found.version, "status": status, "approval_id": found.approval_id}
    line = f"{found.name} version {found.version}: {status} ({found.approval_id}), {found.stage}"
    tell({**told, "stage": found.stage.value}, line, as_json)


@agents_app.command("history")
def history(agent: Agent, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Every version, the newest first, with its stage and approval."""
    versions = _versions(url, key).history(agent)
    if as_json:
        names = ("version", "stage", "approval_id", "digest")
        _out.print_json(data={"versions": [{name: getattr(each, name) for name in names} for each in versions]})
        return
    table = Table("version", "stage", "approval", "digest", title=agent)
    for found in versions:
        table.add_row(*_row(found))
    _out.print(table)


def _row(version: ModelVersion) -> tuple[str, str, str, str]:
    return version.version, version.stage.value, version.approval_id or "", (version.digest or "")[:12]


def _versions(url: str | None, key: str) -> AgentVersions:
    from hitl.adapters.mlflow.versions import ConfigStore, MlflowVersions  # only here: MLflow takes seconds to import

    uri = TrackingSettings().tracking_uri
    registry = MlflowVersions(uri)
    service = MLflowService(registry, HttpGate(client_of(url, key)), active())
    return AgentVersions(service, registry, ConfigStore(uri))
