"""``hitl workflow``: start a workflow and run its stages on this machine's service."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
import yaml

from hitl.cli.commands import accounts
from hitl.cli.commands.connection import JsonOutput, Trials, progress, tell
from hitl.cli.commands.retrain import retrain
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import UpState
from hitl.client import AsyncClient, Client
from hitl.client.answer_types import StagedWorkflow
from hitl.client.model_stages import model_stages
from hitl.client.runner import run_workflow
from hitl.identity import Role
from hitl.settings import Settings

workflow_app = typer.Typer(no_args_is_help=True, help=__doc__)

ACCOUNT = "workflow-runner"
STAGES = ("data_prep", "training", "validation", "deployment", "monitoring")

WorkflowId = Annotated[str, typer.Argument(help="The workflow's id, as 'start' printed it.")]
TaskOption = Annotated[str, typer.Option(help="The task whose model the workflow is about.")]


@workflow_app.command()
def start(task: TaskOption = "digits", trials: Trials = None, as_json: JsonOutput = False) -> None:
    """Create the five stages for a task and begin; prints the workflow's id. 'run' does what is ready."""
    state = _state()
    with _key(state) as key, Client(state.url, key) as client:
        made = client.create_workflow(_body(task, trials))
        client.execute_workflow(made["workflow_id"])
    tell({"workflow_id": made["workflow_id"]}, made["workflow_id"], as_json)


@workflow_app.command()
def run(workflow_id: WorkflowId, as_json: JsonOutput = False) -> None:
    """Do what is ready, until the workflow waits for people or is over. Run it again after they have answered."""
    state = _state()
    with _key(state) as key:
        flow = asyncio.run(_run(state, key, workflow_id, progress(as_json)))
    names = ("workflow_id", "status", "progress", "interaction_id", "error")
    stages = {stage["name"]: stage["status"] for stage in flow["stages"]}
    found = {**{name: flow.get(name) for name in names}, "stages": stages}
    tell(found, yaml.safe_dump(found, sort_keys=False).rstrip(), as_json)


async def _run(state: UpState, key: str, workflow_id: str, say: Callable[[str], None]) -> StagedWorkflow:
    async def train(task: str, trials: int | None) -> Mapping[str, object]:
        return await asyncio.to_thread(retrain, state, task, trials, say)

    async with AsyncClient(state.url, key) as client:
        return await run_workflow(client, workflow_id, model_stages(client, train))


def _body(task: str, trials: int | None) -> Mapping[str, object]:
    config: dict[str, Mapping[str, object]] = {
        "data_prep": {"dataset": task},
        "training": {} if trials is None else {"trials": trials},
    }
    stages = [{"type": kind, "config": config.get(kind, {})} for kind in STAGES]
    return {"name": f"a model for {task}", "modelName": task, "experimentName": task, "stages": stages}


def _state() -> UpState:
    return control.running(place_of(Settings().data_dir))


@contextmanager
def _key(state: UpState) -> Iterator[str]:
    """A key of the runner's account, for as long as it is needed."""
    text = accounts.issue_all(state.redis_url, {ACCOUNT: [Role.TRAINER, Role.OPERATOR]})[ACCOUNT]
    try:
        yield text
    finally:
        accounts.revoke(state.redis_url, text.split("_")[1])
