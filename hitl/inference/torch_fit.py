"""Fit the MLP: one loop for a tuning trial, a single worker and a group of workers."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from hitl.errors import InvalidConfig
from hitl.inference.families.family import ALONE, WorkerPlace
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.inference.torch_mlp import Mlp


@dataclass(frozen=True, slots=True)
class MlpParams:
    """Hyper-parameters and their defaults: units of the hidden layer, Adam's step and decay, passes, rows a step."""

    hidden: int = 64
    learning_rate: float = 0.01
    weight_decay: float = 1e-4
    epochs: int = 60
    batch_size: int = 32

    @staticmethod
    def of(params: Hyperparameters) -> "MlpParams":
        """Raises InvalidConfig for a name that is none of these."""
        unknown = sorted(params.keys() - {field.name for field in fields(MlpParams)})
        if unknown:
            raise InvalidConfig("model", "params", f"torch_mlp has no {unknown[0]!r}")
        return MlpParams(**cast(Any, params))  # a value of another type fails in torch, with its name


def fit(sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Mlp:
    """Train the module through all epochs, the same on every worker. Deterministic for a seed on one CPU worker."""
    chosen = MlpParams.of(params)
    if place.device == "cpu":
        torch.set_num_threads(1)  # trials and replicas share the cores; more threads only fight over these small layers
    torch.manual_seed(seed)
    module = Mlp(sample.rows.shape[1], chosen.hidden, len(sample.labels))
    module.standardise(torch.tensor(sample.rows))  # a copy: arrays out of Ray are read-only
    _descend(module.to(place.device), sample, chosen, seed, place)
    return module


def _descend(module: Mlp, sample: TrainingSample, params: MlpParams, seed: int, place: WorkerPlace) -> None:
    rows, targets, weights = (torch.tensor(part).to(place.device) for part in (sample.rows, sample.targets, sample.weights))
    model = place.join(module).train()
    optimiser = torch.optim.AdamW(model.parameters(), params.learning_rate, weight_decay=params.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, params.epochs)
    generator = np.random.default_rng(seed)
    for _ in range(params.epochs):
        for batch in _batches(generator.permutation(len(rows)), params.batch_size, place):
            loss = (cross_entropy(model(rows[batch]), targets[batch], reduction="none") * weights[batch]).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        schedule.step()


def _batches(order: NDArray[np.int64], size: int, place: WorkerPlace) -> Iterator[torch.Tensor]:
    """This worker's share of every batch; all shares of a batch are equal, or the gradients' average would be skewed."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        share = batch[place.rank : len(batch) - len(batch) % place.world : place.world]
        if len(share):
            yield torch.from_numpy(share)
