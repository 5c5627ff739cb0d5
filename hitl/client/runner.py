"""Run workflow stages and cases as a worker, over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from hitl.client.asynchronous import AsyncClient
from hitl.client.calls import get, post

Json = dict[str, Any]
RunStage = Callable[[Json], Awaitable[Json]]
"""Does a stage from ``{"stage", "type", "config", "results"}``: what it returns is its result, what it raises its failure."""

Predict = Callable[[Json], Awaitable[Json]]
"""The model's answer to a case's ``request_data``: ``{"prediction", "confidence", …}``."""

READY, STUCK = "ready", "running"


async def run_workflow(client: AsyncClient, workflow_id: str, runners: Mapping[str, RunStage]) -> Json:
    """Run what is ready of the workflow, by type of stage, until it waits for people or is over; the workflow as it stands then.

    Called again after a crash or an approval it goes on: a stage that is completed never runs again."""
    while True:
        flow = await client.send(get("v1", "workflows", workflow_id))
        stage = next((each for each in flow["stages"] if each["status"] != "completed"), None)
        if stage is None or flow["status"] != "running" or not _may_be_taken(stage):
            return flow
        taken = await client.send(post("v1", "workflows", workflow_id, "stages", stage["name"], "start", body={}))
        await _report(client, workflow_id, taken, runners)


async def _report(client: AsyncClient, workflow_id: str, taken: Json, runners: Mapping[str, RunStage]) -> None:
    path = ("v1", "workflows", workflow_id, "stages", taken["stage"])
    try:
        result = await runners[taken["type"]](taken)
    except Exception as error:  # noqa: BLE001 - whatever fails in a stage is the workflow's to know
        body = {"attempt": taken["attempt"], "error": f"{type(error).__name__}: {error}"[:4_000]}
        await client.send(post(*path, "failure", body=body))
    else:
        await client.send(post(*path, "result", body={"attempt": taken["attempt"], "result": result}))


def _may_be_taken(stage: Json) -> bool:
    return stage["status"] == READY or (stage["status"] == STUCK and bool(stage["is_stuck"]))


class CaseOrchestrator:
    """Starts cases and reports what ``predict`` says of them; people and the routing are the service's."""

    def __init__(self, client: AsyncClient, predict: Predict) -> None:
        self._client, self._predict = client, predict

    async def start_workflow(self, workflow_type: str, request_data: Json) -> str:
        """The id of the case, routed. Raises ApiError for an unknown type."""
        body = {"workflow_type": workflow_type, "request_data": request_data}
        started = await self._client.send(post("v1", "workflows", "cases", body=body))
        workflow_id = str(started["workflow_id"])
        await self._go_on(workflow_id, request_data)
        return workflow_id

    async def resume(self, workflow_id: str) -> Json:
        """Predict a case that was started and never got its prediction; any other is left as it is."""
        found = await self.get_workflow_status(workflow_id)
        if found["current_state"] == "ai_processing":
            await self._go_on(workflow_id, found["request_data"])
        return await self.get_workflow_status(workflow_id)

    async def process_human_decision(self, workflow_id: str, decision: Json) -> Json:
        """``{"workflow_id", "status", "decision_processed"}``, as the person of this client's key."""
        return await self._client.send(post("v1", "workflows", workflow_id, "decision", body=decision))

    async def get_workflow_status(self, workflow_id: str) -> Json:
        return await self._client.send(get("v1", "workflows", workflow_id))

    async def _go_on(self, workflow_id: str, request_data: Json) -> None:
        try:
            body = {"ai_result": await self._predict(request_data)}
        except Exception as error:  # noqa: BLE001 - a case without a prediction has failed, whatever the cause
            failure = {"error": f"{type(error).__name__}: {error}"[:4_000]}
            await self._client.send(post("v1", "workflows", workflow_id, "failure", body=failure))
        else:
            await self._client.send(post("v1", "workflows", workflow_id, "prediction", body=body))
