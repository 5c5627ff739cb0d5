"""Machines of their own: each has a network address, processes and folders of its own, and this machine's programs.

What is deployed runs there by its own commands and paths, with ports and names as they stand in its files.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.deploy.debian_root import DebianRoot, first_process
from tests.running import ROOT

OWN = ("data", "dev", "home", "media", "mnt", "proc", "run", "shared", "srv", "sys", "tmp", "var")
"""Folders at the top that each machine has for itself; the others are this machine's, to be read."""

PROGRAMS = Path(sys.executable).parent
PATH = f"{PROGRAMS}:/usr/local/bin:/usr/sbin:/usr/bin:/bin"

needs_machines = pytest.mark.skipif(
    os.geteuid() != 0 or not all(shutil.which(each) for each in ("ip", "unshare", "setpriv")),
    reason="needs root, iproute2 and util-linux: there are no machines of their own",
)


@dataclass(frozen=True)
class Machine:
    """``folder`` is its root."""

    name: str
    address: str
    root: DebianRoot

    @property
    def folder(self) -> Path:
        return self.root.folder

    def write(self, place: str, text: str, mode: int = 0o644) -> None:
        file = Path(f"{self.folder}{place}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def start(self, argv: Sequence[str], env: Mapping[str, str], output: IO[bytes] | int) -> "subprocess.Popen[bytes]":
        """It ends with its first process, and with us; ``run`` may be called beside it."""
        return self.root.start(argv, {"PATH": PATH, "LANG": "C.UTF-8", **env}, output)

    def beside(
        self, running: "subprocess.Popen[bytes]", argv: Sequence[str], env: Mapping[str, str], timeout_s: float = 120
    ) -> str:
        """What ``argv`` says among the processes of ``running``, which it sees."""
        first = str(first_process(running))
        enter = ["nsenter", "--target", first, "--mount", "--pid", "--net", "--root", "--wd"]
        words = [f"{name}={value}" for name, value in {"PATH": PATH, "LANG": "C.UTF-8", **env}.items()]
        whole = [*enter, "env", "-i", *words, *argv]
        done = subprocess.run(whole, capture_output=True, text=True, check=False, timeout=timeout_s)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout

    def run(self, argv: Sequence[str], env: Mapping[str, str] | None = None, timeout_s: float = 120) -> str:
        return self.root.run(argv, {"PATH": PATH, "LANG": "C.UTF-8", **(env or {})}, timeout_s=timeout_s)


@contextmanager
def machines(folder: Path, names: Mapping[str, str], own: Sequence[str] = ()) -> Iterator[dict[str, Machine]]:
    """A machine for each key of ``names``, which are reached by its words as well; all of them, and we, are on one network.
    Each has the folders ``own`` at the top for itself, too."""
    mark, net = secrets.token_hex(3), f"10.{180 + secrets.randbelow(60)}.{secrets.randbelow(250)}"
    bridge, spaces = f"hb{mark}", [f"h{mark}-{number}" for number in range(1, len(names) + 1)]
    places = {name: f"{net}.{number}" for number, name in enumerate(names, 1)}
    hosts = "127.0.0.1 localhost\n" + "".join(f"{places[name]} {name} {words}\n" for name, words in names.items())
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("address", "add", f"{net}.254/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for space, name in zip(spaces, names, strict=True):
            _join(space, bridge, places[name], f"{net}.254")
        yield {
            name: Machine(name, places[name], own_root(folder / name, space, hosts, own))
            for space, name in zip(spaces, names, strict=True)
        }
    finally:
        for space in spaces:
            subprocess.run(["ip", "netns", "delete", space], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", bridge], check=False, capture_output=True)


def own_root(folder: Path, network: str, hosts: str, own: Sequence[str]) -> DebianRoot:
    """This machine's programs with other folders; the checkout and its environment are there wherever they lie."""
    folder.mkdir(parents=True)
    subprocess.run(["cp", "-a", "/etc", str(folder)], check=True)
    (folder / "etc" / "hosts").write_text(hosts)
    (folder / "etc" / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")  # there is nobody to ask
    shown = {}
    for top in Path("/").iterdir():
        here = folder / top.name
        if top.is_symlink():
            here.symlink_to(os.readlink(top))
        elif top.is_dir() and top.name != "etc":
            here.mkdir()
            shown |= {str(top): top} if top.name not in (*OWN, *own) else {}
    for name in (*OWN, *own):
        (folder / name).mkdir(exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    return DebianRoot(folder, {**shown, str(ROOT): ROOT, sys.prefix: Path(sys.prefix)}, network=network)


def _join(space: str, bridge: str, address: str, router: str) -> None:
    """A namespace with one plug in ``bridge``. Ray asks for the way out to learn its own address."""
    plug = f"p{space.removeprefix('h')}"
    _ip("netns", "add", space)
    _ip("link", "add", plug, "type", "veth", "peer", "name", "eth0", "netns", space)
    _ip("link", "set", plug, "master", bridge, "up")
    for words in (f"address add {address}/24 dev eth0", "link set eth0 up", "link set lo up", f"route add default via {router}"):
        _ip("-n", space, *words.split())


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)
