"""Steps that any pipeline can use: ``run(data)`` answers at once with a saved interaction, whose people answer later."""

from hitl.workflow.steps.in_process import ShardInteractions
from hitl.workflow.steps.manager import PipelineStateManager
from hitl.workflow.steps.patterns import (
    AutoWithHumanFallbackStep,
    CollaborativeDecisionStep,
    IterativeRefinementStep,
    MultiApprovalStep,
    PauseForInputStep,
    ReviewAndApproveStep,
    TimeBasedDecisionStep,
)
from hitl.workflow.steps.port import InteractionPort
from hitl.workflow.steps.step import HumanStep, Step

__all__ = [
    "AutoWithHumanFallbackStep",
    "CollaborativeDecisionStep",
    "HumanStep",
    "InteractionPort",
    "IterativeRefinementStep",
    "MultiApprovalStep",
    "PauseForInputStep",
    "PipelineStateManager",
    "ReviewAndApproveStep",
    "ShardInteractions",
    "Step",
    "TimeBasedDecisionStep",
]
