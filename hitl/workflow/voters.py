"""Who approves a workflow where the configuration says so: its creator does not choose them."""

from dataclasses import dataclass

from hitl.approval.kinds import ApprovalKind
from hitl.approval.rules import ANYBODY, ApprovalRules
from hitl.errors import InvalidInput
from hitl.workflow.parts import StagePlan
from hitl.workflow.templates import STAGE_DEFAULTS

ASK_THERE = "POST /v1/approvals with the kind workflow asks them"


@dataclass(frozen=True, slots=True)
class WorkflowVoters:
    """``is_fixed``: nobody else chooses. ``names`` approve; None: every approver. ``is_one_vote``: one of them is enough."""

    is_fixed: bool = False
    names: tuple[str, ...] | None = None
    is_one_vote: bool = True

    def of_workflow(self, wanted: list[str], stages: list[StagePlan]) -> list[str]:
        """Return the approvers of a workflow whose creator wants ``wanted``; none: every approver. Raises InvalidInput."""
        if not self.is_fixed:
            return wanted
        if wanted:
            raise InvalidInput("/approvers", "nothing: who approves a workflow is configured")
        _check_required(stages)
        if not any(stage.approvalRequired for stage in stages):
            return []
        if not self.is_one_vote:
            raise InvalidInput("/stages", f"no stage that is approved: more than one vote is configured, and {ASK_THERE}")
        if self.names == ():
            raise InvalidInput("/stages", "no stage that is approved: the configuration lists nobody who may do so")
        return list(self.names or ())

    def check_pattern(self) -> None:
        """Raises InvalidInput where a step may not choose who approves."""
        if self.is_fixed:
            raise InvalidInput("/pattern", f"another pattern: who approves is configured, and {ASK_THERE}")


def _check_required(stages: list[StagePlan]) -> None:
    for at, stage in enumerate(stages):
        if STAGE_DEFAULTS[stage.type][1] and not stage.approvalRequired:
            raise InvalidInput(f"/stages/{at}/approvalRequired", f"true for {stage.type}: that people approve it is configured")


def voters_of(rules: ApprovalRules) -> WorkflowVoters:
    """Return what the rules of approvals say of the kind workflow."""
    kind = rules.of(ApprovalKind.WORKFLOW)
    is_open = not kind.ask or any(ANYBODY in rules.groups[group] for group in kind.ask)
    names = None if is_open else tuple(rules.people(kind.ask))
    is_one_vote = kind.rule == "any" or (kind.rule == "k_of_n" and kind.k == 1)
    return WorkflowVoters(kind.is_fixed, names, is_one_vote and not kind.requires)
