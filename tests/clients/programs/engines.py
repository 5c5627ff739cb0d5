"""One workflow engine's example, run by the engine's own test environment; prints what became of it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

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
    """As ``airflow dags test`` runs it: in a database, with the trigger that the deferred task leaves. Its log goes elsewhere."""
    home = Path(os.environ["AIRFLOW_HOME"])
    (home / "dags").mkdir()
    shutil.copy("examples/clients/airflow_dag.py", home / "dags")
    migrate = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with (home / "run.log").open("w") as log, redirect_stdout(log):
        from airflow_dag import refund_dag

        run = refund_dag.test(run_conf={"order": ORDER, "amount": 5.0})
    states = {each.task_id: str(each.state) for each in run.get_task_instances()}
    return json.dumps({"run": str(run.state), **states}, sort_keys=True)


PREFECT = {"LOGGING_LEVEL": "ERROR", "SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300", "SERVER_ANALYTICS_ENABLED": "false"}
"""Its own server starts with the flow, on a machine that may be busy."""

AIRFLOW = {"CORE__LOAD_EXAMPLES": "False", "CORE__DAGS_FOLDER": f"{os.environ.get('AIRFLOW_HOME')}/dags"}

os.environ.update({f"PREFECT_{name}": value for name, value in PREFECT.items()})
os.environ.update({f"AIRFLOW__{name}": value for name, value in AIRFLOW.items()})
print(globals()[sys.argv[1]](), flush=True)
