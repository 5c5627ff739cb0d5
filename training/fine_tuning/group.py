"""Train a network by Ray Train: on one worker or more, on GPUs where they are free, with a checkpoint an epoch."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import ray
import ray.train
import torch
from ray.train.torch import TorchTrainer, get_device, prepare_data_loader, prepare_model
from torch.utils.data.distributed import DistributedSampler

from hitl.errors import ArtifactRejected
from hitl.inference.sample import TrainingSample
from training.args import Compute
from training.fine_tuning.descent import Progress, batches_of, losses, optimiser_of
from training.fine_tuning.export import Weights
from training.fine_tuning.networks import EncoderWithHead
from training.fine_tuning.plan import NetworkPlan

FILE = "progress.pt"
MAX_FAILURES = 3
"""Failures of a group, be it that a worker is lost or that its loop raises; after each the group starts anew from the last
checkpoint."""
PLACED_WITHIN_S = 5.0
"""A group's GPUs, where they are free."""


@dataclass(frozen=True, slots=True)
class Trained:
    """``network`` on the CPU; ``loss`` of the last epoch; ``began`` is the epoch from which the last attempt went on, 0 where
    nothing failed after a checkpoint."""

    network: EncoderWithHead
    loss: float
    began: int
    workers: int
    device: str


class GroupConfig(TypedDict):
    """What every worker of a group is told; ``sample`` is a reference to the compact rows in Ray's store."""

    plan: NetworkPlan
    sample: ray.ObjectRef
    start: Weights | None
    seed: int
    threads: int


def train_network(plan: NetworkPlan, sample: TrainingSample, start: Weights | None, compute: Compute) -> Trained:
    """Train on compact rows; ``start`` are the encoder's weights to begin with. Blocks. Raises
    ray.train.TrainingFailedError, with what the workers raised inside."""
    workers, held = plan.terms.workers or compute.workers, ray.put(sample)
    use_gpu = compute.use_gpu or are_gpus_free(workers, compute.gpus_per_worker)
    trainer = TorchTrainer(
        _worker,
        train_loop_config=GroupConfig(
            plan=plan, sample=held, start=start, seed=compute.seed, threads=max(1, int(compute.cpus_per_worker))
        ),
        scaling_config=_scaling(compute, workers, use_gpu),
        run_config=ray.train.RunConfig(
            name=f"{compute.run_name}-train",
            storage_path=compute.storage_path,
            failure_config=ray.train.FailureConfig(max_failures=MAX_FAILURES),
            checkpoint_config=ray.train.CheckpointConfig(num_to_keep=1),
        ),
    )
    result = trainer.fit()
    if result.checkpoint is None or result.metrics is None:
        raise ArtifactRejected("", "training ended without a checkpoint")
    network = plan.network()
    network.load_state_dict(_read(result.checkpoint)["network"])
    said = result.metrics
    return Trained(network.eval(), float(said["loss"]), int(said["began"]), workers, str(said["device"]))


def are_gpus_enough(resources: Mapping[str, float], workers: int, each: float) -> bool:
    """Tell whether these free resources hold the GPUs of that many workers, each of which wants ``each``. Several workers need
    whole ones: NCCL refuses two on one device."""
    return (workers == 1 or each >= 1) and 0 < workers * each <= resources.get("GPU", 0.0)


def are_gpus_free(workers: int, each: float) -> bool:
    """Tell whether Ray can place GPUs for that many workers now: the free halves of two make no whole one. GPUs that serve are
    not waited for. Blocks for at most PLACED_WITHIN_S."""
    if not are_gpus_enough(ray.available_resources(), workers, each):
        return False
    group = ray.util.placement_group([{"GPU": each}] * workers)
    try:
        return bool(group.wait(PLACED_WITHIN_S))
    finally:
        ray.util.remove_placement_group(group)


def _scaling(compute: Compute, workers: int, use_gpu: bool) -> ray.train.ScalingConfig:
    resources = {"CPU": compute.cpus_per_worker} | ({"GPU": compute.gpus_per_worker} if use_gpu else {})
    return ray.train.ScalingConfig(num_workers=workers, use_gpu=use_gpu, resources_per_worker=resources)


def _worker(config: GroupConfig) -> None:
    """Runs on every worker of the group: all keep step, and the first one writes the checkpoints."""
    context, plan, device = ray.train.get_context(), config["plan"], get_device()
    if device.type == "cpu":
        torch.set_num_threads(config["threads"])
    torch.manual_seed(config["seed"])
    network = plan.network()
    if config["start"] is not None:
        network.encoder.load_state_dict(config["start"])
    model = prepare_model(network)
    progress = Progress(network, optimiser_of(network, plan))
    last = ray.train.get_checkpoint()
    if last is not None:
        progress.go_on_from(_read(last))
    batches = batches_of(ray.get(config["sample"]), plan, context.get_world_size())
    prepared, generator = prepare_data_loader(batches), batches.generator

    def shuffle(epoch: int) -> None:
        """So that an epoch has the same order whether or not those before it ran in this attempt."""
        generator.manual_seed(config["seed"] + epoch)
        if isinstance(prepared.sampler, DistributedSampler):
            prepared.sampler.set_epoch(epoch)

    began, rank = progress.epochs, context.get_world_rank()
    for loss in losses(progress, model, prepared, plan, shuffle):
        _report({"loss": loss, "epochs": progress.epochs, "began": began, "device": device.type}, progress, rank)


def _report(said: dict[str, Any], progress: Progress, rank: int) -> None:
    if rank > 0:
        ray.train.report(said)
        return
    with tempfile.TemporaryDirectory() as folder:
        torch.save(progress.plain(), Path(folder) / FILE)
        ray.train.report(said, checkpoint=ray.train.Checkpoint.from_directory(folder))


def _read(checkpoint: ray.train.Checkpoint) -> dict[str, Any]:
    """Read without running code, whoever wrote into the storage."""
    with checkpoint.as_directory() as folder:
        found: dict[str, Any] = torch.load(Path(folder) / FILE, map_location="cpu", weights_only=True)
        return found
