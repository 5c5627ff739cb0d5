"""A Dagster job whose op waits for people.

    pip install dagster "ray-hitl"; HITL_API_URL=… HITL_API_KEY=<a client's key>

A retry of the op finds the same approval: the run's id names it.
"""

from dagster import Config, Failure, OpExecutionContext, job, op

from hitl.client import HumanApprovalRequest, HumanLayer


class Refund(Config):
    order: int
    amount: float


@op
def approve_refund(context: OpExecutionContext, config: Refund) -> str:
    shown = {"order": config.order, "amount": config.amount}
    name = f"dagster:{context.run_id}:refund"
    request = HumanApprovalRequest("workflow", "Refund an order?", context=shown, urgency="low", id=name)
    answer = HumanLayer.from_environment().request_approval(request)
    if not answer.approved:
        raise Failure(f"not approved ({answer.status})", allow_retries=False)
    return f"refunded {config.amount} of order {config.order}"


@job
def refunds() -> None:
    approve_refund()
