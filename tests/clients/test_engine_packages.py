"""The real workflow engines, each in its own test environment: a step waits for people here."""

from pathlib import Path

import pytest

from tests.clients.hosting import HostProcess, environment_of, program, until
from tests.running import ROOT

pytestmark = pytest.mark.wide

CLIENT = ("httpx2>=2.16", "pydantic-settings>=2.16")
ENGINES = {
    "temporal": ("temporalio", "True", "False"),
    "dagster": ("dagster", "refunded 5.0 of order 7", "failed"),
    "prefect": ("prefect", "refunded 5.0 of order 7", "nothing happened: rejected"),
    "airflow": (
        "apache-airflow>=3.1",
        '{"approve": "success", "make_refund": "success", "run": "success"}',
        '{"approve": "failed", "make_refund": "upstream_failed", "run": "failed"}',
    ),
}


@pytest.mark.parametrize("vote", ["approve", "reject"])
@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_step_goes_on_with_what_people_say(host: HostProcess, tmp_path: Path, engine: str, vote: str) -> None:
    """The service is killed and started again while the step waits."""
    package, approved, rejected = ENGINES[engine]
    python = environment_of(engine, package, *CLIENT)
    homes = {name: str(tmp_path) for name in ("HOME", "PREFECT_HOME", "DAGSTER_HOME", "AIRFLOW_HOME")}
    order = "7" if vote == "approve" else "8"
    told = {"HITL_API_URL": host.url, "HITL_API_KEY": "client"}
    step = program(python, "tests/clients/programs/engines.py", engine, order, **told, **homes, PYTHONPATH=str(ROOT))
    with host.as_("approver") as approver:
        found = until(lambda: approver.approvals(status="pending")["approvals"], 300.0)[0]
    host.restart()
    with host.as_("approver") as approver:
        approver.vote(found["approval_id"], vote, found["digest"], "no")
    said = step.communicate(timeout=120)[0].splitlines()[-1]
    assert said == (approved if vote == "approve" else rejected)
