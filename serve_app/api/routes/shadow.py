"""What a challenger and a policy that only watch would have done with the live cases."""

from fastapi import APIRouter

from hitl.identity import Role
from serve_app.api.services.context import AnyCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.quality import TaskShadows
from serve_app.evidence.evidence import EvidenceOf
from serve_app.evidence.watching import watching

router = APIRouter(prefix="/v1/quality", tags=["quality"], route_class=StrictRoute)

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)


@router.get("/{task}/shadow", summary="What a challenger and a policy that only watch would do (any person of the task)")
async def show_shadow(task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller) -> TaskShadows:
    """``models`` by digest: ``cases`` watched, ``agreed``, ``failed``, ``dropped`` for want of time, ``routes`` by
    ``taken>would`` and their rates with intervals, as if the champion's thresholds were the challenger's; ``policies`` by
    version: the same of routes, with the ``reviewer_hours`` that each expects."""
    caller.principal.require("see quality", *PEOPLE)
    spec = ports.task(task, caller.principal)
    found = await watching(ports.shards, evidence, task)
    return TaskShadows(found.model, found.models, found.policy, found.policies, task=task, share=spec.approval.shadow)
