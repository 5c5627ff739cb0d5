"""Row 39: for a minute Ray's own messages are lost, in either direction and on their way, while the service works."""

import json
import subprocess
import sys
import time

from tests.faults.product import Back, Product
from tests.faults.product_stop import STOPPED_WITHIN_S, stopped
from tests.running import ROOT

PERCENT = 5
LOSSES = {
    "num_failures": -1,
    "req_failure_prob": PERCENT,
    "resp_failure_prob": PERCENT,
    "in_flight_failure_prob": PERCENT,
}
_GCS = {
    "ActorInfo": "RegisterActor CreateActor GetActorInfo GetAllActorInfo GetNamedActorInfo ListNamedActors KillActorViaGcs",
    "InternalKV": "InternalKVGet InternalKVMultiGet InternalKVPut InternalKVDel InternalKVExists InternalKVKeys",
    "JobInfo": "AddJob GetAllJobInfo GetNextJobID MarkJobFinished",
    "NodeInfo": "CheckAlive GetAllNodeInfo GetAllNodeAddressAndLiveness GetClusterId",
    "PlacementGroupInfo": "CreatePlacementGroup GetPlacementGroup WaitPlacementGroupUntilReady RemovePlacementGroup",
    "WorkerInfo": "AddWorkerInfo GetWorkerInfo ReportWorkerFailure",
}
_NODE = "CancelWorkerLease ReturnWorkerLease PinObjectIDs PrepareBundleResources CommitBundleResources GetWorkerFailureCause"
METHODS = [
    *(f"ray::rpc::{service}GcsService.grpc_client.{name}" for service, names in _GCS.items() for name in names.split()),
    *(f"NodeManagerService.grpc_client.{name}" for name in _NODE.split()),
]
"""What Ray itself asks again. Not the calls of actors: when one of those is lost, Serve's own start fails with
ActorUnavailableError, and no service comes of it."""

CHAOS = {
    "RAY_testing_rpc_failure": json.dumps(dict.fromkeys(METHODS, LOSSES)),
    "RAY_testing_rpc_failure_avoid_intra_node_failures": "0",
}
"""Five in a hundred are not sent, as many not answered, and as many neither; on one machine too."""

INJECTED = "Inject RPC"
"""How Ray's log begins to tell of a loss."""

CHAOS_S = 60.0
UP_WITHIN_S = 300.0


def lose_messages(product: Product) -> Back:
    """The service is started so that Ray loses messages, works for a minute, and is started anew without. Back when it is
    whole."""
    before = _told_of_losses(product)
    _stop(product)
    try:
        _up(product, CHAOS)
        decided, lost = _decide_for_a_while(product), _told_of_losses(product) - before
    finally:
        _stop(product)
        _up(product, {})
    assert lost, "Ray lost no message"
    assert decided, "nobody was answered while messages were lost"
    return product.is_whole


def _decide_for_a_while(product: Product) -> int:
    """How many attempts at a decision succeeded, one after another."""
    end, decided = time.monotonic() + CHAOS_S, 0
    while time.monotonic() < end:
        decided += product.decides()
        time.sleep(0.5)
    return decided


def _told_of_losses(product: Product) -> int:
    """How many losses the logs of the service tell of; Ray's own processes write theirs elsewhere."""
    return sum(file.read_text(errors="replace").count(INJECTED) for file in product.service.place.logs.glob("*.log"))


def _stop(product: Product) -> None:
    took_s = stopped(product, product.service.state.pid)
    assert took_s <= STOPPED_WITHIN_S, f"the stop took {took_s:.1f} s"


def _up(product: Product, more: dict[str, str]) -> None:
    environment = {**product.service.environment(), **more}
    argv = [sys.executable, "-m", "hitl.cli", "up", "--detach"]
    ran = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=UP_WITHIN_S, check=False)
    assert ran.returncode == 0, (ran.stdout[-1000:], ran.stderr[-2000:])
