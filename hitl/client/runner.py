"""Run workflow stages and cases as a worker, over HTTP."""

from collections.abc import Awaitable, Callable, Mapping

from hitl.client.answer_types import CaseView, DecidedCase, StagedWorkflow, StageView, TakenStage
from hitl.client.asynchronous import AsyncClient

RunStage = Callable[[TakenStage], Awaitable[Mapping[str, object]]]
"""Does a stage: what it returns is its result, what it raises its failure."""

Predict = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object]]]
"""The model's answer to a case's ``request_data``: ``{"prediction", "confidence", …}``."""

READY, STUCK = "ready", "running"
MOST_OF_AN_ERROR = 4_000
"""Characters."""


async def run_workflow(client: AsyncClient, workflow_id: str, runners: Mapping[str, RunStage]) -> StagedWorkflow:
    """Run what is ready of the workflow, by type of stage, until it waits for people or is over; the workflow as it stands then.

    Called again after a crash or an approval it goes on: a stage that is completed never runs again.
    Raises ValueError for a case, which has no stages."""
    while True:
        flow = await client.workflow(workflow_id)
        if "stages" not in flow:
            raise ValueError(f"{workflow_id} is a case: it has no stages to run")
        stage = next((each for each in flow["stages"] if each["status"] != "completed"), None)
        if stage is None or flow["status"] != "running" or not _may_be_taken(stage):
            return flow
        await _report(client, workflow_id, await client.take_stage(workflow_id, stage["name"]), runners)


async def _report(client: AsyncClient, workflow_id: str, taken: TakenStage, runners: Mapping[str, RunStage]) -> None:
    try:
        result = await runners[taken["type"]](taken)
    except Exception as error:  # noqa: BLE001 - whatever fails in a stage is the workflow's to know
        await client.fail_stage(workflow_id, taken["stage"], taken["attempt"], _in_words(error))
    else:
        await client.complete_stage(workflow_id, taken["stage"], taken["attempt"], result)


def _may_be_taken(stage: StageView) -> bool:
    return stage["status"] == READY or (stage["status"] == STUCK and bool(stage["is_stuck"]))


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MOST_OF_AN_ERROR]


class CaseOrchestrator:
    """Starts cases and reports what ``predict`` says of them; people and the routing are the service's."""

    def __init__(self, client: AsyncClient, predict: Predict) -> None:
        self._client, self._predict = client, predict

    async def start_workflow(self, workflow_type: str, request_data: Mapping[str, object]) -> str:
        """Return the id of the case, routed. Raises ApiError for an unknown type."""
        started = await self._client.start_case(workflow_type, request_data)
        await self._go_on(started["workflow_id"], request_data)
        return started["workflow_id"]

    async def resume(self, workflow_id: str) -> CaseView:
        """Predict a case that was started and never got its prediction; any other is left as it is."""
        found = await self.get_workflow_status(workflow_id)
        if found["current_state"] == "ai_processing":
            await self._go_on(workflow_id, found["request_data"])
        return await self.get_workflow_status(workflow_id)

    async def process_human_decision(self, workflow_id: str, decision: Mapping[str, object]) -> DecidedCase:
        """Return ``{"workflow_id", "status", "decision_processed"}``, as the person of this client's key."""
        return await self._client.decide_case(workflow_id, decision)

    async def get_workflow_status(self, workflow_id: str) -> CaseView:
        """Return the case as it stands. Raises ValueError for a workflow of stages."""
        found = await self._client.workflow(workflow_id)
        if "current_state" not in found:
            raise ValueError(f"{workflow_id} is a workflow of stages, not a case")
        return found

    async def _go_on(self, workflow_id: str, request_data: Mapping[str, object]) -> None:
        try:
            said = await self._predict(request_data)
        except Exception as error:  # noqa: BLE001 - a case without a prediction has failed, whatever the cause
            await self._client.fail_case(workflow_id, _in_words(error))
        else:
            await self._client.predict_case(workflow_id, said)
