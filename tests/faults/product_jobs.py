"""Rows 30 and 34: MLflow away during a promotion, trainers that die, and two trainers at once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.mlflow.registry import ModelRegistry
from hitl.cli.commands.retrain import ACCOUNT
from hitl.errors import ArtifactRejected, StoreUnavailable
from tests.faults.product import Back, Product, keep_dead, patience, signal_to
from tests.faults.product_load import registered
from tests.load import commits_of
from tests.running import ROOT, request, serving, vote

AWAY_S = 5.0
TRAINED_WITHIN_S = 300.0


def promote_without_mlflow(product: Product) -> Back:
    """MLflow is kept dead while two people approve a registered version. It serves meanwhile; back when the alias has followed,
    and the deployment happened once."""
    service = product.service
    with product.promoting:
        digest, registry = registered(service, 1.0 + product.rng.random()), ModelRegistry(service.state.mlflow_url)
        keep_dead(product, "mlflow", AWAY_S)
        product.approved.add(digest)
        vote(service, request(service, digest), digest, "kim", "lee")
        assert _served(product, digest), "the promotion waited for MLflow"
    return lambda: _champion(registry, product) and product.is_whole() and _deployments(product, digest) == 1


def harm_training(product: Product) -> Back:
    """A trainer dies midway, or two are started at once."""
    return product.rng.choice((kill_training, kill_training, train_twice))(product)


def kill_training(product: Product) -> Back:
    """No request comes of a killed trainer, whoever started it hears of it, and every artifact is whole."""
    before = asked_by_jobs(product)
    job = started(product)
    for _ in patience(120.0):
        if found := trainers(product):
            break
    time.sleep(product.rng.uniform(1.0, 12.0))
    for trainer in found:
        signal_to(trainer, signal.SIGKILL)
    output = ended(job)
    is_cut = job.returncode == 1 and "JobFailed" in output
    assert is_cut or job.returncode == 0, output
    assert len(asked_by_jobs(product) - before) <= 1 - is_cut, "a killed trainer asked for an approval"
    check_artifacts(product)
    return lambda: not trainers(product) and product.is_whole()


def train_twice(product: Product) -> Back:
    """One candidate comes of it, and the other one is told why not."""
    before = asked_by_jobs(product)
    jobs = [started(product), started(product)]
    outputs = [ended(job) for job in jobs]
    assert sorted(job.returncode for job in jobs) == [0, 1], outputs
    assert len(asked_by_jobs(product) - before) == 1, outputs
    check_artifacts(product)
    return lambda: not trainers(product) and product.is_whole()


def started(product: Product) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "hitl.cli", "retrain", "--task", "digits", "--trials", "1"]
    return subprocess.Popen(
        argv, cwd=ROOT, env=product.service.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def ended(job: "subprocess.Popen[str]") -> str:
    return job.communicate(timeout=TRAINED_WITHIN_S)[0]


def trainers(product: Product) -> list[int]:
    """Processes that train for this service: its data directory stands in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if "training.pipeline" in words and str(product.service.place.artifacts) in words:
                found.append(int(entry.name))
    return found


def asked_by_jobs(product: Product) -> set[str]:
    """The approvals that trainers asked for."""
    asked = [commit for commit in commits_of(product.service, "approval") if commit.by == ACCOUNT]
    return {str(commit.answer["approval_id"]) for commit in asked}


def check_artifacts(product: Product) -> None:
    """What stands under a digest has that digest: nothing half written can be used."""
    store = ArtifactStore(product.service.state.artifact_uri)
    for file in product.service.place.artifacts.glob("??/*"):
        if len(file.name) == 64:
            try:
                store.get(file.name)
            except ArtifactRejected as rejected:
                raise AssertionError(f"artifact {file.name} is not whole") from rejected


def _served(product: Product, digest: str) -> bool:
    return any(serving(product.service) == [digest] for _ in patience(120.0))


def _champion(registry: ModelRegistry, product: Product) -> bool:
    """Whether the alias names what serves, or what serves is not in the registry at all."""
    try:
        champion = registry.current_champion("digits")
    except StoreUnavailable:
        return False
    return [champion] == serving(product.service)


def _deployments(product: Product, digest: str) -> int:
    events = (event for commit in commits_of(product.service, "approval") for event in commit.events)
    return sum(event["type"] == "Deployed" and event["digest"] == digest for event in events)
