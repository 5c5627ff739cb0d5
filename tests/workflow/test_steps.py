"""Steps in a pipeline of this process: run, answer, resume."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from hitl.errors import HitlError, NotFound, WrongState
from hitl.identity import Principal, Role
from hitl.journal.memory import MemoryJournal
from hitl.machine import Phase, Shard
from hitl.workflow import WorkflowMachine
from hitl.workflow.steps import (
    AutoWithHumanFallbackStep,
    HumanStep,
    IterativeRefinementStep,
    PauseForInputStep,
    PipelineStateManager,
    ShardInteractions,
    Step,
)

BOTH = Principal("ann", frozenset({Role.CLIENT, Role.REVIEWER}))


class Scoring(AutoWithHumanFallbackStep):
    """Fails, or answers with the confidence that the data name."""

    async def process(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"confidence": data["confidence"], "label": "a"}


@pytest.fixture
async def interactions() -> AsyncIterator[ShardInteractions]:
    shard = Shard(WorkflowMachine(), MemoryJournal())
    life = asyncio.create_task(shard.run())
    while shard.phase is not Phase.SERVING:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    yield ShardInteractions(shard, BOTH)
    life.cancel()
    with suppress(asyncio.CancelledError, HitlError):
        await life


@pytest.mark.covers("001-41", "D39")
async def test_a_step_has_name_pipeline_config_and_run(interactions: ShardInteractions) -> None:
    step = PauseForInputStep("ask", {"prompt": "Which one?"}, "import", interactions=interactions)
    assert isinstance(step, Step)
    assert isinstance(step, HumanStep)
    answer = await step.run({"n": 1})
    found = await interactions.get(answer["interaction_id"])
    assert (found["pipeline_name"], found["step_name"], answer["prompt"]) == ("import", "ask", "Which one?")


@pytest.mark.covers("001-10", "001-11", "001-12")
@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        ({"confidence": 0.8}, "automated_success", None),
        ({"confidence": 0.79}, "escalated_to_human", "low_confidence"),
        ({}, "escalated_to_human", "error: 'confidence'"),
    ],
)
async def test_automatic_work_passes_at_its_threshold_and_falls_back_to_people_below_it_or_on_errors(
    interactions: ShardInteractions, data: dict[str, Any], status: str, reason: str | None
) -> None:
    answer = await Scoring("score", interactions=interactions).run(data)
    assert (answer["status"], answer.get("escalation_reason")) == (status, reason)
    assert reason is None or answer["original_data"] == data
    assert reason is not None or answer["processing_method"] == "automated"


@pytest.mark.covers("001-15", "D32")
async def test_refinement_beyond_its_last_round_gives_the_result_or_the_data_themselves(interactions: ShardInteractions) -> None:
    step = IterativeRefinementStep("refine", interactions=interactions)
    done = await step.run({"iteration": 4, "current_result": "x"})
    assert done == {"status": "max_iterations_reached", "final_result": "x", "iterations_completed": 3}
    assert (await step.run({"iteration": 4}))["final_result"] == {"iteration": 4}


@pytest.mark.covers("001-18", "001-19", "001-20", "001-21", "D24", "D29")
async def test_a_pipeline_resumes_with_its_data_and_the_input_beside_them(interactions: ShardInteractions) -> None:
    seen: list[dict[str, Any]] = []

    async def go_on(resumed: dict[str, Any]) -> dict[str, Any]:
        seen.append(resumed)
        return {"done": True}

    manager = PipelineStateManager(interactions, {("import", "ask"): go_on})
    name = await manager.save_pipeline_state("import", "ask", {"n": 1})
    assert (await manager.get_pipeline_state(name) or {})["status"] == "pending"
    with pytest.raises(WrongState):
        await manager.continue_pipeline(name)
    assert await manager.resume_pipeline(name, {"n": 2}) == {"done": True}
    assert (seen[0]["data"], seen[0]["human_input"]) == ({"n": 1}, {"n": 2})
    assert await manager.get_pipeline_state(name) is None


@pytest.mark.covers("001-21")
async def test_resuming_what_never_was_is_refused(interactions: ShardInteractions) -> None:
    with pytest.raises(NotFound):
        await PipelineStateManager(interactions).resume_pipeline("nothing", {})
