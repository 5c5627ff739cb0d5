"""cluster.yaml by its own commands and environment, on a head and a worker that are machines of their own; the store is reached
over TLS with a user of few rights, artifacts and archive lie in an object store. Then ``serve deploy`` as the file says."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from hitl.cli.commands import accounts
from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import UP, UpState
from hitl.client import Client
from tests.deploy.figures import note
from tests.deploy.machines import PROGRAMS, Machine, machines, needs_machines
from tests.load import PATIENCE
from tests.managed_store import TlsStore, needs_redis
from tests.object_store import BUCKET, ObjectStore, object_store
from tests.running import ACCOUNTS, ROOT, Running, candidate, deploy, images, until

pytestmark = [pytest.mark.wide, needs_machines, needs_redis]

LAUNCHER: dict[str, Any] = yaml.safe_load((ROOT / "cluster.yaml").read_text())
HOME = "/home/ubuntu"
USER = {"HOME": HOME, "USER": "ubuntu", "PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
PROXY = 9000
READY_WITHIN_S = 300.0


@dataclass(frozen=True)
class Launched(Running):
    here: UpState
    machines: Mapping[str, Machine]
    first: "subprocess.Popen[bytes]"
    objects: ObjectStore

    @property
    def state(self) -> UpState:
        return self.here

    def as_(self, account: str) -> Client:
        return Client(self.url, self.keys[account], PATIENCE)


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    folder = tmp_path_factory.mktemp("launched")
    patch = pytest.MonkeyPatch()
    pytest.importorskip("s3fs", reason="the extra s3 is not installed").S3FileSystem.clear_instance_cache()
    with machines(folder / "machines", {"head": "", "worker": ""}) as found:
        router = f"{found['head'].address.rpartition('.')[0]}.254"
        (folder / "store").mkdir()
        store = TlsStore(folder / "store", router)
        with object_store(folder, router) as objects:
            for name, value in objects.environment.items():
                patch.setenv(name, value)
            for machine in found.values():
                _mount(machine, store, objects)
            before = time.monotonic()
            running = {name: _start(machine, found["head"].address, folder) for name, machine in found.items()}
            try:
                state = UpState(
                    UP, 0, f"http://{found['head'].address}:{PROXY}", "", "", store.url, f"s3://{BUCKET}/artifacts", {}
                )
                _deploy(found["head"], running["head"], folder)
                whole = Launched(place_of(folder), {}, state, found, running["head"], objects)
                _until_ready(whole.url, running, folder)
                note("cluster.yaml on two machines", {"ready_s": time.monotonic() - before})
                whole.keys.update(accounts.issue_all(store.url, ACCOUNTS))
                yield whole
            finally:
                for each in running.values():
                    each.kill()
                    each.wait(30)
                store.kill()
                patch.undo()
    shutil.rmtree(folder, ignore_errors=True)


def _mount(machine: Machine, store: TlsStore, objects: ObjectStore) -> None:
    """What the launcher copies to each machine (file_mounts), and the environment that its setup commands make."""
    secrets = {
        "HITL_REDIS_URL": store.url.replace(str(store.authority), f"{HOME}/.hitl/ca.pem"),
        "HITL_MLFLOW_TRACKING_URI": "http://mlflow.internal",
        "HITL_ARTIFACT_URI": f"s3://{BUCKET}/artifacts",
        "HITL_ARCHIVE_URI": f"s3://{BUCKET}/archive",
        "HITL_MASTER_KEY_FILE": f"{HOME}/.hitl/master_key",
        "HITL_SIGNING_KEY_FILE": f"{HOME}/.hitl/signing_key",
        "HITL_SNAPSHOT_MINUTES": "0.05",
        **objects.environment,
    }
    machine.write(f"{HOME}/.hitl/secrets.env", "".join(f'{name}="{value}"\n' for name, value in secrets.items()))
    machine.write(f"{HOME}/.hitl/ca.pem", store.authority.read_text())
    machine.write(f"{HOME}/.hitl/master_key", "11" * 32)
    machine.write(f"{HOME}/.hitl/signing_key", "22" * 32)
    machine.write(f"{HOME}/.ray/auth_token", "a" * 64)
    machine.write(f"{HOME}/ray_bootstrap_config.yaml", yaml.safe_dump(_of_machines_that_exist(machine.address)))
    home = Path(f"{machine.folder}{HOME}")
    os.symlink(ROOT, home / "ray-hitl")
    (home / "hitl-venv").mkdir()
    os.symlink(PROGRAMS, home / "hitl-venv" / "bin")


def _of_machines_that_exist(address: str) -> dict[str, Any]:
    """The file as its last comment says: a provider that makes no machines."""
    kept = {name: value for name, value in LAUNCHER.items() if not name.endswith(("node_types", "node_type"))}
    return {**kept, "provider": {"type": "local", "head_ip": address, "worker_ips": []}, "max_workers": 0}


def _start(machine: Machine, head: str, folder: Path) -> "subprocess.Popen[bytes]":
    """The launcher's commands one after another, each in a shell of its own that has read the user's profile."""
    kind = "head" if machine.name == "head" else "worker"
    if kind == "worker":
        until(lambda: _listens(head, 6379), 120)
    first = next(command for command in LAUNCHER["setup_commands"] if command.startswith("chmod"))
    script = ["set -eu", "cd", f"export RAY_HEAD_IP={head}"]
    for command in (first, *LAUNCHER[f"{kind}_start_ray_commands"]):
        script.append(f"bash -c {_quoted(command)}")
    script.append("echo started; exec sleep infinity")
    with (folder / f"{machine.name}.log").open("wb") as log:
        return machine.start(["bash", "-c", "\n".join(script)], USER, log)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _listens(address: str, port: int) -> bool:
    with socket.socket() as plug:
        plug.settimeout(1)
        return plug.connect_ex((address, port)) == 0


def _deploy(head: Machine, running: "subprocess.Popen[bytes]", folder: Path) -> None:
    """``serve deploy configs/serve.yaml`` on the head, and a proxy in front of the service, which is on loopback."""
    until(lambda: "started" in (folder / "head.log").read_text() or running.poll() is not None, 120)
    assert running.poll() is None, (folder / "head.log").read_text()[-3000:]
    serve = "cd ~/ray-hitl && RAY_AUTH_MODE=token ~/hitl-venv/bin/serve deploy configs/serve.yaml"
    until(lambda: _said(head, running, serve), 120)
    forward = f"~/hitl-venv/bin/python -m tests.deploy.programs.forward {head.address} {PROXY} 8000 &"
    head.beside(running, ["bash", "-c", f"exec > /dev/null 2>&1; cd ~/ray-hitl; {forward}"], USER)


def _said(head: Machine, running: "subprocess.Popen[bytes]", command: str) -> bool:
    try:
        return "Sent deploy request successfully" in head.beside(running, ["bash", "-c", f"{command} 2>&1"], USER)
    except AssertionError as refused:
        if "Connection" in str(refused) or "Failed to connect" in str(refused):
            return False
        raise


def _until_ready(url: str, running: "Mapping[str, subprocess.Popen[bytes]]", folder: Path) -> None:
    deadline, told = time.monotonic() + READY_WITHIN_S, ""
    while time.monotonic() < deadline:
        assert all(each.poll() is None for each in running.values())
        try:
            answer = httpx2.get(f"{url}/ready", timeout=10)
            told = answer.text
            if answer.status_code == 200:
                return
        except httpx2.TransportError as error:
            told = repr(error)
        time.sleep(0.5)
    pytest.fail(f"not ready: {told} {[(folder / f'{name}.log').read_text()[-2000:] for name in running]}")


def test_a_model_from_the_object_store_decides(launched: Launched) -> None:
    digest = candidate(launched)
    deploy(launched, digest)
    (features, _), *_ = images(1)
    with launched.as_("client") as client:
        assert client.decide("digits", features, key="first")["model_version"] == digest


def test_every_shard_serves_on_two_machines(launched: Launched) -> None:
    listed = "import ray; ray.init(log_to_driver=False); print('nodes', len(ray.nodes()))"
    env = {**USER, "RAY_AUTH_MODE": "token"}
    assert "nodes 2" in launched.machines["head"].beside(launched.first, [str(PROGRAMS / "python"), "-c", listed], env)
    with launched.as_("operator") as operator:
        assert {row["phase"] for row in operator.journal()["shards"]} == {"serving"}


def test_snapshots_are_written_to_the_object_store(launched: Launched) -> None:
    def listed() -> str:
        return httpx2.get(f"{launched.objects.url}/{BUCKET}?list-type=2").text

    until(lambda: "archive/snapshots/approval/" in listed(), 120)
    assert "artifacts/" in listed()


def test_ray_takes_no_call_without_the_token(launched: Launched) -> None:
    """Ray's dashboard is on loopback, and its client server does not run."""
    assert not _listens(launched.machines["head"].address, 8265)
    assert not _listens(launched.machines["head"].address, 10001)


def test_the_secrets_stand_in_no_command_line(launched: Launched) -> None:
    lines = "import psutil; print([p.cmdline() for p in psutil.process_iter()])"
    said = launched.machines["head"].beside(launched.first, [str(PROGRAMS / "python"), "-c", lines], USER)
    password = launched.state.redis_url.split(":")[2].split("@")[0]
    assert password not in said
    assert "of-the-tests" not in said
