"""The seven patterns as steps. Each ``run`` answers with the documents' status and fields."""

from abc import abstractmethod
from typing import Any

from hitl.canonical import JsonObject
from hitl.workflow.free_json import number_in
from hitl.workflow.patterns import MAX_ITERATIONS
from hitl.workflow.state import InteractionPattern
from hitl.workflow.steps.step import HumanStep

CONFIDENCE_THRESHOLD = 0.8


class PauseForInputStep(HumanStep):
    """``config``: ui_schema, prompt, timeout, assignees or role. Answers ``human_input_required``."""

    pattern = InteractionPattern.PAUSE


class ReviewAndApproveStep(HumanStep):
    """``data``: generated_content, metadata. ``config``: timeout, suggestions. Answers ``awaiting_review``."""

    pattern = InteractionPattern.REVIEW


class CollaborativeDecisionStep(HumanStep):
    """``config``: stakeholders, decision_type (consensus, vote, majority), voting_options, decision_timeout. Answers
    ``collaborative_decision_pending``."""

    pattern = InteractionPattern.COLLABORATIVE


class TimeBasedDecisionStep(HumanStep):
    """``config``: decision_timeout, default_action. Answers ``time_sensitive_decision``; the service keeps the time."""

    pattern = InteractionPattern.TIMED


class MultiApprovalStep(HumanStep):
    """``config``: approvers, approval_type (all, majority, any), timeout. Answers ``multi_approval_pending``."""

    pattern = InteractionPattern.MULTI_APPROVAL


class AutoWithHumanFallbackStep(HumanStep):
    """Subclass it and give ``process``: a result with ``confidence`` of ``confidence_threshold`` (0.8) or more passes, anything
    else and every error goes to people. Answers ``automated_success`` or ``escalated_to_human``."""

    pattern = InteractionPattern.FALLBACK

    @abstractmethod
    async def process(self, data: JsonObject) -> JsonObject:
        """Return the automated result; its ``confidence`` is in [0, 1]."""

    async def run(self, data: JsonObject) -> JsonObject:
        try:
            result = await self.process(data)
        except Exception as error:  # noqa: BLE001 - the pattern is that every error reaches a person
            return await self._escalate(data, None, f"error: {error}")
        threshold = number_in(self.config, "confidence_threshold", CONFIDENCE_THRESHOLD)
        if number_in(result, "confidence", 0.0) >= threshold:
            return {"status": "automated_success", "result": result, "processing_method": "automated"}
        return await self._escalate(data, result, "low_confidence")

    async def _escalate(self, data: JsonObject, partial_result: Any, reason: str) -> JsonObject:
        config = {**self.config, "escalation_reason": reason[:1000], "partial_result": partial_result}
        return await self.ask(config, data)


class IterativeRefinementStep(HumanStep):
    """``data``: current_result, iteration, refinement_history. ``config``: max_iterations. Answers ``refinement_needed``, or
    ``max_iterations_reached`` when ``data`` comes from beyond the last round."""

    pattern = InteractionPattern.REFINEMENT

    async def run(self, data: JsonObject) -> JsonObject:
        iteration, limit = number_in(data, "iteration", 1), number_in(self.config, "max_iterations", MAX_ITERATIONS)
        if iteration <= limit:
            return await self.ask(self.config, data)
        final = data.get("current_result", data)
        return {"status": "max_iterations_reached", "final_result": final, "iterations_completed": iteration - 1}
