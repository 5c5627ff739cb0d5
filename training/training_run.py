"""Train the chosen configuration on all data: Ray Train for a family that fits in a group, a Ray task for the others."""

import tempfile
from pathlib import Path
from typing import TypedDict

import ray
import ray.train
from ray.train.torch import TorchTrainer, get_device, prepare_model

from hitl.errors import ArtifactRejected
from hitl.inference import pack
from hitl.inference.families import WorkerPlace, family_named
from hitl.inference.sample import Hyperparameters, TrainingSample
from training.args import Compute
from training.model import fit_and_pack

FILE = "model.bin"


def train(family: str, sample: TrainingSample, params: Hyperparameters, compute: Compute) -> bytes:
    """Return the packed model. Blocks; raises what the workers raised."""
    if family_named(family).fits_in_group:
        return _train_in_group(family, sample, params, compute)
    task = ray.remote(num_cpus=compute.cpus_per_worker)(fit_and_pack)
    return bytes(ray.get(task.remote(family, sample, params, compute.seed)))


def _train_in_group(family: str, sample: TrainingSample, params: Hyperparameters, compute: Compute) -> bytes:
    resources = {"CPU": compute.cpus_per_worker} | ({"GPU": compute.gpus_per_worker} if compute.use_gpu else {})
    trainer = TorchTrainer(
        _worker,
        train_loop_config={"family": family, "sample": ray.put(sample), "params": params, "seed": compute.seed},
        scaling_config=ray.train.ScalingConfig(
            num_workers=compute.workers, use_gpu=compute.use_gpu, resources_per_worker=resources
        ),
        run_config=ray.train.RunConfig(name=f"{compute.run_name}-train", storage_path=compute.storage_path),
    )
    checkpoint = trainer.fit().checkpoint
    if checkpoint is None:
        raise ArtifactRejected("", "training ended without a checkpoint")
    with checkpoint.as_directory() as folder:
        return (Path(folder) / FILE).read_bytes()


class GroupConfig(TypedDict):
    """What every worker of a group is told; ``sample`` is a reference to the rows in Ray's store."""

    family: str
    sample: ray.ObjectRef
    params: Hyperparameters
    seed: int


def _worker(config: GroupConfig) -> None:
    """Runs on every worker of the group; the first one hands in the model, the others only keep step."""
    context, sample = ray.train.get_context(), ray.get(config["sample"])
    place = WorkerPlace(context.get_world_rank(), context.get_world_size(), str(get_device()), prepare_model)
    model = family_named(config["family"]).fit(sample, config["params"], config["seed"], place)
    if place.rank > 0:
        ray.train.report({})
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(pack(model))
        ray.train.report({"rows": len(sample.rows)}, checkpoint=ray.train.Checkpoint.from_directory(folder))
