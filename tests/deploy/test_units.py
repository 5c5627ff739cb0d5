"""The systemd units by their own commands, environment and folders, on a machine of their own: start, backup, stop."""

import os
import shlex
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.debian_root import first_process
from tests.deploy.first_look import STOPS_WITHIN_S, printed_keys
from tests.deploy.machines import PROGRAMS, Machine, machines, needs_machines
from tests.running import ROOT

pytestmark = [pytest.mark.wide, needs_machines]

UNITS = ROOT / "deploy" / "systemd"


@dataclass(frozen=True)
class Unit:
    """The settings of a unit's file; those that may stand there twice are joined."""

    settings: dict[str, str]

    @property
    def argv(self) -> list[str]:
        return shlex.split(self.settings["ExecStart"].replace("%%", "%"))

    @property
    def environment(self) -> dict[str, str]:
        """What the file sets, and what systemd gives to every service."""
        own = dict(pair.split("=", 1) for pair in shlex.split(self.settings["Environment"]))
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", **own}

    def furnish(self, machine: Machine) -> None:
        """The folder that systemd makes for the service."""
        place = machine.folder / "var" / "lib" / self.settings["StateDirectory"]
        place.mkdir(parents=True, mode=int(self.settings["StateDirectoryMode"], 8))


def unit(name: str) -> Unit:
    found: dict[str, str] = {}
    for line in (UNITS / name).read_text().splitlines():
        key, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found[key] = f"{found[key]} {value}" if key in found else value
    return Unit(found)


SERVICE, BACKUP = unit("ray-hitl.service"), unit("ray-hitl-backup.service")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("units")
    with machines(folder / "machines", {"host": ""}, own=["opt"]) as found:
        (found["host"].folder / "opt" / "hitl").mkdir()
        os.symlink(PROGRAMS, found["host"].folder / "opt" / "hitl" / "bin")
        for each in (SERVICE, BACKUP):
            each.furnish(found["host"])
        yield found["host"]
    shutil.rmtree(folder, ignore_errors=True)


def test_the_service_starts_is_backed_up_and_stops(machine: Machine, tmp_path: Path) -> None:
    log = tmp_path / "log"
    env = {**SERVICE.environment, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    with log.open("wb") as output:
        running = machine.start(["env", f"--chdir={SERVICE.settings['WorkingDirectory']}", *SERVICE.argv], env, output)
    try:
        keys = printed_keys(running, log)
        inside = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/ready').status)"
        assert machine.beside(running, [str(PROGRAMS / "python"), "-c", inside], env).strip() == "200"
        first = {"authorization": f"Bearer {keys['client']}", "idempotency-key": "first", "content-type": "application/json"}
        ask = f"r = u.Request('http://127.0.0.1:8000/v1/tasks/digits/decisions', b'{{\"features\": {[0] * 64}}}', {first})"
        argv = [str(PROGRAMS / "python"), "-c", f"import urllib.request as u; {ask}; print(u.urlopen(r).status)"]
        assert machine.beside(running, argv, env).strip() == "202"
        told = machine.beside(running, BACKUP.argv, {**BACKUP.environment, "PYTHONPATH": str(ROOT)})
        assert "backed up to /var/lib/ray-hitl-backups/" in told
        os.kill(first_process(running), signal.SIGTERM)
        running.wait(STOPS_WITHIN_S)
    finally:
        running.kill()
        running.wait(30)
    (made,) = (machine.folder / "var/lib/ray-hitl-backups").iterdir()
    assert (made / "manifest.json").exists()


def test_folders_and_users_fit_what_the_units_run() -> None:
    for each in (SERVICE, BACKUP):
        assert each.settings["User"] == each.settings["Group"] == "ray-hitl"
        assert each.environment["HITL_DATA_DIR"].startswith(f"/var/lib/{SERVICE.settings['StateDirectory']}/")
    assert f"/var/lib/{BACKUP.settings['StateDirectory']}/" in BACKUP.settings["ExecStart"]
    assert SERVICE.settings["WorkingDirectory"] == f"/var/lib/{SERVICE.settings['StateDirectory']}"
