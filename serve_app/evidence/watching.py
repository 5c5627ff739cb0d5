"""A task's shadows: a challenger's model and a policy that watch and answer nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from hitl.canonical import JsonObject
from hitl.learning.journalled.questions import ShadowsOf
from hitl.learning.journalled.views import ShadowView
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.shadow import ModelFigures, RouteFigures, model_figures, route_figures
from hitl.serving.questions import ServingOf
from serve_app.evidence.evidence import TaskEvidence

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class WatchingModel(ModelFigures):
    """A model that watches the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC seconds), with its
    counts and rates, by the thresholds that it is certified for itself."""

    since: float
    at: float
    read: dict[str, int]


@dataclass(frozen=True, slots=True)
class PolicyShadow(RouteFigures):
    """A policy that watches: ``routes`` counts its ``cases`` by ``taken>would``."""

    cases: int
    routes: dict[str, int]


@dataclass(frozen=True, slots=True)
class ShadowWatchers:
    """``model`` (a digest) and ``policy`` (a body) watch now, None: none does. ``models`` by digest and ``policies`` by version
    are the figures of each that ever did."""

    model: str | None
    models: Mapping[str, WatchingModel]
    policy: JsonObject | None
    policies: Mapping[str, PolicyShadow]


async def watching(shards: Shards, evidence: TaskEvidence, task: str) -> ShadowWatchers:
    """Raises Unavailable while a shard recovers."""
    serving = await shards.ask(APPROVAL, ServingOf(task))
    models = (await shards.ask(LEARNING, ShadowsOf(task))).models
    traffic, hours = await evidence.traffic(task), await _hours(evidence, task)
    return ShadowWatchers(
        model=serving.shadow.get("model"),
        models={digest: _model(counts) for digest, counts in models.items()},
        policy=serving.shadow.get("policy"),
        policies={version: _policy(dict(each), hours) for version, each in traffic.watched.items()},
    )


def _model(counts: ShadowView) -> WatchingModel:
    found = model_figures(counts)
    figures = {each.name: getattr(found, each.name) for each in fields(found)}
    return WatchingModel(**figures, since=counts.since, at=counts.at, read=counts.read)


def _policy(routes: dict[str, int], hours: float | None) -> PolicyShadow:
    found = route_figures(routes, hours)
    sides = (found.route_disagreement, found.in_force, found.watching)
    return PolicyShadow(*sides, cases=sum(routes.values()), routes=routes)


async def _hours(evidence: TaskEvidence, task: str) -> float | None:
    """The mean time that people held a review, in hours; None before the first answer."""
    held = (await evidence.columns(task)).held_s
    held = held[~np.isnan(held)]
    return float(held.mean()) / HOUR_S if len(held) else None
