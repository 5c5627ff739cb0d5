"""The loads of the measurement, one after the other, and what came of each."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

import numpy as np

from tests.measure.picture_load.senders import Came, Plan, ended, sent, start
from tests.measure.picture_load.world import DIGITS, PHOTOS, REMOTE, World
from tests.measure.processes import held_now, taken_between, taken_by_machine, taken_until_now

SENDERS, SENDERS_TO_MODEL = (1, 4, 16, 64), (1, 4, 16)
WARM_UP_S = 5.0
FLOOD, FLOOD_OF_CASES = 1_200, 700
"""Senders of one account at a time: their files are more than two replicas take in of it, their cases more than wait before a
model."""

OTHER_SENDERS, OTHER_EVERY_S = 2, 0.02
"""Of the other task: some eighty cases a second, so that a slow answer shows and the load itself does not."""

ROUNDS = 3
WAITING_SENDERS = 4
"""For the endpoint that takes its time: half as many as it is asked at a time, so that all get its answer."""

PARTS = {
    "gateway": "ray::ServeReplica:gateway:Gateway",
    "predictor": "ray::ServeReplica:gateway:Predictor",
    "decoder": "hitl.adapters.checkers.decoding",
    "review": "ray::ServeReplica:review",
    "shards": "ray::ShardActor",
    "store": "store",
}
"""Whose memory is told, by how their kinds begin."""


def measured(world: World, seconds: float) -> dict[str, Any]:
    """All loads. A load takes ``seconds``."""
    pictures = Plan(world.service.url, PHOTOS, world.bringers, 1, seconds, folder=str(world.photos))
    _warm_up(pictures)
    memory = {"start": held(world)}
    recorded = [rate_of(world, replace(pictures, senders=n)) for n in SENDERS]
    flooded = [flood_of("pictures", sent(replace(pictures, keys=world.bringers[:1], senders=FLOOD)))]
    world.serve_small_network()
    _warm_up(pictures)
    memory["middle"] = held(world)
    with_model = [rate_of(world, replace(pictures, senders=n)) for n in SENDERS_TO_MODEL]
    flooded.append(flood_of("cases with a model", sent(_cases_of_one_picture(world, pictures))))
    most = max(row["pictures_per_s"] for row in with_model)
    busy = replace(pictures, senders=SENDERS_TO_MODEL[-1], every_s=2 * SENDERS_TO_MODEL[-1] / most)
    beside = [meanwhile(world, "pictures at half of what a model takes", busy, seconds)]
    world.serve_remote_model()
    waiting = Plan(world.service.url, REMOTE, [world.service.keys["client"]], WAITING_SENDERS, seconds, _messages())
    beside.append(meanwhile(world, "a remote model of 5 s an answer", waiting, seconds))
    memory["end"] = held(world)
    return {
        "file_kb": round(np.mean([file.stat().st_size for file in world.photos.iterdir()]) / 1000, 1),
        "through upload and record": recorded,
        "with a model": with_model,
        "more than fits": flooded,
        "another task": beside,
        "memory_mib": memory,
    }


def rate_of(world: World, plan: Plan) -> dict[str, Any]:
    """Pictures a second under one load, and what the service's processes took of the processor for each."""
    with taken_by(world) as taken:
        came = sent(plan)
    pictures = came.statuses["case 200"] + came.statuses["case 202"]
    return {
        "senders": plan.senders,
        "pictures_per_s": round(len(came.took_ms) / plan.seconds, 1),
        **_quantiles(came.took_ms),
        "refused": came.refused,
        "cpu_ms_a_picture": {part: round(1000 * each / pictures, 2) for part, each in taken.seconds.items()},
        "cores": taken.cores,
        "cores_of_other_work": taken.cores_of_other_work,
        "unexpected": unexpected(came),
    }


def flood_of(what: str, came: Came) -> dict[str, Any]:
    """Return the answers by what was asked and their status."""
    answers = dict(sorted(came.statuses.items()))
    return {"of": what, "answers": answers, "refusals_with_retry_after": came.told_when, "unexpected": unexpected(came)}


def meanwhile(world: World, what: str, busy: Plan, seconds: float) -> dict[str, Any]:
    """The other task's answers alone and beside ``busy``, in turns: medians over the rounds."""
    other = Plan(
        world.service.url, DIGITS, [world.service.keys["client"]], OTHER_SENDERS, seconds, world.digits, every_s=OTHER_EVERY_S
    )
    alone, beside, cores, strange = list[dict[str, float]](), list[dict[str, float]](), list[float](), list[str]()
    for _ in range(ROUNDS):
        with taken_by(world) as idle:
            alone.append(_quantiles(_answers(other)))
        process = start(replace(busy, seconds=seconds + WARM_UP_S))
        time.sleep(WARM_UP_S / 2)
        with taken_by(world) as taken:
            beside.append(_quantiles(_answers(other)))
        strange += unexpected(ended(process))
        cores.append(taken.cores - idle.cores)
    p99_alone, p99_beside = (median(each["p99_ms"] for each in rounds) for rounds in (alone, beside))
    return {
        "beside": what,
        "cores_more": round(median(cores), 2),
        "p50_alone_ms": median(each["p50_ms"] for each in alone),
        "p50_ms": median(each["p50_ms"] for each in beside),
        "p99_alone_ms": p99_alone,
        "p99_ms": p99_beside,
        "p99_ratio": round(p99_beside / p99_alone, 2),
        "unexpected": strange,
    }


def held(world: World) -> dict[str, float]:
    """Return the proportional set size of the parts that pictures pass, in MiB."""
    found = held_now(world.service)
    return {name: round(sum(mib for kind, mib in found.items() if kind.startswith(begin)), 1) for name, begin in PARTS.items()}


def _warm_up(pictures: Plan) -> None:
    came = sent(replace(pictures, senders=SENDERS[1], seconds=WARM_UP_S))
    if not came.took_ms:
        raise ValueError(f"no picture was taken: {came.statuses}, {unexpected(came)}")


def _answers(other: Plan) -> list[float]:
    """Return what each of the other task's answers took. Raises ValueError where one was refused: it would flatter the others."""
    came = sent(other)
    if came.refused or unexpected(came):
        raise ValueError(f"cases of the other task were not taken: {came.statuses}, {unexpected(came)}")
    return came.took_ms


def _cases_of_one_picture(world: World, pictures: Plan) -> Plan:
    """Cases that need no upload: they come faster than a model reads."""
    with world.service.as_("client") as client:
        blob = client.upload(PHOTOS, next(world.photos.iterdir()).read_bytes())["blob"]
    body = json.dumps({"features": {"image": blob}})
    return replace(pictures, keys=[world.service.keys["client"]], senders=FLOOD_OF_CASES, bodies=[body], folder="")


def _messages() -> list[str]:
    return [json.dumps({"features": {"text": f"I will be home at {hour}."}}) for hour in range(24)]


def unexpected(came: Came) -> list[str]:
    """Return what should not have come: anything but successes and refusals that say when to come back."""
    found = list(came.other)
    if came.cut:
        found.append(f"{came.cut} connections were cut off")
    if came.told_when != came.refused:
        found.append(f"{came.refused - came.told_when} refusals did not say when to come back")
    return found


def _quantiles(took_ms: list[float]) -> dict[str, float]:
    """Raises ValueError where nothing came in time."""
    if not took_ms:
        raise ValueError("no case was answered before the end of its load: give it more seconds")
    p50, p99 = np.quantile(took_ms, [0.5, 0.99])
    return {"p50_ms": round(float(p50), 1), "p99_ms": round(float(p99), 1)}


@dataclass(slots=True)
class TakenMeanwhile:
    """Seconds of the processor by part of the service, and of all its other processes; cores of all of them together, and of
    everything else on the machine, the senders among it."""

    seconds: dict[str, float] = field(default_factory=dict)
    cores: float = 0.0
    cores_of_other_work: float = 0.0


@contextmanager
def taken_by(world: World) -> Iterator[TakenMeanwhile]:
    """What is taken inside; known once it is left."""
    before, machine, began, found = taken_until_now(world.service), taken_by_machine(), time.monotonic(), TakenMeanwhile()
    yield found
    lasted_s, all_s = time.monotonic() - began, taken_by_machine() - machine
    taken = taken_between(before, taken_until_now(world.service))
    whole_s = sum(taken.values())
    for name, begin in PARTS.items():
        found.seconds[name] = sum(taken.pop(kind) for kind in list(taken) if kind.startswith(begin))
    found.seconds["others"] = sum(taken.values())
    found.cores, found.cores_of_other_work = round(whole_s / lasted_s, 2), round(max(all_s - whole_s, 0.0) / lasted_s, 2)
