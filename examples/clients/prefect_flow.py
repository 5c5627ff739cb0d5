"""A Prefect flow whose task waits for people.

pip install prefect "ray-hitl"; HITL_API_URL=… HITL_API_KEY=<a client's key>
"""

from prefect import flow, task

from hitl.integrations import NotApproved, require_approval


@task
@require_approval(title="Refund an order?", kind="workflow", urgency="low", id_of=lambda said: f"prefect.refund.{said['order']}.")
def refund(order: int, amount: float) -> str:
    return f"refunded {amount} of order {order}"


@flow
def refunds(order: int, amount: float) -> str:
    """A rejection is a result of the flow, not a failure of it."""
    try:
        return str(refund(order, amount))
    except NotApproved as refusal:
        return f"nothing happened: {refusal.status}"
