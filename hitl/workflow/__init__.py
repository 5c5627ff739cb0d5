"""Interaction patterns, cases and workflows of stages, as one pure machine; ``hitl.workflow.steps`` is for pipelines."""

from hitl.workflow.machine import WorkflowMachine
from hitl.workflow.state import OPEN_STATUSES, WorkflowState

__all__ = ["OPEN_STATUSES", "WorkflowMachine", "WorkflowState"]
