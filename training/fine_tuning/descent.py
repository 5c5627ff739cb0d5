"""Train a network on compact rows: one loop, on one worker or in step with a group of them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

from hitl.inference.sample import TrainingSample
from training.fine_tuning.networks import EncoderWithHead
from training.fine_tuning.plan import NetworkPlan

WEIGHT_DECAY = 1e-4
Batches: TypeAlias = "DataLoader[tuple[Tensor, ...]]"


@dataclass(slots=True)
class Progress:
    """What a training goes on from: everything that a checkpoint holds. ``epochs`` are over."""

    network: EncoderWithHead
    optimiser: torch.optim.Optimizer
    epochs: int = 0

    def plain(self) -> dict[str, Any]:
        """Return it as tensors and plain values, which ``torch.load`` reads without running code."""
        return {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict(), "epochs": self.epochs}

    def go_on_from(self, plain: dict[str, Any]) -> None:
        self.network.load_state_dict(plain["network"])
        self.optimiser.load_state_dict(plain["optimiser"])
        self.epochs = int(plain["epochs"])


def optimiser_of(network: EncoderWithHead, plan: NetworkPlan) -> torch.optim.Optimizer:
    return torch.optim.AdamW(network.parameters(), plan.terms.learning_rate, weight_decay=WEIGHT_DECAY)


def batches_of(sample: TrainingSample, plan: NetworkPlan, workers: int) -> Batches:
    """Return one worker's loader: its share of every step, ``plan.terms.batch_size / workers`` rows, rounded up."""
    rows = TensorDataset(
        *(torch.tensor(part) for part in (sample.rows, sample.targets, sample.weights))
    )  # those in Ray are read-only
    return DataLoader(rows, batch_size=math.ceil(plan.terms.batch_size / workers), shuffle=True, generator=torch.Generator())


def losses(
    progress: Progress, model: Callable[..., Tensor], batches: Batches, plan: NetworkPlan, shuffle: Callable[[int], None]
) -> Iterator[float]:
    """Train through the epochs that are left, and yield the mean loss of this worker's steps when each is over. ``model`` is the
    network, as it joined the group; ``shuffle`` is told each epoch's number before it begins."""
    progress.network.train()
    while progress.epochs < plan.terms.epochs:
        _set_rate(progress.optimiser, plan, progress.epochs)
        shuffle(progress.epochs)
        steps = [_step(progress.optimiser, model, plan, batch) for batch in batches]
        progress.epochs += 1
        yield sum(steps) / len(steps)


def _set_rate(optimiser: torch.optim.Optimizer, plan: NetworkPlan, epoch: int) -> None:
    """A cosine from the first rate towards nothing (Loshchilov and Hutter, ICLR 2017)."""
    for group in optimiser.param_groups:
        group["lr"] = plan.terms.learning_rate * (1 + math.cos(math.pi * epoch / plan.terms.epochs)) / 2


def _step(optimiser: torch.optim.Optimizer, model: Callable[..., Tensor], plan: NetworkPlan, batch: tuple[Tensor, ...]) -> float:
    rows, targets, weights = batch
    loss = (cross_entropy(model(*plan.given(rows)), targets, reduction="none") * weights).mean()
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())
