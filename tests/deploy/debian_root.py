"""A root file system of Debian, by debootstrap, and programs that run in it with nothing of this machine but what it is shown."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest

from tests.running import ROOT

BASES = ROOT / "build" / "wide"
PACKAGES = "python3-venv,ca-certificates"
NOBODY = 10001
"""The user and the group of the image."""

needs_debootstrap = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("debootstrap") is None, reason="needs root and debootstrap: apt-get install debootstrap"
)


@dataclass(frozen=True)
class DebianRoot:
    """The root ``folder``. ``shown`` maps paths in it to files and folders of this machine, which it may read. What lies in
    ``written`` may be written even where the rest is ``read_only``; each is a folder of this machine, or None for memory.
    ``network`` names the network namespace that they run in."""

    folder: Path
    shown: Mapping[str, Path] = field(default_factory=dict)
    written: Mapping[str, Path | None] = field(default_factory=dict)
    read_only: bool = False
    network: str | None = None

    def start(
        self, argv: Sequence[str], env: Mapping[str, str], output: IO[bytes] | int, user: int = 0, within: str = "/"
    ) -> "subprocess.Popen[bytes]":
        """Run ``argv`` as ``user`` without any privilege that a user has not. All that it starts ends with it, and with us."""
        lines = ["set -eu", *self._mounts()]
        enter = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        enter += ["--no-new-privs", "--bounding-set=-all"] if user else []
        # PATH is the new program's own, as in a container: `env` looks for it there.
        command = [*enter, "env", "-i", f"--chdir={within}", *(f"{name}={value}" for name, value in env.items()), *argv]
        lines.append(shlex.join(["exec", "chroot", str(self.folder), *command]))
        alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        where = ["ip", "netns", "exec", self.network] if self.network else []
        return subprocess.Popen([*where, *alone, "sh", "-c", "\n".join(lines)], stdout=output, stderr=subprocess.STDOUT)

    def run(self, argv: Sequence[str], env: Mapping[str, str], user: int = 0, timeout_s: float = 600) -> str:
        """What ``argv`` said."""
        running = self.start(argv, env, subprocess.PIPE, user)
        try:
            said = running.communicate(timeout=timeout_s)[0].decode()
        finally:
            running.kill()
        assert running.returncode == 0, said[-4000:]
        return said

    def _mounts(self) -> list[str]:
        root = str(self.folder)
        mounts = [["mount", "--bind", root, root], ["mount", "--rbind", "/dev", f"{root}/dev"]]
        mounts += [["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{root}/dev/shm"]]
        mounts += [["mount", "-t", "proc", "proc", f"{root}/proc"]]
        for place, source in self.shown.items():
            self._place(place, source.is_dir())
            mounts += [["mount", "--bind", str(source), f"{root}{place}"]]
            mounts += [["mount", "-o", "remount,bind,ro", f"{root}{place}"]]
        mounts += [["mount", "-o", "remount,bind,ro", root]] if self.read_only else []
        for place, folder in self.written.items():
            self._place(place, is_folder=True)
            memory = ["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{root}{place}"]
            mounts += [memory if folder is None else ["mount", "--bind", str(folder), f"{root}{place}"]]
        return [shlex.join(each) for each in mounts]

    def _place(self, place: str, is_folder: bool) -> None:
        """Something to mount on; a file that stands there is covered, and comes back."""
        target = Path(f"{self.folder}{place}")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _ = target.mkdir() if is_folder else target.touch()


def first_process(running: "subprocess.Popen[bytes]") -> int:
    """The process number, here, of the first process in there."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(running.pid)], capture_output=True, text=True, check=True)
    return int(told.stdout.split()[0])


def debian_base() -> Path:
    """The folder of a small Debian of this machine's suite with Python; made at the first use, never to be changed."""
    base = BASES / f"debian-{suite()}"
    if not base.exists():
        made = base.with_suffix(".part")
        shutil.rmtree(made, ignore_errors=True)
        made.parent.mkdir(parents=True, exist_ok=True)
        argv = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite(), str(made)]
        # In a namespace of its own: what it mounts goes with it.
        done = subprocess.run(["unshare", "--mount", *argv], capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        made.rename(base)
    return base


def suite() -> str:
    """The name of the release that runs here."""
    lines = Path("/etc/os-release").read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME="))


def pip_of_this_machine(folder: Path) -> dict[str, Path]:
    """What another root must be shown so that its pip finds the same packages: one file with pip's settings, in ``folder``, and
    all that they name on this machine."""
    argv = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()
    settings: dict[str, str] = {}
    for line in told:
        name, _, value = line.partition("=")
        if name.startswith(("global.", ":env:.")):
            settings[name.rpartition(".")[2]] = value.strip("'\"")
    file = folder / "pip.conf"
    file.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    words = [word for value in settings.values() for word in value.split()]
    # The pages of an index name files that lie beside it.
    named = [Path(urlsplit(word).path).parent for word in words if word.startswith("file:")]
    named += [Path(word) for word in words if word.startswith("/")]
    return {
        "/etc/pip.conf": file,
        "/etc/resolv.conf": Path("/etc/resolv.conf"),
        **{str(each): each for each in named if each.exists()},
    }
