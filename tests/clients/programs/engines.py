"""One workflow engine's example, run by the engine's own test environment; prints what became of it."""

import asyncio
import json
import os
import sys
from types import SimpleNamespace

sys.path.insert(0, "examples/clients")
ORDER = int(sys.argv[2])


def temporal() -> str:
    from temporal_activity import Refund, approve_refund
    from temporalio.testing import ActivityEnvironment

    return str(asyncio.run(ActivityEnvironment().run(approve_refund, Refund(ORDER, 5.0))))


def prefect() -> str:
    from prefect_flow import refunds

    return str(refunds(ORDER, 5.0))


def dagster() -> str:
    from dagster_job import refunds

    configured = {"ops": {"approve_refund": {"config": {"order": ORDER, "amount": 5.0}}}}
    result = refunds.execute_in_process(run_config=configured, raise_on_error=False)
    return result.output_for_node("approve_refund") if result.success else "failed"


def airflow() -> str:
    """The operator defers, its trigger is written down and made anew as a triggerer does, and the operator resumes."""
    from airflow.exceptions import AirflowFailException, TaskDeferred

    from hitl.integrations.airflow import ApprovalOperator, ApprovalTrigger

    operator = ApprovalOperator(task_id="refund", title="Refund an order?", shown={"order": ORDER})
    task = SimpleNamespace(dag_id="d", task_id="refund", run_id=f"manual__{ORDER}:00", map_index=-1, try_number=1)
    try:
        operator.execute({"ti": task})
        return "it did not defer"
    except TaskDeferred as deferred:
        _, fields = deferred.trigger.serialize()
    trigger = ApprovalTrigger(**json.loads(json.dumps(fields)))
    event = asyncio.run(_first(trigger))
    try:
        return json.dumps(operator.resume({}, event)["approved"])
    except AirflowFailException as refusal:
        return str(refusal)


async def _first(trigger: object) -> dict[str, object]:
    async for event in trigger.run():  # type: ignore[attr-defined]
        return dict(event.payload)
    raise AssertionError("the trigger never fired")


PREFECT = {"LOGGING_LEVEL": "ERROR", "SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300", "SERVER_ANALYTICS_ENABLED": "false"}
"""Its own server starts with the flow, on a machine that may be busy."""

os.environ.update({f"PREFECT_{name}": value for name, value in PREFECT.items()})
print(globals()[sys.argv[1]](), flush=True)
