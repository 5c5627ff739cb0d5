"""A task's shadows: a challenger's model and a policy that watch and answer nothing."""

from statistics import mean
from typing import Any

from hitl.learning.journalled.questions import ShadowsOf
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.shadow import model_figures, route_figures
from hitl.serving.questions import ServingOf
from serve_app.evidence.evidence import TaskEvidence

HOUR_S = 3600.0


async def watching(shards: Shards, evidence: TaskEvidence, task: str) -> dict[str, Any]:
    """``{"model", "models", "policy", "policies"}``: the digest and the version that watch now (None: none), and the figures of
    each that ever did. Raises Unavailable while a shard recovers."""
    serving = await shards.ask(APPROVAL, ServingOf(task))
    models = (await shards.ask(LEARNING, ShadowsOf(task)))["models"]
    traffic, hours = await evidence.traffic(task), await _hours(evidence, task)
    return {
        "model": serving.shadow.get("model"),
        "models": {digest: model_figures(counts) for digest, counts in models.items()},
        "policy": serving.shadow.get("policy"),
        "policies": {
            version: {"cases": sum(each.values()), "routes": dict(each), **route_figures(each, hours)}
            for version, each in traffic.watched.items()
        },
    }


async def _hours(evidence: TaskEvidence, task: str) -> float | None:
    """The mean time that people held a review, in hours; None before the first answer."""
    held = [each.held_s for each in await evidence.answers(task) if each.held_s is not None]
    return mean(held) / HOUR_S if held else None
