"""A Temporal activity that waits for people.

    pip install temporalio "ray-hitl"; HITL_API_URL=… HITL_API_KEY=<a client's key>

Temporal repeats an activity that fails. The workflow's id names the approval: a repetition finds it, and asks nobody twice.
"""

import asyncio
from dataclasses import dataclass

from temporalio import activity

from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest


@dataclass
class Refund:
    order: int
    amount: float


@activity.defn
async def approve_refund(refund: Refund) -> bool:
    """Whether people approved it. Start it with a heartbeat timeout of a minute and a schedule-to-close timeout of days."""
    name = f"temporal:{activity.info().workflow_id}:refund.{refund.order}"
    shown = {"order": refund.order, "amount": refund.amount}
    request = HumanApprovalRequest("workflow", "Refund an order?", context=shown, urgency="low", id=name)
    beating = asyncio.create_task(_beat())
    try:
        return (await AsyncHumanLayer.from_environment().request_approval(request)).approved
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(15)
