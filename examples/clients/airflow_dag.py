"""An Airflow DAG whose first step waits for people; copy it into the folder of DAGs.

    pip install "apache-airflow>=3.1" "ray-hitl"
    export HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key>     # of the triggerer and of the workers
    airflow dags trigger refund --conf '{"order": 7, "amount": 5.0}'

While it waits the task is deferred: no worker is held. Where people say no, the step fails and the refund is not made.
"""

from datetime import datetime

from airflow.sdk import dag, task

from hitl.integrations.airflow import ApprovalOperator


@dag(start_date=datetime(2026, 1, 1), schedule=None, catchup=False, params={"order": 0, "amount": 0.0})
def refund() -> None:
    approved = ApprovalOperator(
        task_id="approve",
        title="Refund order {{ params.order }}?",
        shown={"order": "{{ params.order }}", "amount": "{{ params.amount }}"},
    )

    @task
    def make_refund(params: dict[str, float] | None = None) -> str:
        """Airflow fills in ``params``."""
        return f"refunded {(params or {})['amount']} of order {(params or {})['order']}"

    approved >> make_refund()


refund_dag = refund()
